package asl

import (
	"iter"

	"asldbg/interp/jsonpath"
	"asldbg/interp/jsonval"
	"asldbg/interp/payload"
)

// File is one parsed definition.
type File struct {
	Name    string // as diagnostics print it, such as order.asl.json
	Source  string // the text positions refer to
	Root    *Node  // the text as a tree with positions
	Machine *StateMachine

	lines lineTable
	reads map[string][]string // by state: names of variables
}

// Node is one JSON value of the source and where it stands. YAML and JSON with
// comments give the same tree.
type Node struct {
	Value      jsonval.Value
	Start, End int    // bytes in File.Source
	KeyStart   int    // bytes; where the member's name stands, -1 if it has none
	Key        string // the member's name; "" for items and the root
	Index      int    // the item's index; -1 for members and the root
	Parent     *Node
	Kids       []*Node // members or items in source order

	bare bool // a ${Name} that stands outside a string, not filled in yet
	open bool // the key or the value holds a ${Name} without a value
}

// QueryLanguage is the language of a state's expressions.
type QueryLanguage uint8

// The query languages. JSONPath is the default.
const (
	JSONPath QueryLanguage = iota
	JSONata
)

// StateType is a state's Type.
type StateType uint8

// The eight state types.
const (
	Task StateType = iota
	Pass
	Choice
	Wait
	Succeed
	Fail
	Parallel
	Map
)

var stateTypes = [...]string{"Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"}

// String is the type as ASL writes it.
func (t StateType) String() string { return stateTypes[t] }

// StateMachine is the top level of a definition, a branch, or a Map's
// processor.
type StateMachine struct {
	Node           *Node
	Comment        string
	QueryLanguage  QueryLanguage // top level only
	StartAt        *State        // nil only in a machine with diagnostics
	States         []*State      // in source order
	TimeoutSeconds int64         // 0: none; top level only
	Distributed    bool          // ProcessorConfig.Mode is DISTRIBUTED
	ExecutionType  string        // ProcessorConfig.ExecutionType

	byName map[string]*State
}

// State finds a state of this machine by name, nil if there is none.
func (m *StateMachine) State(name string) *State { return m.byName[name] }

// All are the states of m and of the machines inside, in source order.
func (m *StateMachine) All() iter.Seq[*State] {
	return func(yield func(*State) bool) { m.each(yield) }
}

func (m *StateMachine) each(yield func(*State) bool) bool {
	if m == nil {
		return true
	}
	for _, s := range m.States {
		if !yield(s) {
			return false
		}
		for _, b := range s.Branches {
			if !b.each(yield) {
				return false
			}
		}
		if !s.ItemProcessor.each(yield) {
			return false
		}
	}
	return true
}

// State is one state. Fields its type does not have are zero. Names of fields
// are those of ASL.
type State struct {
	Node          *Node
	Name          string
	Type          StateType
	Comment       string
	QueryLanguage QueryLanguage // as inherited
	Machine       *StateMachine // the one it stands in
	Parent        *State        // the Parallel or Map around that, nil at the top level

	Next *State // nil where the state ends its machine (End), and for Choice, Succeed, Fail
	End  bool

	InputPath  *PathField // nil: absent
	OutputPath *PathField
	ResultPath *PathField // its path is a reference path

	Parameters     *payload.Template // Parameters, or Arguments of a JSONata state; nil: absent; a Map has ItemSelector instead
	ResultSelector *payload.Template
	Assign         *payload.Template
	Output         *payload.Template // JSONata

	Retry []*Retrier
	Catch []*Catcher

	Result jsonval.Value // Pass; Undefined: absent

	// Task
	Resource         string // the ARN
	TimeoutSeconds   *NumberField
	HeartbeatSeconds *NumberField
	Credentials      *payload.Template

	// Choice
	Choices []*Rule
	Default *State

	// Wait: exactly one is set
	Seconds   *NumberField    // Seconds or SecondsPath
	Timestamp *TimestampField // Timestamp or TimestampPath

	// Fail
	Error *TextField // Error or ErrorPath
	Cause *TextField // Cause or CausePath

	// Parallel
	Branches []*StateMachine

	// Map
	ItemProcessor  *StateMachine // ItemProcessor or Iterator
	ItemsPath      *PathField
	Items          *payload.Template // JSONata
	ItemSelector   *payload.Template // ItemSelector or Parameters
	MaxConcurrency *NumberField

	// Map: an inline one has and ignores the first two, the others are a
	// distributed one's
	ToleratedFailureCount      *NumberField
	ToleratedFailurePercentage *PercentageField
	ItemReader                 *ItemReader   // nil: absent
	ItemBatcher                *ItemBatcher  // nil: absent
	ResultWriter               *ResultWriter // nil: absent
	Label                      string        // "": absent
}

