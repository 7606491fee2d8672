package main_test

import (
	"fmt"
	"slices"
	"strings"
)

// verdict is how a case went: "" where we agree with AWS, else what differs.
type verdict struct {
	outcome string
	history string // of validations: the findings, word for word
	whole   bool   // AWS's history was recorded, too
	apart   string // what is not supported yet, or was not recorded: not counted
}

func (v verdict) differs() string {
	if v.outcome != "" {
		return v.outcome
	}
	return v.history
}

// score counts verdicts.
type score struct {
	rows  []row // in the order the features come
	apart []count
	known []string // ids of cases that differ
}

// row is a line of the table: one feature of one kind.
type row struct {
	kind, feature                      string
	cases, agree, histories, same, off int
}

type count struct {
	what string
	n    int
}

func (s *score) add(c recorded, v verdict) {
	i := slices.IndexFunc(s.rows, func(r row) bool { return r.kind == c.kind && r.feature == c.feature })
	if i < 0 {
		i = len(s.rows)
		s.rows = append(s.rows, row{kind: c.kind, feature: c.feature})
	}
	r := &s.rows[i]
	if v.apart != "" {
		r.off++
		j := slices.IndexFunc(s.apart, func(n count) bool { return n.what == v.apart })
		if j < 0 {
			j = len(s.apart)
			s.apart = append(s.apart, count{what: v.apart})
		}
		s.apart[j].n++
		return
	}
	r.cases++
	if v.outcome == "" {
		r.agree++
	}
	if v.whole {
		r.histories++
		if v.differs() == "" {
			r.same++
		}
	}
	if v.differs() != "" {
		s.known = append(s.known, c.id)
	}
}

func (s *score) cases() (n int) {
	for _, r := range s.rows {
		n += r.cases + r.off
	}
	return n
}

// table is the score by kind and feature.
func (s *score) table() string {
	var b strings.Builder
	b.WriteString("| kind | feature | cases | outcome agrees | history recorded | history agrees | apart |\n")
	b.WriteString("| --- | --- | ---: | ---: | ---: | ---: | ---: |\n")
	line := func(r row) {
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %d | %d | %d |\n", r.kind, r.feature, r.cases, r.agree, r.histories, r.same, r.off)
	}
	total := row{kind: "**all**"}
	for _, kind := range kinds {
		sum := row{kind: kind.name, feature: "**all**"}
		for _, r := range s.rows {
			if r.kind != kind.name {
				continue
			}
			line(r)
			for _, to := range []*row{&sum, &total} {
				to.cases += r.cases
				to.agree += r.agree
				to.histories += r.histories
				to.same += r.same
				to.off += r.off
			}
		}
		line(sum)
	}
	line(total)
	return b.String()
}

// page is docs/conformance.md.
func (s *score) page() string {
	var b strings.Builder
	b.WriteString(`# Conformance

How asldbg compares with AWS Step Functions, case by case. The cases are recordings of AWS itself, made by LocalStack's
tests (Apache License 2.0): executions with the answers their tasks got, TestState calls, definitions AWS refused, the
variables states refer to, and Step Functions Local's mock files. This page is written by
` + "`go test -run TestConformance -update .`" + `; CI checks that it is fresh.

* The **outcome** is status, output, error and cause of an execution; the whole answer of a TestState call; whether a
  definition is refused.
* The **history** is every event of GetExecutionHistory with its id, previousEventId and details; of a validation, AWS's
  findings word for word. Where things ran at the same time, a history agrees if each branch or iteration does.
* **Apart** are cases that cannot count: what asldbg does not support yet, and what was not recorded.

`)
	b.WriteString(s.table())
	b.WriteString("\n## Apart\n\n")
	if len(s.apart) == 0 {
		b.WriteString("None.\n")
	}
	for _, n := range s.apart {
		fmt.Fprintf(&b, "* %s: %d cases\n", n.what, n.n)
	}
	b.WriteString("\n## Differences\n\n")
	if len(s.known) == 0 {
		b.WriteString("None.\n")
	}
	for _, id := range s.known {
		why := known[id]
		if why == "" {
			why = "Not known why."
		}
		fmt.Fprintf(&b, "* `%s`  \n  %s\n", id, why)
	}
	return b.String()
}
