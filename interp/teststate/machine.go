package teststate

import (
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// loneState is what AWS calls a state that came without a machine.
const loneState = "StateName"

// find reads the definition and finds the state to try in it. A state that came
// alone is put into a machine in which all it points at exists.
func (r *Request) find() (*asl.File, *asl.State, error) {
	name, text := loneState, ""
	if r.StateName != nil {
		if name, text = *r.StateName, r.Definition; name == "" {
			return nil, nil, invalid("1 validation error detected: Value '' at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1")
		}
	} else {
		state, err := jsonval.Parse(r.Definition)
		if err != nil || !state.Is(jsonval.Object) {
			text = r.Definition // asl says what is wrong with it
		} else {
			text = alone(state).String()
		}
	}
	file, found := asl.Parse("definition.asl.json", text, asl.Options{})
	if why := found.AWS(); why != "" {
		return nil, nil, &RefusedError{"InvalidDefinition", "Invalid State Machine Definition: '" + why + "'"}
	}
	if err := found.Err(); err != nil {
		return nil, nil, err
	}
	s := stateIn(file.Machine, name)
	if s == nil {
		return nil, nil, invalid("State not found in definition")
	}
	return file, s, nil
}

// alone is a machine of one state.
func alone(state jsonval.Value) jsonval.Value {
	targets := []jsonval.Value{state.Get("Next"), state.Get("Default")}
	for _, list := range []string{"Choices", "Catch"} {
		for _, item := range state.Get(list).Items() {
			targets = append(targets, item.Get("Next"))
		}
	}
	states := jsonval.ObjectOf(jsonval.Member{Key: loneState, Value: state})
	for _, next := range targets {
		if name := next.Text(); name != "" && name != loneState {
			states, _ = states.Set(jsonval.Path{jsonval.Key(name)}, jsonval.MustParse(`{"Type":"Succeed"}`))
		}
	}
	return jsonval.ObjectOf(
		jsonval.Member{Key: "StartAt", Value: jsonval.OfString(loneState)},
		jsonval.Member{Key: "States", Value: states},
	)
}

// stateIn finds a state at any level, nil if there is none.
func stateIn(m *asl.StateMachine, name string) *asl.State {
	if s := m.State(name); s != nil {
		return s
	}
	for _, s := range m.States {
		inner := s.Branches
		if s.ItemProcessor != nil {
			inner = append(inner[:len(inner):len(inner)], s.ItemProcessor)
		}
		for _, m := range inner {
			if found := stateIn(m, name); found != nil {
				return found
			}
		}
	}
	return nil
}
