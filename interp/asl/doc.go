// Package asl turns the text of an Amazon States Language definition into a
// tree with positions, and says what is wrong with it.
//
// The one idea: reading never stops at the first mistake. [Parse] accepts JSON,
// JSON with comments and YAML, builds one [Node] tree with byte offsets from
// any of them, and from that the [StateMachine]; whatever does not fit becomes a
// [Diagnostic] with a line, a column, the state, the field and a way out.
// Paths, payload templates, intrinsic functions and JSONata are compiled here,
// once.
//
// It does not run anything and does not read files: callers bring the text.
//
// AWS's validator is the measure, with its codes, words and places in the
// AWS fields of a Diagnostic; where linters are stricter than what AWS was seen
// to accept, we follow AWS. Decisions one could reverse:
//
//   - A Resource that is some other URI (docker://x, arn:aws:swf:...) is legal in
//     the States Language and can be run with mocks: a warning, though AWS
//     refuses it. What AWS has a rule for, such as apigateway:invoke.sync, is an
//     error.
//   - A state that only a misspelt transition keeps from being reached is
//     reported, because AWS does, but as a [Diagnostic.Consequence] that error
//     texts leave out.
//   - A misspelt Type is taken for what it was meant to be, so that the rest of
//     the state is checked in the same go. A missing ${Name} silences everything
//     that follows from it.
//   - A branch or processor that never ends is a warning, as AWS only looks at
//     the top level. So is a variable nobody sets: TestState may bring it.
//   - A name that is there twice in one object is an error in YAML, whose rule
//     that is, and a warning in JSON, where the last one counts.
//   - Text that starts with { or [ is JSON. It is tried as YAML only in files
//     called .yaml or .yml, so that broken JSON stays an error. In the
//     same way JSON5 is read from files called .json5 only, as AWS wants JSON.
//   - A ".$" key of a JSONata state is a key like any other, as AWS takes it.
//   - A variable of a JSONata expression that nobody sets is a warning, too: it may
//     be there in only some runs, and AWS accepts it.
//   - Readers of PARQUET are checked as far as their shape goes, and refused with
//     the code not-supported-yet.
//   - What only a distributed Map can use is a warning on an inline one, which
//     ignores it, as some linters accept it there.
package asl
