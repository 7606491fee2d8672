package teststate

import "asldbg/interp/asl"

// loneState is what AWS calls a state that came without a machine.
const loneState = "StateName"

// find reads the definition and finds the state to try in it.
func (r *Request) find() (*asl.File, *asl.State, error) {
	name, file := loneState, r.File
	if file == "" {
		file = "definition.asl.json"
	}
	var f *asl.File
	var found asl.Diagnostics
	switch o := (asl.Options{Substitutions: r.Substitutions}); {
	case r.StateName == nil:
		f, found = asl.ParseState(name, file, r.Definition, o)
	case *r.StateName == "":
		return nil, nil, invalid("1 validation error detected: Value '' at 'stateName' failed to satisfy constraint: Member must have length greater than or equal to 1")
	default:
		name = *r.StateName
		f, found = asl.Parse(file, r.Definition, o)
	}
	if why := found.AWS(); why != "" {
		return nil, nil, &RefusedError{Exception: "InvalidDefinition", Message: "Invalid State Machine Definition: '" + why + "'", Found: found}
	}
	if err := found.Err(); err != nil {
		return nil, nil, err
	}
	s := stateIn(f.Machine, name)
	if s == nil {
		return nil, nil, invalid("State not found in definition")
	}
	return f, s, nil
}

// stateIn finds a state at any level, nil if there is none.
func stateIn(m *asl.StateMachine, name string) *asl.State {
	for s := range m.All() {
		if s.Name == name {
			return s
		}
	}
	return nil
}
