package teststate

import (
	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
)

// member is a member of the inspection data: the data after a stage.
type member struct {
	name  string
	stage interp.Stage
}

// The members AWS was recorded to show, whether or not the state has the fields.
var (
	jsonPathMembers = map[asl.StateType][]member{
		asl.Task: {
			{"afterInputPath", interp.InputPath},
			{"afterParameters", interp.Parameters},
			{"result", interp.Result},
			{"afterResultSelector", interp.ResultSelector},
			{"afterResultPath", interp.ResultPath},
		},
		asl.Pass: {
			{"afterInputPath", interp.InputPath},
			{"afterParameters", interp.Parameters},
			{"afterResultSelector", interp.ResultSelector},
			{"afterResultPath", interp.ResultPath},
		},
		asl.Choice:   {{"afterInputPath", interp.InputPath}},
		asl.Wait:     {{"afterInputPath", interp.InputPath}},
		asl.Succeed:  {{"afterInputPath", interp.InputPath}},
		asl.Fail:     {{"afterInputPath", interp.InputPath}},
		asl.Parallel: {{"afterResultSelector", interp.ResultSelector}, {"afterResultPath", interp.ResultPath}},
		asl.Map: {
			{"afterInputPath", interp.InputPath},
			{"afterItemsPath", interp.ItemsPath},
			{"afterResultSelector", interp.ResultSelector},
			{"afterResultPath", interp.ResultPath},
		},
	}
	// A Pass with Result takes no notice of its InputPath and Parameters.
	literalPassMembers = []member{
		{"result", interp.Result},
		{"afterResultSelector", interp.ResultSelector},
		{"afterResultPath", interp.ResultPath},
	}
	jsonataMembers = map[asl.StateType][]member{
		asl.Task: {{"afterArguments", interp.Parameters}, {"result", interp.Result}},
	}
)

func membersOf(s *asl.State) []member {
	switch {
	case s.QueryLanguage == asl.JSONata:
		return jsonataMembers[s.Type]
	case s.Type == asl.Pass && s.Result.Exists():
		return literalPassMembers
	}
	return jsonPathMembers[s.Type]
}

// inspection is the data after the stages the state has been through.
func (t *trial) inspection() jsonval.Value {
	out := []jsonval.Member{{Key: "input", Value: t.frame.Data[interp.Entered]}}
	add := func(name string, v jsonval.Value) { out = append(out, jsonval.Member{Key: name, Value: v}) }
	coming := t.coming()
	for _, m := range membersOf(t.state) {
		if m.stage < coming {
			add(m.name, t.frame.DataAt(m.stage))
		}
	}
	if t.concurrency.Exists() {
		add("maxConcurrency", t.concurrency)
	}
	if n := t.tolerance.Count; n != nil {
		add("toleratedFailureCount", jsonval.OfInt(*n))
	}
	if share := t.tolerance.Percentage; share != nil {
		add("toleratedFailurePercentage", jsonval.OfFloat(*share))
	}
	if v := t.frame.Variables; v.Len() > 0 {
		add("variables", v)
	}
	if d := t.errorDetails(); d.Len() > 0 {
		add("errorDetails", d)
	}
	if t.request.InspectionLevel == "TRACE" {
		if v := t.work.Request; v.Exists() {
			add("request", v)
		}
		if v := t.work.Response; v.Exists() {
			add("response", v)
		}
	}
	return jsonval.OfMembers(out)
}

// errorDetails says which retrier or catcher has taken the error.
func (t *trial) errorDetails() jsonval.Value {
	var out []jsonval.Member
	add := func(name string, v jsonval.Value) { out = append(out, jsonval.Member{Key: name, Value: v}) }
	switch t.status {
	case CaughtError:
		add("catchIndex", jsonval.OfInt(int64(t.catcher)))
	case Retriable, Failed: // a retrier that has no attempts left is told, too
		if i := interp.RetrierOf(t.state, t.failure); i >= 0 {
			add("retryIndex", jsonval.OfInt(int64(i)))
		}
		if t.status == Retriable {
			add("retryBackoffIntervalSeconds", jsonval.OfFloat(t.backoff.Seconds()))
		}
	}
	return jsonval.OfMembers(out)
}

// JSON is the response as the API writes it: data as JSON texts.
func (r Response) JSON() jsonval.Value {
	out := []jsonval.Member{{Key: "status", Value: jsonval.OfString(string(r.Status))}}
	text := func(name string, s *string) {
		if s != nil {
			out = append(out, jsonval.Member{Key: name, Value: jsonval.OfString(*s)})
		}
	}
	if r.Output.Exists() {
		output := r.Output.String()
		text("output", &output)
	}
	if r.Failure != nil {
		text("error", r.Failure.Error)
		text("cause", r.Failure.Cause)
	}
	if r.NextState != "" {
		text("nextState", &r.NextState)
	}
	if r.Inspection.Exists() {
		var inspection []jsonval.Member
		for name, v := range r.Inspection.Members() {
			switch name {
			case "errorDetails", "maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage", "request", "response":
			default:
				v = jsonval.OfString(v.String())
			}
			inspection = append(inspection, jsonval.Member{Key: name, Value: v})
		}
		out = append(out, jsonval.Member{Key: "inspectionData", Value: jsonval.OfMembers(inspection)})
	}
	return jsonval.OfMembers(out)
}
