package jsregexp

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// found is what re finds in text, as start-end and the groups, for tables.
func found(re *Regexp, text string) string {
	loc, err := re.Find(text, 0, func(int) error { return nil })
	if err != nil {
		return "error " + err.Error()
	}
	if loc == nil {
		return "none"
	}
	s := fmt.Sprintf("%d-%d", loc[0], loc[1])
	for i := 2; i < len(loc); i += 2 {
		if loc[i] < 0 {
			s += " -"
		} else {
			s += fmt.Sprintf(" %q", text[loc[i]:loc[i+1]])
		}
	}
	return s
}

func TestFind(t *testing.T) {
	for _, test := range []struct{ pattern, flags, text, want string }{
		{`b`, "", "abc", "1-2"},
		{`x`, "", "abc", "none"},
		{``, "", "abc", "0-0"},
		{`a|ab`, "", "ab", "0-1"},
		{`(a)|(b)`, "", "b", `0-1 - "b"`},
		{`a*`, "", "aaa", "0-3"},
		{`a*?`, "", "aaa", "0-0"},
		{`a+?b`, "", "aab", "0-3"},
		{`a{2}`, "", "aaa", "0-2"},
		{`a{2,}?`, "", "aaa", "0-2"},
		{`a{,2}`, "", "a{,2}", "0-5"},
		{`x{`, "", "x{", "0-2"},
		{`a{0}b`, "", "b", "0-1"},
		{`(a+)+b`, "", "aaab", `0-4 "aaa"`},
		{`(z)((a+)?(b+)?(c))*`, "", "zaacbbbcac", `0-10 "z" "ac" "a" - "c"`}, // ECMA-262, 22.2.2.3.1
		{`(a*)*`, "", "b", `0-0 -`},
		{`(?=(a+))a*b\1`, "", "baaabac", `3-6 "a"`},
		{`(.*?)a(?!(a+)b\2c)\2(.*)`, "", "baaabaac", `0-8 "ba" - "abaac"`},
		{`(?:)`, "", "a", "0-0"},
		{`a.c`, "", "a\nc abc", "4-7"},
		{`^b`, "", "a\nb", "none"},
		{`^b`, "m", "a\nb", "2-3"},
		{`a$`, "m", "a\nb", "0-1"},
		{`a$`, "m", "a\u2028b", "0-1"},
		{`\bfoo\b`, "", "a foo.", "2-5"},
		{`\Boo`, "", "foo", "1-3"},
		{`\d+\s\w+`, "", "x 12\u00a0ab!", "2-8"},
		{`[^\d\s]+`, "", "12 ab", "3-5"},
		{`[a-c]+`, "i", "xABCd", "1-4"},
		{`[\w-]+`, "", "a-b c", "0-3"},
		{`[\d-x]+`, "", "1-x2y", "0-4"},
		{`[]`, "", "a", "none"},
		{`[^]`, "", "\n", "0-1"},
		{`[\b]`, "", "\b", "0-1"},
		{`É`, "i", "é", "0-2"},
		{`ß`, "i", "SS", "none"},
		{`\u212a`, "i", "k", "none"},
		{`(a)\1`, "", "aa", `0-2 "a"`},
		{`(a)\1`, "i", "aA", `0-2 "a"`},
		{`\1(a)`, "", "a", `0-1 "a"`},
		{`\2(a)`, "", "\x02a", `0-2 "a"`},
		{`\8`, "", "8", "0-1"},
		{`(?<y>\d{4})-\k<y>`, "", "2024-2024", `0-9 "2024"`},
		{`\k<y>`, "", "k<y>", "0-4"},
		{`(?<=\$)\d+`, "", "a1 $42", "4-6"},
		{`(?<!\$)\b\d+`, "", "$1 42", "3-5"},
		{`(?<=(\d+)(\d+))$`, "", "1053", `4-4 "1" "053"`},
		{`(?<=\1(a))b`, "", "aab", `2-3 "a"`},
		{`(?=a*)*b`, "", "b", "0-1"},
		{`\x41\u0042\cJ\0\t`, "", "AB\n\x00\t", "0-5"},
		{`\xg\u00\c!`, "", `xgu00\c!`, "0-8"},
		{`\101\07`, "", "A\a", "0-2"},
		{`\ud83d\ude00.`, "", "😀😀", "0-8"},
		{`.`, "", "😀", "0-4"},
		{`]}`, "", "]}", "0-2"},
		{`a\/b`, "", "a/b", "0-3"},
	} {
		re, err := Compile(test.pattern, test.flags)
		if err != nil {
			t.Errorf("/%s/%s: %v", test.pattern, test.flags, err)
			continue
		}
		if got := found(re, test.text); got != test.want {
			t.Errorf("/%s/%s in %q: %s, want %s", test.pattern, test.flags, test.text, got, test.want)
		}
	}
}

func TestSyntaxErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		"(":                             "0: Unterminated group",
		"a)":                            "1: Unmatched ')'",
		"[a":                            "0: Unterminated character class",
		"[z-a]":                         "1: Range out of order in character class",
		"*":                             "0: Nothing to repeat",
		"a**":                           "2: Nothing to repeat",
		"^*":                            "1: Nothing to repeat",
		"a{2,1}":                        "1: numbers out of order in {} quantifier",
		`a\`:                            `1: \ at end of pattern`,
		"(?x)":                          "0: Invalid group",
		"(?<1>a)":                       "0: Invalid capture group name",
		"(?<a>.)(?<a>.)":                "7: Duplicate capture group name",
		`(?<a>.)\k<b>`:                  "7: Invalid named capture referenced",
		`(?<a>.)\k`:                     "7: Invalid named reference",
		"(?<=a)*":                       "6: Nothing to repeat",
		strings.Repeat("(", maxNesting): "250: groups nest too deep",
	} {
		_, err := Compile(pattern, "")
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("/%.20s/: %v, want an error", pattern, err)
			continue
		}
		if got := fmt.Sprintf("%d: %s", syntax.Offset, syntax); got != want {
			t.Errorf("/%.20s/: %s, want %s", pattern, got, want)
		}
	}
}

func TestTickEnds(t *testing.T) {
	stop := errors.New("enough")
	for _, pattern := range []string{`(a+)+b`, `(a|a)*b`, `(a*)*b`, `(?:a?){50}a{50}b`, `(.*)*x\1`, `(?<=b(a+)+)c`} {
		re, err := Compile(pattern, "")
		if err != nil {
			t.Fatal(err)
		}
		steps := 0
		_, err = re.Find(strings.Repeat("a", 60)+"c", 0, func(n int) error {
			if steps += n; steps > 100_000 {
				return stop
			}
			return nil
		})
		if !errors.Is(err, stop) {
			t.Errorf("/%s/: %v after %d steps, want %v", pattern, err, steps, stop)
		}
	}
}

func TestMemoryEnds(t *testing.T) {
	re, err := Compile(`(?:a|b)*c`, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = re.Find(strings.Repeat("ab", 1_000_000), 0, func(int) error { return nil })
	if !errors.Is(err, ErrMemory) {
		t.Errorf("a long text: %v, want %v", err, ErrMemory)
	}
}

// FuzzFind compares with Go's own package where the two mean the same.
func FuzzFind(f *testing.F) {
	for _, seed := range []string{`(a|b)+?c`, `[^a-c]{2,3}$`, `(?=a)\w+\b`, `(?<n>x)\k<n>`, `^\d*?(.)\1`, `(?<!a)b|c`, `a{1,3}?b*`} {
		f.Add(seed, "aabbc xx 11b", true)
	}
	same := regexp.MustCompile(`^[a-c .|1-3]*$`)
	f.Fuzz(func(t *testing.T, pattern, text string, ignoreCase bool) {
		flags := ""
		if ignoreCase {
			flags = "im"
		}
		re, err := Compile(pattern, flags)
		if err != nil {
			return
		}
		steps := 0
		loc, err := re.Find(text, 0, func(n int) error {
			if steps += n; steps > 200_000 {
				return errors.New("enough")
			}
			return nil
		})
		if err != nil {
			return
		}
		for i := 0; i < len(loc); i += 2 {
			if loc[i] < -1 || loc[i+1] > len(text) || loc[i] >= 0 && loc[i] > loc[i+1] || (loc[i] < 0) != (loc[i+1] < 0) {
				t.Fatalf("/%s/ in %q: %v", pattern, text, loc)
			}
		}
		if ignoreCase || !same.MatchString(pattern) || !same.MatchString(text) {
			return
		}
		if want := regexp.MustCompile(pattern).FindStringSubmatchIndex(text); fmt.Sprint(want) != fmt.Sprint(loc) {
			t.Errorf("/%s/ in %q: %v, Go finds %v", pattern, text, loc, want)
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat("lorem ipsum dolor sit amet, ", 100) + "order-12345 shipped"
	for _, pattern := range []string{`order-(\d+)`, `(\w+)-(\d+)\s`, `[a-z]+-\d{5}`} {
		b.Run(pattern, func(b *testing.B) {
			re, err := Compile(pattern, "")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if loc, err := re.Find(text, 0, func(int) error { return nil }); loc == nil || err != nil {
					b.Fatal(loc, err)
				}
			}
		})
	}
}
