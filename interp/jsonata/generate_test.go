package jsonata

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// generator makes expressions: by the language's grammar with the types of
// arguments mostly right, and by changing expressions that were written by people
// (the cases of testdata, and of the official suite where it is there).
type generator struct {
	*rand.Rand
	docs   []string
	inputs []jsonval.Value
	known  []question
	tokens []string // of the known ones
	vars   []string // bound where the generator is
}

// generatorInput is the document most expressions are asked of.
const generatorInput = `{"a":1,"b":"x","c":[1,2,3],"d":{"e":[{"f":1,"g":"p"},{"f":2,"g":"q"},{"f":3}],"h":null},
	"i":[[1,2],[3,[4]]],"s":[{"n":"z","v":3},{"n":"a","v":1},{"n":"m","v":2}],"t":true,"u":false,"one":[{"k":1}],"emp":[],"eo":{},
	"w":["the quick","brown fox"],"neg":-7.25,"date":"2018-03-23T10:33:36.617Z","price":1234.5678,"es":"",
	"o":[{"id":1,"l":[{"p":"x","q":2,"r":[5,6]},{"p":"y","q":3}]},{"id":2,"l":{"p":"x","q":7}},{"id":3,"l":[]}]}`

func newGenerator(t *testing.T, seed uint64) *generator {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0)), docs: []string{generatorInput, `[{"a":1,"b":[2,3]},{"a":"x"},[{"a":4}]]`, `"text"`, "17"}}
	for _, c := range languageCases(t) {
		g.known = append(g.known, question{c.expr, 0})
	}
	dir := filepath.Join(repositoryRoot(t), "..", "shared", "conformance", "jsonata")
	files, _ := filepath.Glob(filepath.Join(dir, "groups", "*.json"))
	sets := map[string]int{}
	for _, file := range files {
		var suite struct {
			Cases []suiteCase `json:"cases"`
		}
		readJSON(t, file, &suite)
		for _, c := range suite.Cases {
			doc := -1
			switch {
			case c.Data != nil:
				doc = len(g.docs)
				g.docs = append(g.docs, string(c.Data))
			case c.Dataset != "":
				var known bool
				if doc, known = sets[c.Dataset]; !known {
					var text json.RawMessage
					readJSON(t, filepath.Join(dir, "datasets", c.Dataset+".json"), &text)
					doc = len(g.docs)
					g.docs = append(g.docs, string(text))
					sets[c.Dataset] = doc
				}
			}
			if c.Depth == 0 && c.TimeLimit == 0 {
				g.known = append(g.known, question{c.Expr, doc})
			}
		}
	}
	for _, doc := range g.docs {
		v, err := jsonval.Parse(doc)
		if err != nil {
			v = jsonval.Value{}
		}
		g.inputs = append(g.inputs, v)
	}
	for _, q := range g.known {
		g.tokens = append(g.tokens, tokensOf(q.Expr)...)
	}
	return g
}

func (g *generator) input(doc int) jsonval.Value {
	if doc < 0 {
		return jsonval.Value{}
	}
	return g.inputs[doc]
}

// chancy is in expressions whose value differs each time, or that we do not have,
// and in those that the reference implementation gets wrong: it loses regular
// expressions left of ?? and ?:, and checks no arguments of its functions where
// they are applied partially.
var chancy = regexp.MustCompile(`(?i)\$(random|shuffle|eval)|ud800|/.*\?[?:]|\$\w+\([^()]*\?[,)]`)

func (g *generator) question() question {
	for {
		q := question{Doc: 0}
		switch g.IntN(4) {
		case 0, 1:
			g.vars = nil
			q.Expr = g.any(2 + g.IntN(3))
			if g.IntN(8) == 0 {
				q.Doc = g.IntN(5) - 1
			}
		case 2:
			q.Expr = g.picture()
		default:
			q = pick(g.Rand, g.known)
			for range 1 + g.IntN(3) {
				q.Expr = g.mutated(q.Expr)
			}
		}
		if len(q.Expr) < 2000 && !chancy.MatchString(q.Expr) {
			return q
		}
	}
}

