package layout

// Pane names a pane.
type Pane uint8

// The panes, by the screen they are on.
const (
	// of the main screen
	Pipeline Pane = iota
	Graph
	Data
	Frames
	Variables
	Breakpoints
	Timeline
	Events // of the current step; only where there is room

	// of a held request
	Request
	Signature
	Answers
	Earlier

	// of time travel
	Lanes
	Steps
	Change

	NumPanes // how many there are
)

var titles = [NumPanes]string{
	"Pipeline", "Graph", "Data", "Frames", "Variables and watches", "Breakpoints", "Timeline", "Events",
	"Request", "Signature", "What happens after you answer", "Earlier calls",
	"Timeline", "Events by step", "What the step changed",
}

var shortTitles = map[Pane]string{
	Variables: "Vars", Breakpoints: "Breaks", Answers: "Answers", Earlier: "Earlier", Steps: "Events", Change: "Change",
}

// Title is the pane's name.
func (p Pane) Title() string { return titles[p] }

// Short is the pane's name on a tab.
func (p Pane) Short() string {
	if s, ok := shortTitles[p]; ok {
		return s
	}
	return titles[p]
}

// Screen is a set of panes shown together.
type Screen uint8

// The screens.
const (
	Main   Screen = iota
	Held          // a request waits for an answer
	Travel        // the timeline in full
)

// Screen is the screen p is on.
func (p Pane) Screen() Screen {
	switch {
	case p >= Lanes:
		return Travel
	case p >= Request:
		return Held
	}
	return Main
}

// Rect is where a pane stands on the terminal. A pane of one row has no border.
type Rect struct {
	Pane       Pane
	X, Y, W, H int
}

// The sizes where layouts change.
const (
	minW, minH   = 60, 16 // below, nothing can be shown
	tabsW, tabsH = 100, 32
	wideW        = 160
)

// Fits reports whether anything can be shown; [Needs] says what it takes.
func Fits(w, h int) bool { return w >= minW && h >= minH }

// Needs is the smallest size anything fits in.
func Needs() (w, h int) { return minW, minH }

// Tabs reports whether only one pane is shown at a time.
func Tabs(w, h int) bool { return w < tabsW || h < tabsH }

// Wide reports whether there is room to show before and after side by side.
func Wide(w, h int) bool { return w >= wideW && !Tabs(w, h) }

// Order lists the panes of a screen as they are numbered and as tab goes
// through them.
func Order(w, h int, s Screen) []Pane {
	switch {
	case s == Held:
		return []Pane{Request, Signature, Answers, Earlier}
	case s == Travel:
		return []Pane{Lanes, Steps, Change}
	case Tabs(w, h):
		return []Pane{Data, Graph, Frames, Variables, Breakpoints, Timeline}
	case Wide(w, h):
		return []Pane{Pipeline, Graph, Data, Frames, Events, Variables, Breakpoints, Timeline}
	}
	return []Pane{Pipeline, Graph, Data, Frames, Variables, Breakpoints, Timeline}
}

// For says where panes stand on a terminal of w columns and h rows while focus
// has the focus. The first row is the top line, the last two are the message
// and the key line. Nothing is returned where nothing fits.
func For(w, h int, focus Pane) []Rect {
	top, bottom := 1, h-2
	switch s := focus.Screen(); {
	case !Fits(w, h):
		return nil
	case Tabs(w, h) && s == Main:
		return tabs(w, top, bottom, focus)
	case Tabs(w, h):
		return []Rect{{focus, 0, top, w, bottom - top}}
	case s == Held:
		return held(w, top, bottom)
	case s == Travel:
		return travel(w, top, bottom)
	}
	return main(w, top, bottom)
}

// Zoom is where focus stands when it has the whole body.
func Zoom(w, h int, focus Pane) []Rect {
	if !Fits(w, h) {
		return nil
	}
	return []Rect{{focus, 0, 1, w, h - 3}}
}

// tabs is one pane between the pipeline and the timeline, each one row.
func tabs(w, top, bottom int, focus Pane) []Rect {
	rects := []Rect{{Pipeline, 0, top, w, 1}}
	if focus == Pipeline || focus == Events {
		focus = Data
	}
	if focus == Timeline {
		return append(rects, Rect{focus, 0, top + 1, w, bottom - top - 1})
	}
	return append(rects, Rect{focus, 0, top + 1, w, bottom - top - 2}, Rect{Timeline, 0, bottom - 1, w, 1})
}

const (
	pipelineH = 4
	timelineH = 4
)

// main is two columns between pipeline and timeline, small panes below them.
func main(w, top, bottom int) []Rect {
	wide := w >= wideW
	graphW := w * 35 / 100
	if wide {
		graphW = w * 26 / 100
	}
	bandH := max(6, (bottom-8)/4)
	bandY := bottom - timelineH - bandH
	midY := top + pipelineH
	rects := []Rect{
		{Pipeline, 0, top, w, pipelineH},
		{Graph, 0, midY, graphW, bandY - midY},
		{Data, graphW, midY, w - graphW, bandY - midY},
		{Frames, 0, bandY, graphW, bandH},
	}
	x := graphW
	if wide {
		eventsW := (w - graphW) * 2 / 5
		rects = append(rects, Rect{Events, x, bandY, eventsW, bandH})
		x += eventsW
	}
	varsW := (w - x) * 57 / 100
	return append(rects,
		Rect{Variables, x, bandY, varsW, bandH},
		Rect{Breakpoints, x + varsW, bandY, w - x - varsW, bandH},
		Rect{Timeline, 0, bottom - timelineH, w, timelineH},
	)
}

// held is the request beside its signature and what happens next, earlier
// calls below.
func held(w, top, bottom int) []Rect {
	earlierH := max(5, (bottom-top)/6)
	upperH := bottom - top - earlierH
	leftW := max(w*62/100, w-60)
	signatureH := min(17, upperH-13)
	return []Rect{
		{Request, 0, top, leftW, upperH},
		{Signature, leftW, top, w - leftW, signatureH},
		{Answers, leftW, top + signatureH, w - leftW, upperH - signatureH},
		{Earlier, 0, top + upperH, w, earlierH},
	}
}

// travel is the timeline above its events and what one of them changed.
func travel(w, top, bottom int) []Rect {
	lanesH := 6 + max(0, (bottom-38)/3)
	stepsW := min(w*46/120, 64)
	return []Rect{
		{Lanes, 0, top, w, lanesH},
		{Steps, 0, top + lanesH, stepsW, bottom - top - lanesH},
		{Change, stepsW, top + lanesH, w - stepsW, bottom - top - lanesH},
	}
}
