package main_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"asldbg/interp/jsonval"
)

// recorded is one case: what AWS answered, and what made it answer so.
type recorded struct {
	jsonval.Value
	id, kind, feature string
}

// recordings reads all cases, in the order of their files. The folder stands
// beside the repository; who does not have it skips the test.
func recordings(t *testing.T) []recorded {
	t.Helper()
	root := filepath.Join("..", "shared", "conformance", "localstack")
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		t.Skipf("%s is not here: the recordings of AWS stand beside the repository", root)
	}
	var cases []recorded
	for _, kind := range kinds {
		err := filepath.WalkDir(filepath.Join(root, kind.name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".json" {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			v, err := jsonval.Parse(string(text))
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			cases = append(cases, recorded{v, v.Get("id").Text(), v.Get("kind").Text(), v.Get("feature").Text()})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return cases
}

// definition is the case's definition as a text.
func (c recorded) definition() string {
	if text := c.Get("definitionText"); text.Exists() {
		return text.Text()
	}
	return c.Get("definition").String()
}

func (c recorded) express() bool { return c.Get("type").Text() == "EXPRESS" }

// wants is a member of expect.
func (c recorded) wants(key string) jsonval.Value { return c.Get("expect").Get(key) }

func items(v jsonval.Value) []jsonval.Value {
	out := make([]jsonval.Value, 0, v.Len())
	for _, item := range v.Items() {
		out = append(out, item)
	}
	return out
}

// pruner takes out what LocalStack's tests ignore, such as
// $..events..taskSubmittedEventDetails.output: names, each next to the one
// before or, after two dots, anywhere below it.
type pruner []struct {
	name     string
	anywhere bool
}

func newPruner(path string) (p pruner) {
	for _, name := range strings.Split(strings.TrimPrefix(path, "$"), ".")[1:] {
		if name == "" {
			p = append(p, pruner{{anywhere: true}}...)
			continue
		}
		if n := len(p); n > 0 && p[n-1].name == "" {
			p[n-1].name = name
			continue
		}
		p = append(p, pruner{{name: name}}...)
	}
	return p
}

// prune is v without what p names. Arrays are passed through.
func (p pruner) prune(v jsonval.Value) jsonval.Value {
	switch v.Kind() {
	case jsonval.Array:
		kept := items(v)
		for i := range kept {
			kept[i] = p.prune(kept[i])
		}
		return jsonval.OfItems(kept)
	case jsonval.Object:
		members := make([]jsonval.Member, 0, v.Len())
		for key, m := range v.Members() {
			hit := key == p[0].name
			if hit && len(p) == 1 {
				continue
			}
			if hit {
				m = p[1:].prune(m)
			}
			if p[0].anywhere {
				m = p.prune(m)
			}
			members = append(members, jsonval.Member{Key: key, Value: m})
		}
		return jsonval.OfMembers(members)
	}
	return v
}