var tokenPattern = regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^'\\\\]|\\\\.)*'|`[^`]*`|/(?:[^/\\\\ ]|\\\\.)+/[im]*|\\$?\\w+(?:\\.\\d+)?|:=|!=|<=|>=|~>|\\?:|\\?\\?|\\.\\.|\\*\\*|\\s+|.")

func tokensOf(expr string) []string { return tokenPattern.FindAllString(expr, -1) }

// mutated changes an expression a little.
func (g *generator) mutated(expr string) string {
	ts := tokensOf(expr)
	if len(ts) == 0 {
		return pick(g.Rand, g.tokens)
	}
	i := g.IntN(len(ts))
	switch g.IntN(7) {
	case 0:
		ts = append(ts[:i:i], ts[i+1:]...)
	case 1:
		ts[i] = pick(g.Rand, g.tokens)
	case 2:
		ts = append(ts[:i:i], append([]string{pick(g.Rand, g.tokens)}, ts[i:]...)...)
	case 3:
		j := g.IntN(len(ts))
		ts[i], ts[j] = ts[j], ts[i]
	case 4: // another part in brackets
		if j := closingBracket(ts, i); j > 0 {
			other := tokensOf(pick(g.Rand, g.known).Expr)
			k := g.IntN(len(other) + 1)
			if l := closingBracket(other, k); l > 0 {
				return strings.Join(ts[:i], "") + strings.Join(other[k:l+1], "") + strings.Join(ts[j+1:], "")
			}
		}
		ts[i] = pick(g.Rand, g.tokens)
	case 5: // an atom by a generated part
		g.vars = nil
		ts[i] = g.any(1)
	default: // something like it
		same := kindOfToken(ts[i])
		for range 20 {
			if t := pick(g.Rand, g.tokens); kindOfToken(t) == same {
				ts[i] = t
				break
			}
		}
	}
	return strings.Join(ts, "")
}

func kindOfToken(t string) byte {
	switch c := t[0]; {
	case c >= '0' && c <= '9':
		return '0'
	case c == '$' || c == '"' || c == '\'' || c == ' ' || c == '\n':
		return c
	case c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return 'a'
	}
	return '+'
}

// closingBracket is the bracket that closes the one at i, 0 for none.
func closingBracket(ts []string, i int) int {
	depth := 0
	for j := i; j < len(ts); j++ {
		switch ts[j] {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		if depth == 0 {
			if j == i {
				return 0
			}
			return j
		}
	}
	return 0
}

// any is an expression of any type, nesting about n deep.
func (g *generator) any(n int) string {
	switch g.IntN(8) {
	case 0:
		return g.number(n)
	case 1:
		return g.text(n)
	case 2:
		return g.truth(n)
	case 3:
		return g.array(n)
	case 4:
		return g.object(n)
	case 5:
		return g.other(n)
	default:
		return g.path(n)
	}
}

// wrong is another type by chance.
func (g *generator) wrong(n int) (string, bool) {
	if g.IntN(15) > 0 {
		return "", false
	}
	return g.any(n - 1), true
}

func (g *generator) name() string {
	return pick(g.Rand, []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "s", "n", "v", "t", "u", "one", "k", "emp", "eo", "w", "o", "l", "p", "q", "r", "id", "neg", "date", "price", "es", "nothing", "`a`", "\"b\""})
}

// start is a name at the top of generatorInput and, often, those under it.
func (g *generator) start() string {
	return pick(g.Rand, []string{"a", "b", "c", "d", "d.e", "d.e.f", "d.h", "i", "s", "s.n", "s.v", "t", "one", "one.k", "emp", "eo", "w", "o", "o.l", "o.l.q", "o.l.r", "$", "$$", "$.c", "*", "**", "**.q", "d.*", "o.*", "nothing", "o.l.p"})
}

func (g *generator) path(n int) string {
	if n <= 0 {
		if len(g.vars) > 0 && g.IntN(2) == 0 {
			return pick(g.Rand, g.vars)
		}
		return g.start()
	}
	p := g.start()
	switch g.IntN(12) {
	case 0:
		p = "(" + g.any(n-1) + ")"
	case 1:
		p = g.array(n - 1)
	case 2:
		if len(g.vars) > 0 {
			p = pick(g.Rand, g.vars)
		}
	}
	mine := len(g.vars)
	for range g.IntN(3) {
		switch g.IntN(14) {
		case 0, 1:
			p += "[" + pick(g.Rand, []string{"0", "1", "-1", "2", "[0,1]", "[-1,0]", "[0..1]", "1.5", "", "$=1", "true"}) + "]"
		case 2, 3:
			p += "[" + g.truth(n-1) + "]"
		case 4:
			p += "^(" + g.orderBy(n-1) + ")"
		case 5:
			p += "." + g.object(n-1)
		case 6:
			p += g.object(n - 1)
		case 7:
			v := fmt.Sprintf("$x%d", len(g.vars))
			p += "@" + v
			g.vars = append(g.vars, v)
			p += "." + pick(g.Rand, []string{v, v + "." + g.name(), g.name(), "%", "$"})
		case 8:
			v := fmt.Sprintf("$i%d", len(g.vars))
			p += "#" + v
			g.vars = append(g.vars, v)
			if g.IntN(2) == 0 {
				p += pick(g.Rand, []string{"[" + v + "=1]", "." + v, "[" + v + "<2]", ".[" + v + ",$]"})
			}
		case 9:
			p += pick(g.Rand, []string{".%", ".%.%", "[%.a=1]", ".(%.id)", ".{\"z\":%}", "[%.id=1]"})
		case 10:
			p += ".(" + g.any(n-1) + ")"
		case 11:
			p += pick(g.Rand, []string{".$", ".*", ".**", "[]", ".$string()", ".$count()", ".$uppercase($)", ".$type($)", ".[" + g.name() + "]", ".\"a\"", ".1"})
		default:
			p += "." + g.name()
		}
	}
	g.vars = g.vars[:mine]
	return p
}

func (g *generator) orderBy(n int) string {
	term := func() string {
		return pick(g.Rand, []string{"", "<", ">"}) + pick(g.Rand, []string{"$", g.name(), "v", "n", "q", "id", "f", g.number(n), "-q", "$string($)"})
	}
	if g.IntN(3) == 0 {
		return term() + "," + term()
	}
	return term()
}

func (g *generator) number(n int) string {
	if w, ok := g.wrong(n); ok {
		return w
	}
	if n <= 0 {
		return pick(g.Rand, []string{"0", "1", "2", "3", "-1", "10", "0.5", "1e3", "1.5", "-2.5", "12345.678", "1e21", "1e-7", "0.1", "a", "c[0]", "neg", "price", "s[0].v", "$count(c)", "100", "1999", "2.345", "-0"})
	}
	switch g.IntN(9) {
	case 0, 1:
		return g.number(n-1) + pick(g.Rand, []string{"+", "-", "*", "/", "%", " + ", " - ", " % "}) + g.number(n-1)
	case 2:
		return "-" + g.number(n-1)
	case 3:
		return "(" + g.number(n-1) + ")"
	case 4:
		return pick(g.Rand, []string{"$sum", "$max", "$min", "$average", "$count"}) + "(" + pick(g.Rand, []string{g.array(n - 1), "c", "o.l.q", g.path(n - 1)}) + ")"
	case 5:
		return pick(g.Rand, []string{"$floor", "$ceil", "$abs", "$sqrt", "$round", "$number"}) + "(" + g.number(n-1) + ")"
	case 6:
		return fmt.Sprintf(pick(g.Rand, []string{"$round(%s,%s)", "$power(%s,%s)"}), g.number(n-1), pick(g.Rand, []string{"0", "1", "2", "-1", "-2", g.number(n - 1)}))
	case 7:
		return pick(g.Rand, []string{
			"$length(" + g.text(n-1) + ")", "$number(" + g.text(n-1) + ")", "$parseInteger(" + g.quote(pick(g.Rand, integerTexts)) + "," + g.quote(g.integerPicture()) + ")",
			"$toMillis(" + g.quote(pick(g.Rand, dateTexts)) + ")", "$toMillis(" + g.quote(pick(g.Rand, dateTexts)) + "," + g.quote(g.datePicture()) + ")",
			"($p:=" + g.quote(g.datePicture()) + ";$toMillis($fromMillis(" + g.millis() + ",$p),$p))",
			"($p:=" + g.quote(g.integerPicture()) + ";$parseInteger($formatInteger(" + g.number(0) + ",$p),$p))",
		})
	default:
		return "$reduce(" + g.array(n-1) + ",function($x,$y){$x+$y})"
	}
}

func (g *generator) quote(s string) string {
	return jsonval.Quote(s)
}

func (g *generator) text(n int) string {
	if w, ok := g.wrong(n); ok {
		return w
	}
	if n <= 0 {
		return pick(g.Rand, []string{`"x"`, `"hello world"`, `""`, `"abcabc"`, `"12"`, `" 1.5 "`, `"é𝄞ü"`, `"a,b,c"`, `"2018-03-23"`, `'q"q'`, `"\u00e9\n\t"`, "b", "s[0].n", "w[0]", "date", "es", "s.n[0]", `"true"`, `"http://x.org/a b?c=d&e=é#f"`, `"YWJj"`, `"a%20b%zz"`, `"0x1F"`, `"-1e3"`, `"The The"`})
	}
	switch g.IntN(14) {
	case 0, 1:
		return g.any(n-1) + pick(g.Rand, []string{"&", " & "}) + g.any(n-1)
	case 2:
		return pick(g.Rand, []string{"$uppercase", "$lowercase", "$trim", "$string", "$base64encode", "$base64decode", "$encodeUrl", "$encodeUrlComponent", "$decodeUrl", "$decodeUrlComponent"}) + "(" + g.text(n-1) + ")"
	case 3:
		return "$string(" + g.any(n-1) + pick(g.Rand, []string{"", "", ",true", ",false"}) + ")"
	case 4:
		return "$substring(" + g.text(n-1) + "," + g.number(n-1) + pick(g.Rand, []string{"", "," + g.number(n-1)}) + ")"
	case 5:
		return pick(g.Rand, []string{"$substringBefore", "$substringAfter"}) + "(" + g.text(n-1) + "," + g.text(n-1) + ")"
	case 6:
		return "$pad(" + g.text(n-1) + "," + pick(g.Rand, []string{"5", "-5", "20", "0", "-12", "3.7", "nothing"}) + pick(g.Rand, []string{"", `,"ab"`, `,""`, `,"é𝄞"`, "," + g.text(n-1)}) + ")"
	case 7:
		return "$join(" + g.array(n-1) + pick(g.Rand, []string{"", `,"-"`, "," + g.text(n-1)}) + ")"
	case 8:
		most := pick(g.Rand, []string{"", ",1", ",0", ",-1", ",1.5"})
		if g.IntN(2) == 0 {
			return "$replace(" + g.text(n-1) + "," + g.regex() + "," + pick(g.Rand, []string{`function($m){$m.match & "!"}`, "function($m){$count($m.groups)}", g.lambda(n)}) + most + ")"
		}
		return "$replace(" + g.text(n-1) + "," + pick(g.Rand, []string{g.text(n - 1), g.regex(), g.regex()}) + "," + pick(g.Rand, []string{g.text(n - 1), `"[$0]"`, `"$1$2"`, `"$$$10"`, `"$01"`}) + most + ")"
	case 9:
		return "$formatNumber(" + g.number(n-1) + "," + g.quote(g.numberPicture()) + pick(g.Rand, []string{"", "", "", `,{"decimal-separator":",","grouping-separator":"."}`, `,{"zero-digit":"٠"}`, `,{"minus-sign":"~","percent":"p"}`, `,{"exponent-separator":"^","infinity":"∞"}`, `,{"digit":"x","pattern-separator":"|"}`, ",{}"}) + ")"
	case 10:
		return "$formatInteger(" + pick(g.Rand, []string{g.number(n - 1), "0", "1", "21", "14", "1999", "4000", "1234567", "1e12", "-42", "12.7", "101", "111", "1000000000000000"}) + "," + g.quote(g.integerPicture()) + ")"
	case 11:
		return "$formatBase(" + g.number(n-1) + pick(g.Rand, []string{"", ",2", ",16", ",36", ",37", ",2.5", "," + g.number(n-1)}) + ")"
	case 12:
		return "$fromMillis(" + g.millis() + pick(g.Rand, []string{"", "", "," + g.quote(g.datePicture()), "," + g.quote(g.datePicture()), "," + g.quote(g.datePicture()) + pick(g.Rand, []string{`,"+0100"`, `,"-0530"`, `,"0000"`, `,"+1"`}), `,nothing,"+0200"`}) + ")"
	default:
		return "$type(" + g.any(n-1) + ")"
	}
}

func (g *generator) regex() string {
	if g.IntN(3) == 0 {
		return pick(g.Rand, []string{`/a/`, `/(a)(b)?/`, `/[a-c]+/i`, `/\d+/`, `/^h/`, `/o\b/m`, `/(?<x>b)\k<x>?/`, `/(?=c)/`, `/x*/`, `/\s+/`, `/(.)\1/`, `/[^\w]/`, `/(?:a|b){2,}/`, `/(?<!a)b/`, `/\u00e9/`, `/./`, `/l+?/`, `/$/`})
	}
	var b strings.Builder
	b.WriteByte('/')
	open := 0
	for range 1 + g.IntN(6) {
		b.WriteString(pick(g.Rand, []string{"a", "b", "c", "l", "o", ".", `\w`, `\d`, `\s`, "[abc]", "[^a-f]", "|", `\b`, "é", `\.`, "x", "h", "1", ","}))
		b.WriteString(pick(g.Rand, []string{"", "", "", "", "*", "+", "?", "+?", "{1,2}", "{2}", "??"}))
		switch g.IntN(8) {
		case 0:
			b.WriteString(pick(g.Rand, []string{"(", "(?:", "(?=", "(?!"}))
			b.WriteString(pick(g.Rand, []string{"a", "b", "l", "."}))
			open++
		case 1:
			if open > 0 {
				b.WriteByte(')')
				open--
			}
		}
	}
	b.WriteString(strings.Repeat(")", open) + "/" + pick(g.Rand, []string{"", "", "i", "m", "im"}))
	return b.String()
}

func (g *generator) truth(n int) string {
	if w, ok := g.wrong(n); ok {
		return w
	}
	if n <= 0 {
		return pick(g.Rand, []string{"true", "false", "t", "u", "a=1", "f>1", "q>2", "v<3", "id=1", `n="a"`, "$exists(g)", "nothing=1", "null"})
	}
	switch g.IntN(9) {
	case 0:
		return g.any(n-1) + pick(g.Rand, []string{"=", "!=", " = ", "="}) + g.any(n-1)
	case 1:
		return g.number(n-1) + pick(g.Rand, []string{"<", ">", "<=", ">="}) + g.number(n-1)
	case 2:
		return g.text(n-1) + pick(g.Rand, []string{"<", ">", "<=", ">="}) + g.text(n-1)
	case 3:
		return g.truth(n-1) + pick(g.Rand, []string{" and ", " or "}) + g.truth(n-1)
	case 4:
		return g.any(n-1) + " in " + g.array(n-1)
	case 5:
		return pick(g.Rand, []string{"$not", "$boolean", "$exists"}) + "(" + g.any(n-1) + ")"
	case 6:
		return "$contains(" + g.text(n-1) + "," + pick(g.Rand, []string{g.text(n - 1), g.regex()}) + ")"
	case 7:
		return g.any(n-1) + pick(g.Rand, []string{"<", ">", "<=", ">="}) + g.any(n-1)
	default:
		return "(" + g.truth(n-1) + ")"
	}
}

func (g *generator) lambda(n int) string {
	if g.IntN(6) == 0 {
		return pick(g.Rand, []string{"$string", "$sum", "$uppercase", "$count", "$not", "$exists", "$type", "$boolean", "$number", "$sum ~> $string", "$length", "$keys", "$abs", "a", "|$|{\"z\":1}|"})
	}
	params := g.IntN(4)
	mine := len(g.vars)
	var names []string
	for i := range params {
		names = append(names, fmt.Sprintf("$l%d%c", len(g.vars), 'a'+i))
	}
	g.vars = append(g.vars, names...)
	signature := ""
	if g.IntN(12) == 0 {
		signature = "<" + pick(g.Rand, []string{"n", "s", "n-n?", "s-", "a<n>", "x", "(ns)", "j-", "b?", "f", "a", "o", "nn", "n:n", "a<s>-:s", "l", "sn?:s", "x+", "n+"}) + ">"
	}
	body := g.any(n - 1)
	g.vars = g.vars[:mine]
	return pick(g.Rand, []string{"function", "function", "λ"}) + "(" + strings.Join(names, ",") + ")" + signature + "{" + body + "}"
}

func (g *generator) array(n int) string {
	if w, ok := g.wrong(n); ok {
		return w
	}
	if n <= 0 {
		return pick(g.Rand, []string{"[]", "[1]", "[1,2,3]", `["a","b"]`, "[1..4]", "c", "s", "d.e", "w", "o.l", "i", "emp", "one", "[[1],[2,3]]", `["b","a","b"]`, `[1,"a",null,true]`, "[3,1,2]", "o.l.q", "[c,a]", `[{"a":1},{"b":2}]`})
	}
	switch g.IntN(16) {
	case 0, 1:
		return "[" + g.any(n-1) + "," + g.any(n-1) + "]"
	case 2:
		return "[" + g.any(n-1) + "]"
	case 3:
		return "[" + g.number(n-1) + ".." + pick(g.Rand, []string{"1", "3", "-1", "5", g.number(0)}) + "]"
	case 4:
		return "$map(" + g.array(n-1) + "," + g.lambda(n) + ")"
	case 5:
		return "$filter(" + g.array(n-1) + "," + g.lambda(n) + ")"
	case 6:
		return pick(g.Rand, []string{"$reverse", "$distinct", "$sort", "$spread", "$keys", "$clone"}) + "(" + pick(g.Rand, []string{g.array(n - 1), g.any(n - 1)}) + ")"
	case 7:
		return "$append(" + g.any(n-1) + "," + g.any(n-1) + ")"
	case 8:
		return "$zip(" + g.array(n-1) + "," + g.array(n-1) + pick(g.Rand, []string{"", "," + g.any(n-1)}) + ")"
	case 9:
		return "$split(" + g.text(n-1) + "," + pick(g.Rand, []string{g.text(n - 1), g.regex(), `","`, `""`}) + pick(g.Rand, []string{"", ",1", ",0", ",2.5"}) + ")"
	case 10:
		return "$match(" + g.text(n-1) + "," + g.regex() + pick(g.Rand, []string{"", ",1", ",0"}) + ")"
	case 11:
		return "$each(" + g.object(n-1) + "," + g.lambda(n) + ")"
	case 12:
		return "$sort(" + g.array(n-1) + "," + pick(g.Rand, []string{"function($l,$r){$l>$r}", "function($l,$r){$l.v<$r.v}", "function($l,$r){$string($l)>$string($r)}", g.lambda(n)}) + ")"
	case 13:
		return g.path(n-1) + "[]"
	case 14:
		return "$single(" + g.array(n-1) + pick(g.Rand, []string{"", "," + g.lambda(n)}) + ")"
	default:
		return g.path(n)
	}
}

func (g *generator) object(n int) string {
	if w, ok := g.wrong(n); ok {
		return w
	}
	if n <= 0 {
		return pick(g.Rand, []string{"{}", `{"a":1}`, `{"x":$}`, `{"a":a,"b":b}`, "d", "s[0]", "eo", "o[0]", `{n:v}`, `{"k":$count($)}`, `{p:q}`})
	}
	switch g.IntN(8) {
	case 0, 1, 2:
		return "{" + pick(g.Rand, []string{`"a"`, `"b"`, g.text(n - 1), "n", "p", "$string(id)"}) + ":" + g.any(n-1) + "}"
	case 3:
		return `{"x":` + g.any(n-1) + `,"y":` + g.any(n-1) + "}"
	case 4:
		return "$merge(" + pick(g.Rand, []string{g.array(n - 1), "[" + g.object(n-1) + "," + g.object(n-1) + "]"}) + ")"
	case 5:
		return "$sift(" + g.object(n-1) + "," + g.lambda(n) + ")"
	case 6:
		return g.object(n-1) + " ~> |" + pick(g.Rand, []string{"$", "e", "l", "d.e", g.start()}) + "|" + g.object(n-1) + pick(g.Rand, []string{"", `,"a"`, `,["f","q"]`, "," + g.any(n-1)}) + "|"
	default:
		return pick(g.Rand, []string{"s[0]", "d.e[1]", "o[id=2]"})
	}
}

func (g *generator) other(n int) string {
	if n <= 0 {
		return pick(g.Rand, []string{"null", "nothing", "$nope", "$sum", "%", "?", "/a/"})
	}
	switch g.IntN(10) {
	case 0:
		return g.truth(n-1) + "?" + g.any(n-1) + pick(g.Rand, []string{":" + g.any(n-1), ""})
	case 1:
		return g.any(n-1) + pick(g.Rand, []string{"?:", " ?? ", "??"}) + g.any(n-1)
	case 2:
		return g.any(n-1) + " ~> " + pick(g.Rand, []string{"$count", "$string()", "$map(" + g.lambda(n) + ")", "$sum()", "$uppercase", "$join", "$append(1)", g.lambda(n), "$substring(1)", "$nope"})
	case 3:
		mine := len(g.vars)
		v := fmt.Sprintf("$v%d", mine)
		e := "(" + v + ":=" + g.any(n-1) + ";"
		g.vars = append(g.vars, v)
		e += g.any(n-1) + ")"
		g.vars = g.vars[:mine]
		return e
	case 4:
		return g.lambda(n) + "(" + pick(g.Rand, []string{"", g.any(n - 1), g.any(n-1) + "," + g.any(n-1)}) + ")"
	case 5:
		return "$lookup(" + pick(g.Rand, []string{g.object(n - 1), g.array(n - 1)}) + `,"` + pick(g.Rand, []string{"a", "n", "f", "x"}) + `")`
	case 6:
		return "(" + g.any(n-1) + ";" + g.any(n-1) + ")"
	case 7:
		return "$reduce(" + g.array(n-1) + "," + g.lambda(n) + pick(g.Rand, []string{"", "," + g.any(n-1)}) + ")"
	case 8:
		return pick(g.Rand, []string{"$error(" + g.text(n-1) + ")", "$assert(" + g.truth(n-1) + "," + g.text(n-1) + ")", "$sum(" + g.any(n-1) + ")", "$keys(" + g.any(n-1) + ")", "$length(" + g.any(n-1) + ")"})
	default:
		// A function called on whatever.
		return "$" + pick(g.Rand, functionNames) + "(" + pick(g.Rand, []string{"", g.any(n - 1), g.any(n - 1), g.any(n-1) + "," + g.any(n-1), g.any(n-1) + "," + g.any(n-1) + "," + g.any(n-1)}) + ")"
	}
}

var functionNames = []string{
	"sum", "count", "max", "min", "average", "string", "substring", "substringBefore", "substringAfter", "lowercase", "uppercase", "length", "trim", "pad",
	"match", "contains", "replace", "split", "join", "formatNumber", "formatBase", "formatInteger", "parseInteger", "number", "floor", "ceil", "round", "abs",
	"sqrt", "power", "boolean", "not", "map", "zip", "filter", "single", "reduce", "sift", "keys", "lookup", "append", "exists", "spread", "merge", "reverse",
	"each", "error", "assert", "type", "sort", "distinct", "base64encode", "base64decode", "encodeUrlComponent", "encodeUrl", "decodeUrlComponent", "decodeUrl",
	"toMillis", "fromMillis", "clone", "now", "millis",
}
