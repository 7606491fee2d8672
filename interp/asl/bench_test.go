package asl

import (
	"os"
	"path/filepath"
	"testing"
)

// BenchmarkParse reads and checks a chain of 1,000 Pass states.
func BenchmarkParse(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(shared(b, "bench/workloads"), "pass-chain.asl.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ds := Parse("t", string(text), Options{}); ds.Err() != nil {
			b.Fatal(ds)
		}
	}
}

// BenchmarkReadTree is the part of BenchmarkParse that is not about ASL.
func BenchmarkReadTree(b *testing.B) {
	text, err := os.ReadFile(filepath.Join(shared(b, "bench/workloads"), "pass-chain.asl.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if root, _ := readTree("t", string(text), Options{}); root == nil {
			b.Fatal("no tree")
		}
	}
}
