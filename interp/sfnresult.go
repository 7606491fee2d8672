package interp

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"asldbg/interp/jsonval"
)

// description is what DescribeExecution says of a child execution that has ended,
// or StartSyncExecution of an Express one, in the form of the integration r
// (recordings: test_start_execution_sync, _sync2, _sync_delegate_failure). Input
// and output of one that has succeeded are JSON for .sync:2, text for the others.
func (t *turn) description(root *frame, s Status, output jsonval.Value, why *Failure, r Resource) jsonval.Value {
	c := root.child
	asJSON := r.Suffix == "sync:2" && s == Succeeded
	var b members
	if c.Sync {
		// AWS bills every 100 ms begun, and 64 MB at least.
		billed := (t.now.Sub(c.StartedAt).Milliseconds() + 99) / 100 * 100
		b.add("BillingDetails", jsonval.ObjectOf(
			jsonval.Member{Key: "BilledDurationInMilliseconds", Value: jsonval.OfInt(max(billed, 100))},
			jsonval.Member{Key: "BilledMemoryUsedInMB", Value: jsonval.OfInt(64)},
		))
	}
	if why != nil && why.Cause != nil {
		b.text("Cause", *why.Cause)
	}
	if why != nil && why.Error != nil {
		b.text("Error", *why.Error)
	}
	b.text("ExecutionArn", c.ARN)
	b.payload("Input", c.Input, asJSON)
	b.text("Name", c.Name)
	if s == Succeeded {
		b.payload("Output", output, asJSON)
	}
	if !c.Sync {
		b.add("RedriveCount", jsonval.OfInt(0))
		if s == Succeeded {
			b.text("RedriveStatus", "NOT_REDRIVABLE")
			b.text("RedriveStatusReason", "Execution is SUCCEEDED and cannot be redriven")
		} else {
			b.text("RedriveStatus", "REDRIVABLE")
		}
	}
	b.add("StartDate", dateOf(r, c.StartedAt))
	qualifier := c.qualified[strings.LastIndexByte(c.qualified, ':')+1:]
	_, err := strconv.Atoi(qualifier)
	version := err == nil
	if qualifier != "" && !version && !c.Sync {
		b.text("StateMachineAliasArn", c.qualified)
	}
	b.text("StateMachineArn", c.StateMachineARN)
	if version && !c.Sync {
		b.text("StateMachineVersionArn", c.qualified)
	}
	b.text("Status", s.String())
	b.add("StopDate", dateOf(r, t.now))
	return jsonval.OfMembers(b)
}

// startResponse is what StartExecution answers. The optimised integration adds
// what the SDK knows of the HTTP answer (recording: test_start_execution).
func (t *turn) startResponse(r Resource, arn string, at time.Time) jsonval.Value {
	var b members
	b.text("ExecutionArn", arn)
	if r.Service == "states" {
		id := t.random.uuid()
		body := fmt.Sprintf(`{"executionArn":%s,"startDate":%.3f}`, jsonval.Quote(arn), float64(at.UnixMilli())/1000)
		var all, each members
		for _, h := range [][2]string{
			{"connection", "keep-alive"},
			{"Content-Length", strconv.Itoa(len(body))},
			{"Content-Type", "application/x-amz-json-1.0"},
			{"Date", t.now.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")},
			{"x-amzn-RequestId", id},
		} {
			all.add(h[0], jsonval.ArrayOf(jsonval.OfString(h[1])))
			each.text(h[0], h[1])
		}
		b.add("SdkHttpMetadata", jsonval.ObjectOf(
			jsonval.Member{Key: "AllHttpHeaders", Value: jsonval.OfMembers(all)},
			jsonval.Member{Key: "HttpHeaders", Value: jsonval.OfMembers(each)},
			jsonval.Member{Key: "HttpStatusCode", Value: jsonval.OfInt(200)},
		))
		b.add("SdkResponseMetadata", jsonval.ObjectOf(jsonval.Member{Key: "RequestId", Value: jsonval.OfString(id)}))
	}
	b.add("StartDate", dateOf(r, at))
	return jsonval.OfMembers(b)
}

// dateOf is a date as the integration r writes it: the optimised one as
// milliseconds, those of the AWS SDK as text.
func dateOf(r Resource, at time.Time) jsonval.Value {
	if r.Service == "states" {
		return jsonval.OfInt(at.UnixMilli())
	}
	return jsonval.OfString(isoTime(at))
}

// serviceFailure is an error that Step Functions itself answers a task with.
func (t *turn) serviceFailure(r Resource, code, message string) *Failure {
	return ServiceFailure(r, code, message, t.random.uuid())
}

// ServiceFailure is an error of Step Functions' API as a task of resource r sees
// it: optimised integrations name and word it as version 1 of AWS's SDK for Java
// does, aws-sdk ones as version 2 (recordings: test_start_execution_no_such_arn,
// test_sfn_send_task_outcome_with_no_such_token).
func ServiceFailure(r Resource, code, message, requestID string) *Failure {
	if r.Service == "states" {
		return Fail("StepFunctions."+code+"Exception",
			fmt.Sprintf("%s (Service: AWSStepFunctions; Status Code: 400; Error Code: %s; Request ID: %s; Proxy: null)", message, code, requestID))
	}
	return Fail("Sfn."+code+"Exception",
		fmt.Sprintf("%s (Service: Sfn, Status Code: 400, Request ID: %s) (SDK Attempt Count: 1)", message, requestID))
}

// members collects the members of an object.
type members []jsonval.Member

func (m *members) add(key string, v jsonval.Value) {
	*m = append(*m, jsonval.Member{Key: key, Value: v})
}

func (m *members) text(key, s string) { m.add(key, jsonval.OfString(s)) }

// payload adds an input or output, and that it is whole.
func (m *members) payload(key string, v jsonval.Value, asJSON bool) {
	if !asJSON {
		v = jsonval.OfString(v.String())
	}
	m.add(key, v)
	m.add(key+"Details", jsonval.ObjectOf(jsonval.Member{Key: "Included", Value: jsonval.True}))
}
