package journal

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/adrg/xdg"

	"asldbg/interp/jsonval"
)

// Extension is the end of a session file's name.
const Extension = ".asldbg"

// Dir is the folder of the user's sessions, whether it exists or not:
// $XDG_STATE_HOME/asldbg/sessions.
func Dir() string { return filepath.Join(xdg.StateHome, "asldbg", "sessions") }

// CreateIn begins a session file in dir, named after the time and the title,
// such as 20261122-1605-stock-trader.asldbg. A name that is taken gets a
// number; nothing is ever overwritten.
func CreateIn(dir string, h Header, o Options) (*Writer, error) {
	name := h.Time.Format("20060102-1504-") + plainName(h.Title)
	path := func(n int) string {
		if n == 1 {
			return filepath.Join(dir, name+Extension)
		}
		return filepath.Join(dir, fmt.Sprintf("%s-%d%s", name, n, Extension))
	}
	for {
		w, err := Create(path(firstFree(path)), h, o)
		if !errors.Is(err, fs.ErrExist) { // else somebody was faster
			return w, err
		}
	}
}

// firstFree is the first number whose path does not exist, where those before
// it do. Thousands of runs in a minute must not look at each other's files.
func firstFree(path func(int) string) int {
	taken := func(n int) bool {
		_, err := os.Lstat(path(n))
		return err == nil
	}
	high := 1
	for taken(high) {
		high *= 2
	}
	return high/2 + 1 + sort.Search(high-high/2-1, func(i int) bool { return !taken(high/2 + 1 + i) })
}

// plainName is a title as part of a file's name: lower case letters, digits
// and dashes, without the endings of definitions.
func plainName(title string) string {
	title = strings.ToLower(filepath.Base(title))
	for _, end := range []string{".json", ".yaml", ".yml", ".asl", Extension} {
		title = strings.TrimSuffix(title, end)
	}
	var b strings.Builder
	for _, c := range title {
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			b.WriteRune(c)
		} else if s := b.String(); s != "" && s[len(s)-1] != '-' {
			b.WriteByte('-')
		}
	}
	name := strings.Trim(b.String()[:min(b.Len(), 60)], "-")
	if name == "" {
		return "session"
	}
	return name
}

// Info is what a list shows of a session file.
type Info struct {
	Path   string
	Size   int64
	Header Header
	Ended  string // how the execution ended, such as SUCCEEDED; "" if it had not when the session was left
	Err    error  // why the file cannot be read
}

// List looks at the session files of a folder, the newest first. It reads only
// their headers and ends. A folder that does not exist has none.
func List(dir string) ([]Info, error) {
	files, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	var out []Info
	for _, f := range files {
		if f.Type().IsRegular() && filepath.Ext(f.Name()) == Extension {
			out = append(out, Look(filepath.Join(dir, f.Name())))
		}
	}
	slices.SortStableFunc(out, func(a, b Info) int { return b.Header.Time.Compare(a.Header.Time) })
	return out, nil
}

// Look reads a session file's header and end.
func Look(path string) Info {
	info := Info{Path: path}
	info.Err = info.read()
	return info
}

// tail is how much of a file's end is searched for how the execution ended.
const tail = 2048

func (i *Info) read() error {
	f, err := os.Open(i.Path)
	if err != nil {
		return err
	}
	defer f.Close()
	stat, err := f.Stat()
	if err != nil {
		return err
	}
	i.Size = stat.Size()
	line, err := bufio.NewReader(f).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if i.Header, err = readHeader(line); err != nil {
		return err
	}
	end := make([]byte, min(tail, i.Size-min(i.Size, int64(len(line)))))
	if _, err := f.ReadAt(end, i.Size-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for line := range strings.Lines(string(end)) {
		if !strings.HasPrefix(line, `{"note":"ended"`) {
			continue
		}
		if v, err := jsonval.Parse(line); err == nil {
			i.Ended = v.Get("text").Text()
		}
	}
	return nil
}

// Ended is the note a session writes when its execution is over.
func Ended(status string, at time.Time) Note { return Note{Kind: "ended", Text: status, Time: at} }
