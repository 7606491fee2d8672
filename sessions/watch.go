package sessions

import (
	"asldbg/interp"
	"asldbg/interp/jsonval"
	"asldbg/sessions/query"
)

// watch is a Watch with its expression compiled.
type watch struct {
	Watch
	query *query.Query
	last  jsonval.Value // what the stop before this one showed
}

// look evaluates the watches on the focused frame. moved says that this is
// another stop than the last time: changes count from there.
func (g *engine) lookAtWatches(moved bool) {
	if len(g.watches) == 0 {
		return
	}
	at := sceneOf(g.exec, g.focus)
	for i := range g.watches {
		w := &g.watches[i]
		if moved {
			w.last = w.Value
		}
		v, err := w.query.Run(&g.cache, at)
		if w.Value, w.Error = v, ""; err != nil {
			w.Value, w.Error = jsonval.Value{}, err.Error()
		}
		w.Previous = jsonval.Value{}
		if w.last.Exists() && !jsonval.Equal(w.last, w.Value) {
			w.Previous = w.last
		}
	}
}

// sceneOf is what a question sees of a frame: its data now, its variables, its
// context, and $states as the state's own expressions have it.
func sceneOf(x interp.Execution, id interp.FrameID) query.Scene {
	f, ok := x.Frame(id)
	if !ok {
		return query.Scene{Data: x.Output()}
	}
	context := x.Context(id)
	states := []jsonval.Member{{Key: "input", Value: f.Data[interp.Entered]}, {Key: "context", Value: context}}
	if result := f.Data[interp.Result]; result.Exists() {
		states = append(states, jsonval.Member{Key: "result", Value: result})
	}
	if f.Failure != nil {
		states = append(states, jsonval.Member{Key: "errorOutput", Value: errorValue(f.Failure)})
	}
	return query.Scene{Data: f.DataAt(f.Stage), Vars: f.Variables, Context: context, States: jsonval.OfMembers(states)}
}
