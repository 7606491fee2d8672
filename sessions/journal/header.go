package journal

import (
	"fmt"
	"time"

	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// Version is the format this package writes.
const Version = 1

// Header is all that is needed to begin the session again.
type Header struct {
	Version int    // as read; Create writes [Version]
	Program string // such as asldbg 0.4
	Title   string // as the screen shows it, such as order.asl.json
	Time    time.Time

	Definition    Definition
	Files         map[string]string // other texts the definition needs, by name
	Substitutions map[string]string // template parameters and definition substitutions

	Start   interp.Start
	StartAt time.Time // the virtual clock at the start

	Parent string // the name of the session file this one was forked from; "" for none
	At     int    // how many of Parent's steps are also this session's

	Removed bool // secrets were removed from the header
}

// Definition is the text the machine was compiled from.
type Definition struct {
	Name    string // such as order.asl.json
	Text    string
	Machine string // which machine of a template; "" where there is one only

	// Tree is Text as a value, if known. It is not written: secrets are looked
	// for in it.
	Tree jsonval.Value
}

// append writes the header's line. The input is afterwards as it was written.
func (h *Header) append(line []byte, r *redactor) []byte {
	line = append(line, `{"asldbg":`...)
	line = appendInt(line, Version)
	line = member(line, "program", jsonval.OfString(h.Program))
	line = member(line, "title", jsonval.OfString(h.Title))
	line = member(line, "time", timeValue(h.Time))
	if h.Parent != "" {
		line = member(line, "parent", jsonval.OfString(h.Parent))
		line = member(line, "at", jsonval.OfInt(int64(h.At)))
	}

	// Everything is looked through for secrets before anything is written.
	input := h.Start.Input
	r.look(h.Definition.Tree)
	found := r.look(input)
	for _, s := range h.Substitutions {
		r.look(jsonval.OfString(s))
	}
	if found || len(r.known) > 0 {
		input = r.cleanSeen(input)
	}
	definition := h.Definition.value(r)
	s := h.Start
	start := []jsonval.Member{
		{Key: "name", Value: jsonval.OfString(s.Name)},
		{Key: "arn", Value: jsonval.OfString(s.ARN)},
		{Key: "stateMachineArn", Value: jsonval.OfString(s.StateMachineARN)},
		{Key: "roleArn", Value: jsonval.OfString(s.RoleARN)},
		{Key: "express", Value: jsonval.OfBool(s.Express)},
		{Key: "noQuotas", Value: jsonval.OfBool(s.NoQuotas)},
		{Key: "seed", Value: unsigned(s.Seed)},
		{Key: "clock", Value: timeValue(h.StartAt)},
	}
	if s.Sync {
		start = append(start, jsonval.Member{Key: "sync", Value: jsonval.True})
	}
	files, substitutions := r.texts(h.Files), r.texts(h.Substitutions)
	h.Start.Input = input
	if h.Removed || r.removed {
		line = member(line, "removed", jsonval.True)
	}
	line = member(line, "start", jsonval.OfMembers(start))
	if input.Exists() {
		line = member(line, "input", input)
	}
	line = member(line, "definition", definition)
	if files.Len() > 0 {
		line = member(line, "files", files)
	}
	if substitutions.Len() > 0 {
		line = member(line, "substitutions", substitutions)
	}
	return append(line, "}\n"...)
}

func readHeader(line string) (h Header, err error) {
	v, err := jsonval.Parse(line)
	if err != nil || !v.Get("asldbg").Exists() {
		return h, fmt.Errorf("this is not a session file: its first line has no \"asldbg\"")
	}
	version, ok := v.Get("asldbg").Int()
	if !ok || version < 1 {
		return h, fmt.Errorf("\"asldbg\" is not the number of a format")
	}
	if version > Version {
		return h, fmt.Errorf("written in format %d by %s; this program reads formats up to %d: use a newer one", version, v.Get("program").Text(), Version)
	}
	p := parts{v: v}
	h = Header{
		Version: int(version), Program: p.text("program"), Title: p.text("title"), Time: p.time("time"),
		Parent: p.text("parent"), At: p.int("at"), Removed: p.bool("removed"),
	}
	start, definition := parts{v: p.object("start")}, parts{v: p.object("definition")}
	h.Start = interp.Start{
		Name: start.text("name"), ARN: start.text("arn"), StateMachineARN: start.text("stateMachineArn"), RoleARN: start.text("roleArn"),
		Express: start.bool("express"), Sync: start.bool("sync"), NoQuotas: start.bool("noQuotas"), Seed: start.unsigned("seed"), Input: v.Get("input"),
	}
	h.StartAt = start.time("clock")
	h.Definition = Definition{Name: definition.text("name"), Machine: definition.text("machine"), Text: definition.text("text")}
	h.Files, h.Substitutions = p.texts("files"), p.texts("substitutions")
	for _, p := range []*parts{&p, &start, &definition} {
		if p.err != nil {
			return h, p.err
		}
	}
	return h, nil
}
