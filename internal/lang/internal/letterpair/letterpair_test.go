package letterpair_test

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang/internal/letterpair"
)

// lang is the folder of tables and texts, seen from here.
const lang = "../.."

func english() []string { return []string{"qwertyuiop", "asdfghjkl", "zxcvbnm"} }

// TestTablesComeFromTheCorpus makes every shipped table anew, byte for byte.
func TestTablesComeFromTheCorpus(t *testing.T) {
	tables, err := filepath.Glob(filepath.Join(lang, "tables", "*", "pairs.yaml"))
	if err != nil || len(tables) < 3 {
		t.Fatalf("tables %v: %v", tables, err)
	}
	for _, table := range tables {
		shipped, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		var letters struct {
			Keyboard []string `yaml:"keyboard"`
		}
		raw, err := os.ReadFile(filepath.Join(filepath.Dir(table), "letters.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(raw, &letters); err != nil {
			t.Fatal(err)
		}
		code := filepath.Base(filepath.Dir(table))
		made, err := letterpair.Generate(os.DirFS(filepath.Join(lang, "testdata", "corpus", code)), letters.Keyboard)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if diff := cmp.Diff(string(made), string(shipped)); diff != "" {
			t.Errorf("%s is not what the corpus gives; run `make generate` (-made +shipped):\n%s", table, diff)
		}
	}
}

func TestGenerateRefuses(t *testing.T) {
	text := func(s string) fs.FS { return fstest.MapFS{"a.txt": {Data: []byte(s)}} }
	cases := map[string]struct {
		corpus fs.FS
		rows   []string
		want   string
	}{
		"no texts":         {fstest.MapFS{}, english(), "no texts"},
		"no title":         {text("one line"), english(), "want a title"},
		"two titles":       {text("one\ntwo\n\ntext"), english(), "want a title"},
		"a small corpus":   {text("Title\n\nA few words."), english(), "write more"},
		"two rows":         {text("Title\n\ntext"), english()[:2], "2 rows"},
		"a letter twice":   {text("Title\n\ntext"), []string{"qq", "a", "z"}, "twice"},
		"too few letters":  {text("Title\n\ntext"), []string{"q", "a", "z"}, "Latin letters"},
		"bytes, not UTF-8": {text("Title\n\ntext"), []string{"q\xff", "a", "z"}, "no letter"},
	}
	for name, c := range cases {
		_, err := letterpair.Generate(c.corpus, c.rows)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want an error with %q", name, err, c.want)
		}
	}
	if _, err := letterpair.Generate(fstest.MapFS{}, english()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no texts: %v, want fs.ErrNotExist", err)
	}
}

func TestScore(t *testing.T) {
	model := model(t, map[string]string{"^": "h10 l5", "h": "a10", "a": "l10 $5", "l": "a5 $5"})
	word, noise := model.Score([]rune("hala")), model.Score([]rune("jkdf"))
	if word <= 0 || noise >= 0 {
		t.Errorf("hala scores %.2f, jkdf %.2f; want a positive and a negative score", word, noise)
	}
	if got := model.Margin([]rune("hala")); math.Abs(got-word-1) > 1e-9 {
		t.Errorf("margin %.3f of score %.3f above the limit -1", got, word)
	}
	if got := model.Score(nil); !math.IsInf(got, -1) {
		t.Errorf("nothing scores %v", got)
	}
	if got := model.Score([]rune("жук")); got >= 0 {
		t.Errorf("letters of another alphabet score %.2f, want less than 0", got)
	}
}

func TestNewModelRefuses(t *testing.T) {
	keyboard, err := letterpair.NewKeyboard(english())
	if err != nil {
		t.Fatal(err)
	}
	for _, follows := range []map[string]string{
		{"ab": "a1"}, {"ž": "a1"}, {"a": "ž1"}, {"a": "b"}, {"a": "b0"}, {"a": "b-1"}, {"a": "bx"}, {"": "a1"},
	} {
		if _, err := letterpair.NewModel(letterpair.Table{Limit: -1, Follows: follows}, keyboard); err == nil {
			t.Errorf("%v: no error", follows)
		}
	}
}

func model(t *testing.T, follows map[string]string) *letterpair.Model {
	t.Helper()
	keyboard, err := letterpair.NewKeyboard(english())
	if err != nil {
		t.Fatal(err)
	}
	m, err := letterpair.NewModel(letterpair.Table{Limit: -1, Follows: follows}, keyboard)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
