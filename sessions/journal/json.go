package journal

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"asldbg/interp/jsonval"
)

// member appends ,"key":value to an object being written.
func member(line []byte, key string, v jsonval.Value) []byte {
	return v.AppendJSON(name(line, key))
}

// name appends ,"key": to an object being written; the first member's comma is
// left out.
func name(line []byte, key string) []byte {
	if line[len(line)-1] != '{' {
		line = append(line, ',')
	}
	return append(jsonval.AppendQuoted(line, key), ':')
}

func appendInt(line []byte, n int) []byte { return strconv.AppendInt(line, int64(n), 10) }

func unsigned(n uint64) jsonval.Value {
	v, _ := jsonval.OfNumber(strconv.FormatUint(n, 10))
	return v
}

func timeValue(t time.Time) jsonval.Value {
	return jsonval.OfString(t.UTC().Format(time.RFC3339Nano))
}

func appendTime(line []byte, t time.Time) []byte {
	line = append(line, '"')
	return append(t.UTC().AppendFormat(line, time.RFC3339Nano), '"')
}

// parts reads the members of one object of a file. A member that is not there
// is its type's zero; one of another type sets err, the first one counts.
type parts struct {
	v   jsonval.Value
	err error
}

func (p *parts) get(key string, kind jsonval.Kind) (jsonval.Value, bool) {
	v := p.v.Get(key)
	if v.Exists() && !v.Is(kind) {
		p.fail("%q is not a %s", key, kind)
		return v, false
	}
	return v, v.Exists()
}

func (p *parts) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fmt.Errorf(format, args...)
	}
}

func (p *parts) text(key string) string {
	v, _ := p.get(key, jsonval.String)
	return v.Text()
}

func (p *parts) bool(key string) bool {
	v, _ := p.get(key, jsonval.Bool)
	return v.Bool()
}

func (p *parts) object(key string) jsonval.Value {
	v, _ := p.get(key, jsonval.Object)
	return v
}

// int is a number from 0 to 2^31-1.
func (p *parts) int(key string) int { return p.between(key, 0) }

// between is a number from low to 2^31-1.
func (p *parts) between(key string, low int64) int {
	v, ok := p.get(key, jsonval.Number)
	if !ok {
		return 0
	}
	n, ok := v.Int()
	if !ok || n < low || n > 1<<31-1 {
		p.fail("%q is %s, which is out of range", key, v)
	}
	return int(n)
}

func (p *parts) unsigned(key string) uint64 {
	v, ok := p.get(key, jsonval.Number)
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(v.Text(), 10, 64)
	if err != nil {
		p.fail("%q is %s, which is out of range", key, v)
	}
	return n
}

func (p *parts) time(key string) time.Time {
	v, ok := p.get(key, jsonval.String)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, v.Text())
	if err != nil {
		p.fail("%q is not a time: %s", key, v)
	}
	return t
}

func (p *parts) texts(key string) map[string]string {
	v, ok := p.get(key, jsonval.Object)
	if !ok {
		return nil
	}
	out := make(map[string]string, v.Len())
	for k, text := range v.Members() {
		if !text.Is(jsonval.String) {
			p.fail("%q of %q is not a string", k, key)
		}
		out[k] = text.Text()
	}
	return out
}

// textPointer is a string that may be missing.
func (p *parts) textPointer(key string) *string {
	v, ok := p.get(key, jsonval.String)
	if !ok {
		return nil
	}
	s := v.Text()
	return &s
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
