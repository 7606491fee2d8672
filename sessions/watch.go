package sessions

import (
	"asldbg/interp"
	"asldbg/interp/jsonval"
)

// watch is a Watch with its expression compiled.
type watch struct {
	Watch
	query *query
	last  jsonval.Value // what the stop before this one showed
}

// look evaluates the watches on the focused frame. moved says that this is
// another stop than the last time: changes count from there.
func (g *engine) lookAtWatches(moved bool) {
	if len(g.watches) == 0 {
		return
	}
	at := g.sceneOf(g.focus)
	for i := range g.watches {
		w := &g.watches[i]
		if moved {
			w.last = w.Value
		}
		v, err := w.query.run(&g.jq, at)
		if w.Value, w.Error = v, ""; err != nil {
			w.Value, w.Error = jsonval.Value{}, err.Error()
		}
		w.Previous = jsonval.Value{}
		if w.last.Exists() && !jsonval.Equal(w.last, w.Value) {
			w.Previous = w.last
		}
	}
}

// sceneOf is what jq sees of a frame: its data now, its variables, its context.
func (g *engine) sceneOf(id interp.FrameID) scene {
	f, ok := g.exec.Frame(id)
	if !ok {
		if g.exec.Output().Exists() {
			return scene{data: g.exec.Output()}
		}
		return scene{}
	}
	return scene{data: f.DataAt(f.Stage), vars: f.Variables, context: g.exec.Context(id)}
}
