package sessions

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"asldbg/interp"
	"asldbg/interp/asl"
	"asldbg/interp/jsonval"
	"asldbg/interp/task/mock"
)

// workloads finds the shared benchmarks beside the repository.
func workloads(b *testing.B) string {
	b.Helper()
	dir, err := os.Getwd()
	if err != nil {
		b.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			b.Skip("the root of the repository is not above this package")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", "bench", "workloads")
	if _, err := os.Stat(dir); err != nil {
		b.Skipf("the shared workloads are not beside the repository: %v", err)
	}
	return dir
}

// BenchmarkWorkloads runs the shared workloads as `asldbg run` does, plain and
// recorded.
func BenchmarkWorkloads(b *testing.B) {
	dir := workloads(b)
	read := func(name string) string {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			b.Fatal(err)
		}
		return string(text)
	}
	for _, name := range []string{"pass-chain", "choice-loop", "map-inline-mc0", "map-inline-mc40", "parallel", "big-payload", "retry-catch"} {
		file, found := asl.Parse(name, read(name+".asl.json"), asl.Options{})
		if err := found.Err(); err != nil {
			b.Fatal(err)
		}
		m, err := interp.Compile(file)
		if err != nil {
			b.Fatal(err)
		}
		o := Options{Machine: m, StartAt: noon, Start: interp.Start{NoQuotas: true, Input: jsonval.MustParse(read(name + ".input.json"))}}
		if text := read(name + ".mocks.json"); text != "" {
			if o.Mocks, err = mock.Parse(name, text, name, ""); err != nil {
				b.Fatal(err)
			}
		}
		run := func(o Options) func(*testing.B) {
			return func(b *testing.B) {
				for b.Loop() {
					if r, err := Run(context.Background(), o); err != nil || r.Status != interp.Succeeded {
						b.Fatal(err, r.Status, failureText(r.Failure))
					}
				}
			}
		}
		b.Run(name+"/plain", run(o))
		record(b, &o)
		b.Run(name+"/recorded", run(o))
	}
}
