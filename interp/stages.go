package interp

import "asldbg/interp/asl"

// stagesOf lists the stages of each state type, in the order of the data flow
// (states-language.net, "Input and Output Processing").
var stagesOf = [...][]Stage{
	asl.Task:     {Entered, InputPath, Parameters, Work, Result, ResultSelector, ResultPath, Assign, OutputPath},
	asl.Pass:     {Entered, InputPath, Parameters, Result, ResultPath, Assign, OutputPath},
	asl.Choice:   {Entered, InputPath, Work, Assign, OutputPath},
	asl.Wait:     {Entered, InputPath, Work, Assign, OutputPath},
	asl.Succeed:  {Entered, InputPath, OutputPath},
	asl.Fail:     {Entered, Work},
	asl.Parallel: {Entered, InputPath, Parameters, Work, Result, ResultSelector, ResultPath, Assign, OutputPath},
	asl.Map:      {Entered, InputPath, ItemsPath, Work, Result, ResultSelector, ResultPath, Assign, OutputPath},
}

// jsonataStagesOf are those of JSONata states, where AWS computes Assign and
// Output from the same variables: the order of the two is ours.
var jsonataStagesOf = [...][]Stage{
	asl.Task:     {Entered, Parameters, Work, Result, Assign, OutputPath},
	asl.Pass:     {Entered, Assign, OutputPath},
	asl.Choice:   {Entered, Work, Assign, OutputPath},
	asl.Wait:     {Entered, Work, Assign, OutputPath},
	asl.Succeed:  {Entered, OutputPath},
	asl.Fail:     {Entered, Work},
	asl.Parallel: {Entered, Parameters, Work, Result, Assign, OutputPath},
	asl.Map:      {Entered, ItemsPath, Work, Result, Assign, OutputPath},
}

// Stages lists the stages a state of s's type and query language passes
// through, in order.
func Stages(s *asl.State) []Stage {
	if s.QueryLanguage == asl.JSONata {
		return jsonataStagesOf[s.Type]
	}
	return stagesOf[s.Type]
}

var stageNames = [...]string{
	"Input", "InputPath", "Parameters", "ItemsPath", "Request", "Result", "ResultSelector", "ResultPath", "Assign", "OutputPath",
}

// String is the stage's name where the state does not matter.
func (g Stage) String() string { return stageNames[g] }

// Name is the stage's name in state s, as screens and breakpoints write it.
func (g Stage) Name(s *asl.State) string {
	if g == Work {
		switch s.Type {
		case asl.Choice:
			return "Choices"
		case asl.Wait:
			return "Wait"
		case asl.Parallel:
			return "Branches"
		case asl.Map:
			return "Iterations"
		case asl.Fail:
			return "Fail"
		}
	}
	if s.QueryLanguage == asl.JSONata {
		switch g {
		case Parameters:
			return "Arguments"
		case ItemsPath:
			return "Items"
		case OutputPath:
			return "Output"
		}
	}
	return stageNames[g]
}

// Present reports whether stage g does something of its own in s. The others
// take ASL's default, and Advance passes over them.
func Present(s *asl.State, g Stage) bool { return presentStages(s)[g] }

func presentStages(s *asl.State) (p [numStages]bool) {
	p[Entered] = true
	p[InputPath] = s.InputPath != nil
	p[ResultSelector] = s.ResultSelector != nil
	p[ResultPath] = s.ResultPath != nil
	p[OutputPath] = s.OutputPath != nil || s.Output != nil
	p[Assign] = s.Assign != nil
	switch s.Type {
	case asl.Task, asl.Parallel:
		p[Parameters], p[Work], p[Result] = s.Parameters != nil, true, true
	case asl.Map:
		p[ItemsPath] = s.ItemReader == nil || !s.ItemProcessor.Distributed
		p[Work], p[Result] = true, true
	case asl.Pass:
		p[Parameters], p[Result] = s.Parameters != nil, s.Result.Exists()
	case asl.Choice:
		p[Work] = true
		for _, r := range s.Choices {
			p[Assign] = p[Assign] || r.Assign != nil
			p[OutputPath] = p[OutputPath] || r.Output != nil
		}
	case asl.Wait, asl.Fail:
		p[Work] = true
	}
	return p
}
