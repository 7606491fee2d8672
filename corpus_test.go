package main_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"asldbg/cli"
	"asldbg/interp/jsonval"
)

// disagreement is why check says something else than a definition's source.
type disagreement struct {
	part string // of the record's id
	why  string

	// aws says that check is known to do as AWS does, or, of a definition nobody
	// has a verdict about, that the finding is right.
	aws bool
}

// disagreements are all there are. One that is not listed fails the test, as does
// a line that is not needed any more.
var disagreements = []disagreement{
	{"valid-assign.asl.json", "`top-level` has a hyphen: it is no name for a variable (Assign in AWS's guide).", true},
	{"valid-task-credentials.json", "Credentials without RoleArn: AWS refuses them (recorded).", true},
	{"task-with-credentials.json", "Credentials without RoleArn: AWS refuses them (recorded).", true},
	{"documentSucceedFailTerminalState", "Three states have the same name, which AWS refuses (DUPLICATE_STATE_NAME).", true},
	{"documentTaskInvalidArn", "`InvalidArn` is no ARN, and AWS refuses what it does not recognize; the source's linter does not look.", true},
	{"documentTaskValidVariableSubstitution", "`$variableName` is no ARN, and AWS refuses what it does not recognize.", true},
	{"documentValidParametersIntrinsicFunction", "No commas between the arguments of States.Format: no valid call of an intrinsic function (AWS's words).", true},
	{"documentValidResultSelectorIntrinsicFunction", "No commas between the arguments of States.Format: no valid call of an intrinsic function (AWS's words).", true},
	{"task_lambda_invoke_catch_tbd", "An empty ErrorEquals, which LocalStack's test fills in before AWS sees it.", true},
	{"invalid-jsonata-surround-syntax-no-spaces.json", "`{%10%}` without blanks: the States Language does not ask for them.", false},

	{"ManageIQ/floe:examples/everything.asl", "Credentials of Floe's own kind; two states have the same name.", true},
	{"ManageIQ/floe:examples/http.asl", "A ResultPath into the context object, which Floe allows.", true},
	{"ManageIQ/floe:examples/set-credential.asl", "A ResultPath into the context object and Credentials of Floe's own kind.", true},
	{"ManageIQ/floe:examples/workflow.asl", "Credentials and Secrets of Floe's own kind.", true},
	{"documentWaitWithAssign", "A Wait state that does not say how long.", true},
	{"sfn.tf", "ProcessorConfig at the top level: the definition is that of a Map's processor.", true},
	{"CLI.test.ts", "Made to be refused, or to be accepted with that tool's checks off.", true},
	{"disable-arn-validation.js", "Made to be accepted with that tool's checks off.", true},
	{"disable-jsonpath-validation.js", "Made to be accepted with that tool's checks off.", true},
	{"disable-state-machine-validation.js", "Made to be accepted with that tool's checks off.", true},
	{"StateMachine.test.ts", "Made to be refused: its paths are words.", true},
	{"base_invalid_state_definition.json5", "Made to be refused: TypeThatDoesNotExist.", true},
	{"map_state_label_invalid_char_fail.json5", "Made to be refused: a Label with { and }.", true},
	{"task_retry_reference_exception.json5", "Made to be refused: paths where a Retry has numbers.", true},
	{"lambda_list_functions.json5", "`arn:aws:states:::lambda:listFunctions`: lambda has invoke only.", true},
	{"configureTaskTimeouts.test.js", "A Task without a Resource.", true},
	{"compileIamRole.test.js#4:", "A DynamoDB putItem without an Item.", true},
	{"compileStateMachines.test.js#3:", "A Glue startJobRun without a JobName.", true},
	{"compileStateMachines.test.js#4", "A Glue startJobRun without a JobName.", true},
	{"compileStateMachines.test.js#5:", "An ECS runTask without a TaskDefinition.", true},
	{"circular-dependency/serverless.yml", "The Resource is Ref of a function, which is its name, not its ARN.", true},
	{"shared-fallback-state-jsonata/", "QueryLanguage stands among the States instead of above them.", true},
	{"stateless-roundrobin/template.yaml", "The template gives two placeholders no value.", true},
	{"synchronous-job/template.yaml", "The template gives a placeholder no value.", true},
	{"sfn-iot-data-analytics-dataset/", "A comma is missing: it is not JSON.", true},
}

// markers stand in LocalStack's definitions for what its tests fill in.
var markers = strings.NewReplacer(
	`"Items": "_tbd_"`, `"Items": []`, "__api_gateway_endpoint__", "abc123.execute-api.us-east-1.amazonaws.com",
	"__tbd__", anyARN, "_tbd_", anyARN, "_TBD_", anyARN, "__tbc__", anyARN, "%LAMBDA_FUNCTION_ARN_LITERAL_PLACEHOLDER%", anyARN,
	"%CONTEXT_OBJECT_LITERAL_PLACEHOLDER%", "$$.Execution.Input",
)

const anyARN = "arn:aws:lambda:us-east-1:123456789012:function:f"

// corpusRow counts how check sees the definitions of one verdict and source.
type corpusRow struct {
	verdict, source                string
	all, agree, aws, differ, apart int
}

