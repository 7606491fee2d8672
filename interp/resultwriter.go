package interp

import (
	"strings"
	"time"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// resultWriter gathers what a Map Run writes to S3, and writes it bit by bit, so
// that no more than a few parts are in memory. It never changes: taking a
// record or a part makes a new one.
type resultWriter struct {
	to       *asl.ResultWriter
	params   jsonval.Value
	folder   string // of the keys, with its /
	files    [2]resultFile
	manifest bool     // the manifest has been asked for
	asked    EffectID // the Write that is not answered, 0 for none
	done     bool
}

// resultFile is one of the files.
type resultFile struct {
	name   string // SUCCEEDED or FAILED
	size   int    // bytes asked to be written
	last   *part
	length int  // bytes of it and those before it
	began  bool // something has been asked to be written
	ended  bool // the last part, too
}

// part is a text and what comes before it, so that many resultWriters can share
// all of it but their own end.
type part struct {
	before *part
	text   []byte
}

// text is all that is there of the file.
func (r *resultFile) text() string {
	out := make([]byte, r.length)
	end := len(out)
	for p := r.last; p != nil; p = p.before {
		end -= len(p.text)
		copy(out[end:], p.text)
	}
	return string(out)
}

// writeAtOnce is how many bytes a Write has at least, but for the last.
const writeAtOnce = 1 << 18

// writes reports whether there is somewhere to write to.
func (w *resultWriter) writes() bool { return w.to.Resource != "" }

// behind reports whether the world is slower to write than children end.
func (w *resultWriter) behind() bool {
	return w != nil && w.asked != 0 && w.files[0].length+w.files[1].length > 4*writeAtOnce
}

// startWriter makes the run's writer ready.
func (r *mapRun) startWriter() {
	if r.writer == nil {
		return
	}
	w := *r.writer
	if prefix := strings.TrimSuffix(w.params.Get("Prefix").Text(), "/"); prefix != "" {
		w.folder = prefix + "/"
	}
	w.folder += r.id + "/"
	w.files[0].name, w.files[1].name = "SUCCEEDED", "FAILED"
	r.writer = &w
}

// with is w after the end of a child execution.
func (w *resultWriter) with(root *frame, s Status, at time.Time, output jsonval.Value, why *Failure) *resultWriter {
	next := *w
	var records []jsonval.Value
	file := &next.files[0]
	switch {
	case s != Succeeded:
		file = &next.files[1]
		records = []jsonval.Value{record(root, s, at, output, why)}
	case w.to.Transformation == "COMPACT":
		records = []jsonval.Value{output}
	case w.to.Transformation == "FLATTEN":
		records = flattened(output)
	default:
		records = []jsonval.Value{record(root, s, at, output, why)}
	}
	var text []byte
	for _, r := range records {
		switch lines := w.to.OutputType == "JSONL"; {
		case lines:
			text = append(r.AppendJSON(text), '\n')
			continue
		case file.began || file.length > 0 || len(text) > 0:
			text = append(text, ',')
		default:
			text = append(text, '[')
		}
		text = r.AppendJSON(text)
	}
	file.last = &part{file.last, text}
	file.length += len(text)
	return &next
}

// record is what AWS writes of a child execution
// (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html).
func record(root *frame, s Status, at time.Time, output jsonval.Value, why *Failure) jsonval.Value {
	c := root.child
	text := func(s string) jsonval.Value { return jsonval.OfString(s) }
	stamp := func(t time.Time) jsonval.Value { return text(t.UTC().Format("2006-01-02T15:04:05.000Z")) }
	included := jsonval.ObjectOf(jsonval.Member{Key: "Included", Value: jsonval.True})
	m := make([]jsonval.Member, 0, 16)
	add := func(key string, v jsonval.Value) { m = append(m, jsonval.Member{Key: key, Value: v}) }
	if why != nil && why.Cause != nil {
		add("Cause", text(*why.Cause))
	}
	if why != nil && why.Error != nil {
		add("Error", text(*why.Error))
	}
	add("ExecutionArn", text(c.ARN))
	add("Input", text(c.Input.String()))
	add("InputDetails", included)
	add("Name", text(c.Name))
	if s == Succeeded {
		add("Output", text(output.String()))
		add("OutputDetails", included)
	}
	if !c.Express {
		add("RedriveCount", jsonval.OfInt(0))
		if s == Succeeded {
			add("RedriveStatus", text("NOT_REDRIVABLE"))
			add("RedriveStatusReason", text("Execution is SUCCEEDED and cannot be redriven"))
		} else {
			add("RedriveStatus", text("REDRIVABLE_BY_MAP_RUN"))
		}
	}
	add("StartDate", stamp(c.StartedAt))
	add("StateMachineArn", text(c.StateMachineARN))
	add("Status", text(s.String()))
	add("StopDate", stamp(at))
	return jsonval.OfMembers(m)
}

// writeSome asks for a part to be written when there is enough of it.
func (t *turn) writeSome(f *frame) {
	run := f.group.run
	if run.writer == nil || run.writer.asked != 0 {
		return
	}
	for i, file := range run.writer.files {
		if file.length >= writeAtOnce {
			t.writePart(f, i, "")
			return
		}
	}
}

// writePart asks for all that is there of a file to be written, and tail.
func (t *turn) writePart(f *frame, i int, tail string) {
	run := f.group.run
	w := *run.writer
	file := &w.files[i]
	t.write(f, &w, file.name+"_0."+w.extension(), file.text()+tail, file.began)
	file.size += file.length + len(tail)
	file.last, file.length, file.began = nil, 0, true
	run.writer = &w
}

func (w *resultWriter) extension() string {
	if w.to.OutputType == "JSONL" {
		return "jsonl"
	}
	return "json"
}

func (t *turn) write(f *frame, w *resultWriter, name, text string, more bool) {
	w.asked = t.newEffect()
	t.ask(f.id, Write{
		Effect: w.asked, Frame: f.id, State: f.node.State,
		Bucket: w.params.Get("Bucket").Text(), Key: w.folder + name, Text: text, Append: more,
	})
}

// writeNext writes what is left when a Map Run is over, the manifest last.
func (t *turn) writeNext(f *frame) {
	run := t.ownGroup(f).run
	w := run.writer
	if w == nil || !w.writes() || w.done {
		t.mapRunOver(f)
		return
	}
	f.run = Waiting
	if w.asked != 0 {
		return
	}
	for i, file := range w.files {
		if file.ended || !file.began && file.length == 0 {
			continue
		}
		tail := "]"
		if w.to.OutputType == "JSONL" {
			tail = ""
		}
		t.writePart(f, i, tail)
		run.writer.files[i].ended = true
		return
	}
	next := *w
	t.write(f, &next, "manifest.json", w.manifestText(run.arn), false)
	next.manifest = true
	run.writer = &next
}

// manifestText is AWS's list of the files it has written.
func (w *resultWriter) manifestText(arn string) string {
	list := func(files ...resultFile) jsonval.Value {
		out := []jsonval.Value{}
		for _, file := range files {
			if file.began {
				out = append(out, jsonval.ObjectOf(
					jsonval.Member{Key: "Key", Value: jsonval.OfString(w.folder + file.name + "_0." + w.extension())},
					jsonval.Member{Key: "Size", Value: jsonval.OfInt(int64(file.size))}))
			}
		}
		return jsonval.OfItems(out)
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "DestinationBucket", Value: w.params.Get("Bucket")},
		jsonval.Member{Key: "MapRunArn", Value: jsonval.OfString(arn)},
		jsonval.Member{Key: "ResultFiles", Value: jsonval.ObjectOf(
			jsonval.Member{Key: "FAILED", Value: list(w.files[1])},
			jsonval.Member{Key: "PENDING", Value: list()},
			jsonval.Member{Key: "SUCCEEDED", Value: list(w.files[0])})}).String()
}

// wrote takes the answer to a Write.
func (t *turn) wrote(f *frame, id EffectID, o Outcome) {
	t.answered(id)
	run := t.ownGroup(f).run
	w := *run.writer
	w.asked, w.done = 0, w.manifest || o.Failure != nil
	run.writer = &w
	if o.Failure == nil {
		t.mapRunMoved(f)
		return
	}
	if run.over {
		run.why = o.Failure
		t.mapRunOver(f)
		return
	}
	t.endMapRun(f, o.Failure)
}

// result is what the state's result says of the files.
func (w *resultWriter) result(arn string) jsonval.Value {
	return jsonval.ObjectOf(
		jsonval.Member{Key: "MapRunArn", Value: jsonval.OfString(arn)},
		jsonval.Member{Key: "ResultWriterDetails", Value: jsonval.ObjectOf(
			jsonval.Member{Key: "Bucket", Value: w.params.Get("Bucket")},
			jsonval.Member{Key: "Key", Value: jsonval.OfString(w.folder + "manifest.json")})})
}
