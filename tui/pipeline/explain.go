package pipeline

import (
	"fmt"
	"strings"

	"asldbg/interp"
	"asldbg/interp/asl"
)

// rules says what each stage does, in our words
// (https://states-language.net/spec.html#data, "Input and Output Processing").
var rules = map[interp.Stage]string{
	interp.Entered:        "The state input is what the state before gave as its output; the first state gets the execution's input.",
	interp.InputPath:      "InputPath chooses the part of the state input that the state works on. $ is all of it; null gives an empty object. The whole state input stays available to ResultPath.",
	interp.Parameters:     "Parameters builds a new document. Members whose name ends in .$ are computed from a path or an intrinsic function; the others are copied as they stand.",
	interp.ItemsPath:      "ItemsPath finds the array whose items the Map works through. The default is $, the input itself.",
	interp.Work:           "Here the state does its work.",
	interp.Result:         "The raw result of the work, before anything is selected from it.",
	interp.ResultSelector: "ResultSelector builds a new document from the raw result, as Parameters does from the input. $ is the result here, not the state input.",
	interp.ResultPath:     "ResultPath puts the result into the state input at a place: only that place changes. $ replaces all of it, null throws the result away.",
	interp.Assign:         "Assign sets variables, which later states of the same scope can read. The data that flows on is not changed by it.",
	interp.OutputPath:     "OutputPath chooses the part that becomes the state's output. $ is all of it; null gives an empty object.",
}

// jsonataRules are those of stages that JSONata states have in their own way.
var jsonataRules = map[interp.Stage]string{
	interp.Parameters: "Arguments is what the work gets. Texts written {% … %} are expressions, which find the state input in $states.input. Without Arguments the work gets the state input.",
	interp.ItemsPath:  "Items is what the Map works through: an array, and of a distributed Map also the members of an object. Without Items it is the state input.",
	interp.Result:     "The result of the work, which Assign and Output find in $states.result.",
	interp.Assign:     "Assign sets variables, which later states of the same scope can read. All its expressions, and those of Output, see the values the variables had when the state was entered.",
	interp.OutputPath: "Output is what the state gives. Texts written {% … %} are expressions. Without Output it is the result, or the state input where there is none.",
}

var workRules = map[asl.StateType]string{
	asl.Task:     "The task is called with the parameters. What it answers becomes the raw result; an error goes to Retry, then to Catch.",
	asl.Choice:   "The rules are tried in order. The first that holds decides the next state; if none does, Default does. Without Default the state fails with States.Runtime, which nothing catches; the language calls it States.NoChoiceMatched.",
	asl.Wait:     "Execution goes on when the time has come. The data is not changed.",
	asl.Fail:     "The execution, or the branch around it, fails with this error and cause.",
	asl.Parallel: "Each branch gets its own copy of the parameters. The result is an array with the output of each branch, in their order.",
	asl.Map:      "The processor runs once for each item. The result is an array with the output of each iteration, in the items' order.",
}

// Explain says what stage g of s does: the rule, then what the definition says
// about it.
func Explain(f *asl.File, s *asl.State, g interp.Stage) (rule, written string) {
	rule = rules[g]
	if g == interp.Work {
		rule = workRules[s.Type]
	}
	if own := jsonataRules[g]; own != "" && s.QueryLanguage == asl.JSONata {
		rule = own
	}
	n := Field(s, g)
	if n == nil {
		if interp.Present(s, g) || g == interp.Entered || g == interp.Work || g == interp.Result {
			return rule, ""
		}
		return rule, g.Name(s) + " is not given: the default applies, and the data stays as it is."
	}
	line, _ := f.Position(n.Start)
	return rule, fmt.Sprintf("%s line %d: %q: %s", f.Name, line, n.Key, f.Source[n.Start:n.End])
}

// Evaluated tells how JSONata expressions came to their values: each part that is
// no mere constant, inner ones first. "" for no parts.
func Evaluated(parts []interp.Part) string {
	var b strings.Builder
	field, before := "", ""
	for _, p := range parts {
		part, value := p.Text[p.Start:p.End], "nothing"
		if p.Value.Exists() {
			value = shortened(p.Value.String())
		}
		line := "  " + part + "  is  " + value + "\n"
		if part == value || p.Field == field && line == before { // a name alone is also a path
			continue
		}
		if p.Field != field {
			field = p.Field
			fmt.Fprintf(&b, "How %s came about:\n", field)
		}
		b.WriteString(line)
		before = line
	}
	return b.String()
}

// shortened is a text cut where it is long.
func shortened(s string) string {
	const most = 80
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