// TestCorpus runs check over the definitions other people wrote
// (../shared/corpus). -update rewrites the page with the score.
func TestCorpus(t *testing.T) {
	records := corpusRecords(t)
	var rows []*corpusRow
	used := make(map[string][]string) // ids by the part of their disagreement
	fragments := 0
	for _, r := range records {
		id := r.Get("id").Text()
		if r.Get("fragment").Exists() {
			fragments++
			continue
		}
		row := rowOf(&rows, r.Get("expected").Text(), r.Get("repo").Text())
		row.all++
		began := time.Now()
		accepted, unsupported, said := checkRecord(t, r)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: check takes %s", id, took)
		}
		if agrees := accepted == (row.verdict != "invalid"); agrees {
			row.agree++
			continue
		}
		if unsupported && row.verdict != "invalid" {
			row.apart++
			continue
		}
		i := slices.IndexFunc(disagreements, func(d disagreement) bool { return strings.Contains(id, d.part) })
		if i < 0 {
			t.Errorf("%s is %s, but check says:\n%s", id, row.verdict, said)
			continue
		}
		d := disagreements[i]
		used[d.part] = append(used[d.part], id)
		if d.aws {
			row.aws++
		} else {
			row.differ++
		}
	}
	for _, d := range disagreements {
		if used[d.part] == nil {
			t.Errorf("check does not disagree with %s any more: take it out of the disagreements", d.part)
		}
	}
	text := corpusPage(rows, used, fragments)
	t.Log("\n" + corpusTable(rows))
	page := filepath.Join("docs", "corpus.md")
	if *update {
		if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), text); diff != "" {
		t.Errorf("%s is not fresh (run: go test -run TestCorpus -update .)\n%s", page, diff)
	}
}

func corpusRecords(t *testing.T) (records []jsonval.Value) {
	t.Helper()
	root := filepath.Join("..", "shared", "corpus")
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: the definitions stand beside the repository", root)
	}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".json" {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		v, err := jsonval.Parse(string(text))
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		records = append(records, v)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// checkRecord runs asldbg check over a record as a user would.
func checkRecord(t *testing.T, r jsonval.Value) (accepted, unsupported bool, said string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name, text string) string {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return name
	}
	var file string
	if text := r.Get("text").Text(); r.Get("container").Text() == "asl" {
		file = write("definition.asl."+r.Get("format").Text(), markers.Replace(text))
	} else {
		file = write(path.Join("a/b", path.Base(r.Get("path").Text())), text) + "#" + r.Get("name").Text()
		for name, text := range r.Get("files").Members() {
			write(path.Join("a/b", name), text.Text())
		}
	}
	var out, said2 bytes.Buffer
	code := cli.Main([]string{"check", "--format", "json", file}, strings.NewReader(""), &out, &said2)
	report, err := jsonval.Parse(out.String())
	if err != nil || code != 0 && code != 2 {
		t.Errorf("%s: exit code %d, %v\n%s", r.Get("id").Text(), code, err, said2.String())
		return false, false, ""
	}
	unsupported = true
	for _, d := range report.Get("diagnostics").Items() {
		if d.Get("severity").Text() == "error" {
			unsupported = unsupported && d.Get("code").Text() == "not-supported-yet"
			said += d.Get("state").Text() + ": " + d.Get("message").Text() + "  [" + d.Get("code").Text() + "]\n"
		}
	}
	return code == 0, unsupported, said
}

func rowOf(rows *[]*corpusRow, verdict, source string) *corpusRow {
	for _, r := range *rows {
		if r.verdict == verdict && r.source == source {
			return r
		}
	}
	r := &corpusRow{verdict: verdict, source: source}
	*rows = append(*rows, r)
	return r
}

func corpusTable(rows []*corpusRow) string {
	var b strings.Builder
	b.WriteString("| verdict | source | definitions | check agrees | AWS is with check | differs | apart |\n")
	b.WriteString("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
	for _, verdict := range []string{"valid", "invalid", "unknown"} {
		sum := corpusRow{verdict: verdict}
		for _, r := range rows {
			if r.verdict != verdict {
				continue
			}
			fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d |\n", r.verdict, r.source, r.all, r.agree, r.aws, r.differ, r.apart)
			sum.all += r.all
			sum.agree += r.agree
			sum.aws += r.aws
			sum.differ += r.differ
			sum.apart += r.apart
		}
		counted := float64(sum.all - sum.apart)
		fmt.Fprintf(&b, "| %s | **all** | %d | %d (%.1f %%) | %d (together %.1f %%) | %d | %d |\n", verdict,
			sum.all, sum.agree, 100*float64(sum.agree)/counted, sum.aws, 100*float64(sum.agree+sum.aws)/counted, sum.differ, sum.apart)
	}
	return b.String()
}

func corpusPage(rows []*corpusRow, used map[string][]string, fragments int) string {
	var b strings.Builder
	b.WriteString(`# Definitions of other people

What ` + "`asldbg check`" + ` says of definitions that others have published, beside what their source says of them. This
page is written by ` + "`go test -run TestCorpus -update .`" + `; CI checks that it is fresh.

* **valid** and **invalid** are what LocalStack recorded from AWS, and what three linters' own tests assert. A definition
  **agrees** if check finds no error in a valid one and one in an invalid one. The linters disagree with each other and
  with AWS here and there: where AWS is known to do as check does, by a recording or by its guide, that is counted apart.
* **unknown** are samples that were published to be deployed, and definitions of tests. They **agree** if check finds no
  error. AWS is with check where the finding is right: mistakes in samples, and tests made to be refused.
* **Apart** are definitions refused only for what asldbg does not support yet.

`)
	b.WriteString(corpusTable(rows))
	fmt.Fprintf(&b, "\n%d more are single states for TestState, not machines.\n\n## Disagreements\n\n", fragments)
	for _, aws := range []bool{false, true} {
		if aws {
			b.WriteString("\n### AWS is with check\n\n")
		} else {
			b.WriteString("### Check differs\n\n")
		}
		for _, d := range disagreements {
			if d.aws != aws {
				continue
			}
			for _, id := range used[d.part] {
				fmt.Fprintf(&b, "* `%s`  \n  %s\n", id, d.why)
			}
		}
	}
	return b.String()
}
