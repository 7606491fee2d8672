package template

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"asldbg/interp/asl"
	"asldbg/interp/jsonval"

	"github.com/google/go-cmp/cmp"
)

func orders(t *testing.T, set map[string]string) *Template {
	t.Helper()
	tmpl, err := Load(os.DirFS("testdata"), "orders/template.yaml", Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	return tmpl
}

// definitionOf is the text of a machine's definition with everything filled in.
func definitionOf(t *testing.T, tmpl *Template, name string) (*Machine, *asl.File) {
	t.Helper()
	m, err := tmpl.Machine(name)
	if err != nil {
		t.Fatal(err)
	}
	f, ds := m.Parse()
	if err := ds.Err(); err != nil || f.Root == nil {
		t.Fatalf("%s: %v", name, ds)
	}
	return m, f
}

func TestDefinitionUri(t *testing.T) {
	m, f := definitionOf(t, orders(t, nil), "OrderMachine")
	api := apiID("ServerlessRestApi")
	want := `{"StartAt":"Check Stock","States":{` +
		`"Check Stock":{"Type":"Task","Resource":"arn:aws:states:::apigateway:invoke","Parameters":{` +
		`"ApiEndpoint":"` + api + `.execute-api.us-east-1.amazonaws.com","Method":"GET","Stage":"Prod","Path":"/stock"},"Next":"Store"},` +
		`"Store":{"Type":"Task","Resource":"arn:aws:states:::dynamodb:putItem",` +
		`"Parameters":{"TableName":"OrderTable","Item":{"Limit":{"N":"100"}}},"End":true}}}`
	if diff := cmp.Diff(want, f.Root.Value.String()); diff != "" {
		t.Error(diff)
	}
	substitutions := map[string]string{
		"ApiEndpoint": api + ".execute-api.us-east-1.amazonaws.com", "StockPath": "/stock",
		"PutItem": "arn:aws:states:::dynamodb:putItem", "Table": "OrderTable", "Limit": "100", "Alarms": "none",
	}
	if diff := cmp.Diff(substitutions, m.Substitutions); diff != "" {
		t.Error(diff)
	}
	if m.File != "orders/statemachine/order.asl.json" || f.Name != m.File || m.Express || m.Name != "OrderMachine" ||
		m.ARN != "arn:aws:states:us-east-1:123456789012:stateMachine:OrderMachine" ||
		m.RoleARN != "arn:aws:iam::123456789012:role/OrderMachineRole" {
		t.Errorf("got %+v", m)
	}
}

func TestInlineDefinition(t *testing.T) {
	m, f := definitionOf(t, orders(t, nil), "RefundMachine")
	want := `{"StartAt":"Refund","States":{` +
		`"Refund":{"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:dev-refund",` +
		`"Parameters":{"table":"OrderTable","queue":"https://sqs.us-east-1.amazonaws.com/123456789012/RefundQueue","region":"us-east-1","limit":"010"},"Next":"Tell"},` +
		`"Tell":{"Type":"Pass","Next":"Done"},"Done":{"Type":"Succeed"}}}`
	if diff := cmp.Diff(want, f.Root.Value.String()); diff != "" {
		t.Error(diff)
	}
	if m.Name != "refunds-dev" || !m.Express || m.ARN != "arn:aws:states:us-east-1:123456789012:stateMachine:refunds-dev" {
		t.Errorf("got %+v", m)
	}
	// Every node stands where a user would look for it.
	for path, want := range map[string]string{
		"/StartAt":                         "47:18 Refund",
		"/States/Refund/Resource":          "51:23 !GetAtt RefundFunction.Arn",
		"/States/Refund/Parameters/limit":  "56:22 010",
		"/States/Refund/Next":              "58:32 Tell", // the branch taken
		"/States/Tell/Next":                "62:21 Done",
		"/States/Refund/Parameters/region": "55:23 !Ref AWS::Region",
	} {
		p, err := jsonval.ParsePointer(f.Root.Value, path)
		if err != nil {
			t.Fatal(err)
		}
		n := f.Root.At(p)
		line, column := f.Position(n.Start)
		got := fmt.Sprintf("%d:%d %s", line, column, f.Source[n.Start:n.End])
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	// In production there is no Tell.
	_, f = definitionOf(t, orders(t, map[string]string{"Env": "prod", "Alarms": "a"}), "RefundMachine")
	if got := f.Root.Value.Get("States"); got.Get("Tell").Exists() || got.Get("Refund").Get("Next").Text() != "Done" {
		t.Errorf("got %s", got)
	}
}

func TestCDK(t *testing.T) {
	tmpl, err := Load(os.DirFS("testdata/cdk.out"), "Shop.template.json", Options{})
	if err != nil {
		t.Fatal(err)
	}
	m, f := definitionOf(t, tmpl, "Checkout77F0")
	want := `{"StartAt":"Charge","States":{"Charge":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":` +
		`{"FunctionName":"arn:aws:lambda:us-east-1:123456789012:function:Charge5D2A","Note":"😀"},"End":true}}}`
	if got := f.Root.Value.String(); got != want || m.File != "Shop.template.json#Checkout77F0" || !m.Express ||
		m.RoleARN != "arn:aws:iam::123456789012:role/CheckoutRole" {
		t.Errorf("got %s\nin %+v", got, m)
	}
	m, f = definitionOf(t, tmpl, "restock")
	want = `{"StartAt":"Pause","States":{"Pause":{"Type":"Wait","Seconds":5,"End":true}}}`
	if got := f.Root.Value.String(); got != want || m.File != "asset.5f2c91aa.json" || m.ID != "Restock91BC" {
		t.Errorf("got %s\nin %+v", got, m)
	}
}

// TestDefinitionString: a text that stands in the template word for word keeps
// its places there.
func TestDefinitionString(t *testing.T) {
	const head = "Conditions: {Yes: !Equals [a, a]}\nResources:\n  T: {Type: AWS::DynamoDB::Table}\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
	for _, test := range []struct{ name, properties, file, root, table string }{
		{
			"block",
			"      DefinitionString: |\n        {\"StartAt\": \"é\",\n\n          \"T\": \"${T}\"}\n      DefinitionSubstitutions: {T: x}\n",
			"template.yaml", `{"StartAt":"é","T":"x"}`, "10:16 \"${T}\"",
		},
		{
			"block, Fn::Sub",
			"      DefinitionString: !Sub |-\n        {\"StartAt\": \"A\",\n          \"T\": \"${T.Arn}\"}\n",
			"template.yaml", `{"StartAt":"A","T":"arn:aws:dynamodb:us-east-1:123456789012:table/T"}`, "9:16 \"${T.Arn}\"",
		},
		{
			"block, Fn::Sub with variables",
			"      DefinitionString:\n        Fn::Sub:\n          - |\n            {\"T\": \"${V}${D}\"}\n          - {V: !Ref T, D: d}\n",
			"template.yaml", `{"T":"Td"}`, "10:19 \"${V}${D}\"",
		},
		{
			"block in a branch",
			"      DefinitionString: !If\n        - Yes\n        - !Sub |\n          {\"T\": \"${T}\"}\n        - x\n",
			"template.yaml", `{"T":"T"}`, "10:17 \"${T}\"",
		},
		{
			"one line",
			"      DefinitionString: '{\"StartAt\": \"A\", \"T\": \"${T}\"}'\n      DefinitionSubstitutions: {T: x}\n",
			"template.yaml", `{"StartAt":"A","T":"x"}`, "7:48 \"${T}\"",
		},
		{
			"YAML in a block",
			"      DefinitionString: |\n        StartAt: A\n        T: ${T}\n      DefinitionSubstitutions: {T: 010}\n",
			"template.yaml", `{"StartAt":"A","T":"010"}`, "9:12 ${T}",
		},
		{
			"escapes have no place",
			"      DefinitionString: \"{\\\"T\\\": \\\"${T}\\\"}\"\n      DefinitionSubstitutions: {T: x}\n",
			"template.yaml#M", `{"T":"x"}`, "1:7 \"${T}\"",
		},
		{
			"folded text has no place",
			"      DefinitionString: >\n        {\"T\":\n        \"${T}\"}\n      DefinitionSubstitutions: {T: x}\n",
			"template.yaml#M", `{"T":"x"}`, "1:7 \"${T}\"",
		},
		{
			"${!Kept} is for DefinitionSubstitutions",
			"      DefinitionString: !Sub |\n        {\"T\": \"${!T} ${T}\"}\n      DefinitionSubstitutions: {T: x}\n",
			"template.yaml#M", `{"T":"x T"}`, "1:7 \"${T} T\"",
		},
		{
			"Fn::Join",
			"      DefinitionString: !Join [\"\\n\", ['{', '  \"T\": \"', !Ref T, '\"}']]\n",
			"template.yaml#M", `{"T":"\nT\n"}`, "",
		},
	} {
		text := head + test.properties
		tmpl, err := Load(fstest.MapFS{"template.yaml": {Data: []byte(text)}}, "template.yaml", Options{})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		m, err := tmpl.Machine("")
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		f, ds := m.Parse()
		if test.name == "Fn::Join" { // a line end inside a JSON text
			if len(ds) == 0 || ds[0].File != "template.yaml#M" || ds[0].Line != 2 {
				t.Errorf("%s: got %v", test.name, ds)
			}
			continue
		}
		if f.Root == nil {
			t.Errorf("%s: %v", test.name, ds)
			continue
		}
		n := f.Root.Get("T")
		line, column := f.Position(n.Start)
		place := fmt.Sprintf("%d:%d %s", line, column, f.Source[n.Start:n.End])
		if got := f.Root.Value.String(); got != test.root || m.File != test.file || f.Name != test.file || place != test.table {
			t.Errorf("%s:\n got %s in %s, T at %s\nwant %s in %s, T at %s", test.name, got, m.File, place, test.root, test.file, test.table)
		}
	}
}

// TestDiagnosticsPlace: what asl finds points into the template.
func TestDiagnosticsPlace(t *testing.T) {
	for _, test := range []struct{ template, want string }{
		{
			"Resources:\n  M:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n      DefinitionString: |\n        {\n          \"StartAt\": \"A\"\n          \"States\": {}\n        }\n",
			"template.yaml:8:11: ",
		},
		{
			"Resources:\n  M:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      Definition:\n        StartAt: A\n        States:\n          A: {Type: Pass, Result: \"${Missing}\", End: true}\n",
			"template.yaml:8:36: ",
		},
	} {
		tmpl, err := Load(fstest.MapFS{"template.yaml": {Data: []byte(test.template)}}, "template.yaml", Options{})
		if err != nil {
			t.Fatal(err)
		}
		_, ds := tmpl.Machines[0].Parse()
		if len(ds) == 0 || !strings.HasPrefix(ds[0].String(), test.want) {
			t.Errorf("got %v, want %s…", ds, test.want)
		}
	}
}
