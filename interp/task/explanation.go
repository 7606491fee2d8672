package task

// Explanation says in words why a service refused a request.
type Explanation struct {
	Kind  string // for programs: signature-mismatch, signature-expired, missing-token, …
	Title string // what was said, in a few words
	Cause string // the likely cause
	Do    []string
	Facts []Fact

	// Of a signature that does not match: the texts both sides hashed and signed.
	Comparisons []Comparison
}

// Fact is something the answer or the request says, such as the region it was
// signed for.
type Fact struct{ Name, Value string }

// Comparison is a text as we have it beside the one the service says it should
// have been, line by line. Secrets are hidden in both.
type Comparison struct {
	Name  string // canonical request, string to sign
	Lines []LinePair
	First int // the first pair that differs, -1: none does
}

// LinePair is one line on both sides.
type LinePair struct {
	What         string // such as path, header host, body hash
	Ours, Theirs string
	Differs      bool
}