// PathField is InputPath, OutputPath, ResultPath or ItemsPath.
type PathField struct {
	Node *Node
	Null bool           // the field is null
	Path *jsonpath.Path // nil when Null
}

// NumberField is a number written as such, found at a path (in the field's …Path
// form), or given by a JSONata expression.
type NumberField struct {
	Node    *Node
	Literal int64             // counts where the others are nil
	Path    *jsonpath.Path    // of a …Path form
	Query   *payload.Template // JSONata
}

// TimestampField is Timestamp (an RFC 3339 text) or TimestampPath.
type TimestampField struct {
	Node    *Node
	Literal string            // counts where the others are nil
	Path    *jsonpath.Path    // of TimestampPath
	Query   *payload.Template // JSONata
}

// TextField is Error or Cause, or their …Path forms: a path or an intrinsic
// function call.
type TextField struct {
	Node    *Node
	Literal string            // counts where the others are nil
	Expr    *payload.Expr     // of a …Path form
	Query   *payload.Template // JSONata
}

// Retrier is one element of Retry, with ASL's defaults filled in.
type Retrier struct {
	Node            *Node
	ErrorEquals     []string
	IntervalSeconds int64   // default 1
	MaxAttempts     int64   // default 3; 0: never retry
	BackoffRate     float64 // default 2.0
	MaxDelaySeconds int64   // 0: no cap
	FullJitter      bool    // JitterStrategy is FULL
}

// Catcher is one element of Catch.
type Catcher struct {
	Node        *Node
	ErrorEquals []string
	Next        *State
	ResultPath  *PathField // nil: absent, which means $
	Assign      *payload.Template
	Output      *payload.Template // JSONata; nil: absent
}

// RuleOp is what a Choice rule does: a combinator or a comparison.
type RuleOp uint8

// The operators of Choice rules.
const (
	OpAnd RuleOp = iota
	OpOr
	OpNot
	OpStringEquals
	OpStringLessThan
	OpStringGreaterThan
	OpStringLessThanEquals
	OpStringGreaterThanEquals
	OpStringMatches
	OpNumericEquals
	OpNumericLessThan
	OpNumericGreaterThan
	OpNumericLessThanEquals
	OpNumericGreaterThanEquals
	OpTimestampEquals
	OpTimestampLessThan
	OpTimestampGreaterThan
	OpTimestampLessThanEquals
	OpTimestampGreaterThanEquals
	OpBooleanEquals
	OpIsNull
	OpIsPresent
	OpIsNumeric
	OpIsString
	OpIsBoolean
	OpIsTimestamp
)

// Rule is one Choice rule, or a rule inside And, Or, Not. One of a JSONata state
// has a Condition instead of an operator.
type Rule struct {
	Node     *Node
	Op       RuleOp
	OpName   string         // as written, such as NumericLessThanPath
	Variable *jsonpath.Path // nil for combinators
	Operand  jsonval.Value  // the literal to compare with
	Path     *jsonpath.Path // of the …Path operators; nil: Operand counts
	Rules    []*Rule        // of And, Or, Not

	Condition *payload.Template // JSONata: a boolean or an expression

	// On the outermost rule only:
	Next   *State
	Assign *payload.Template
	Output *payload.Template // JSONata; nil: absent
}
