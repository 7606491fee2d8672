package command

import (
	"strings"
)

// Complete lists the lines that prefix can become: verbs, then what the verb
// takes, as far as it can be known. The states are the definition's names.
func Complete(prefix string, states []string) []string {
	line := strings.TrimLeft(prefix, " \t")
	word, _ := cutWord(line)
	if word == line {
		return keep(verbs(), "", line)
	}
	spec, ok := Find(word)
	if !ok {
		return nil
	}
	typed := strings.TrimLeft(line[len(word):], " \t")
	verb := string(spec.Verb) + " "
	switch spec.Arg {
	case StepArg:
		return keep([]string{"start", "end"}, verb, typed)
	case HoldArg:
		return holds(verb, typed, states)
	case SignArg:
		return keep([]string{"now", "keep", "region ", "-10m"}, verb, typed)
	case YesArg:
		return keep([]string{"yes"}, verb, typed)
	case MockArg:
		return keep([]string{"template", "earlier ", "file "}, verb, typed)
	case ExportArg:
		return keep(Formats(), verb, typed)
	case TokenArg:
		return keep([]string{"success ", "failure ", "heartbeat"}, verb, typed)
	case ErrorArg:
		return keep(errorNames(), verb, typed)
	case PlaceArg:
		return places(verb, typed, states)
	}
	return nil
}

// places completes a state's name, then its stage.
func places(verb, typed string, states []string) []string {
	names := make([]string, 0, len(states)+1)
	for _, s := range states {
		names = append(names, QuoteState(s))
	}
	names = append(names, "*")
	for _, n := range names {
		if stage, ok := strings.CutPrefix(typed, n+":"); ok {
			return keep(Places(), verb+n+":", stage)
		}
	}
	return keep(names, verb, typed)
}

// holds completes which requests are held.
func holds(verb, typed string, states []string) []string {
	var words []string
	for _, on := range []string{"on", "off"} {
		words = append(words, on)
		for _, s := range states {
			words = append(words, on+" state "+asLine(s))
		}
		for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			words = append(words, on+" method "+m)
		}
		words = append(words, on+" host ")
	}
	return keep(words, verb, typed)
}

// errorNames are the errors worth trying on a machine's retriers and catchers.
func errorNames() []string {
	return []string{
		"States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions", "States.Runtime",
		"ApiGateway.400", "ApiGateway.403", "ApiGateway.404", "ApiGateway.429", "ApiGateway.500", "ApiGateway.503",
		"Lambda.ServiceException", "Lambda.TooManyRequestsException", "Lambda.Unknown", "Sandbox.Timedout",
		"States.Http.StatusCode.500", "States.Http.Socket",
	}
}

// keep returns before + each of words that begins with typed, whatever its case.
func keep(words []string, before, typed string) []string {
	var out []string
	for _, w := range words {
		if len(w) >= len(typed) && strings.EqualFold(w[:len(typed)], typed) {
			out = append(out, before+w)
		}
	}
	return out
}
