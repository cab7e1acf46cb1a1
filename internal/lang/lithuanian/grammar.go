package lithuanian

import (
	"embed"
	"fmt"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed tables/*.txt
var tables embed.FS

// grammar is the tables, ready to look up: once as they are written, once
// without diacritics.
type grammar struct {
	spell func(string) string // how its letters are written: Exact or Fold
	plain bool                // without diacritics

	endings   *node
	irregular map[string][]string // keys by form

	adjectives adjectives
	verbs      verbs
}

// grammars are decoded at the first use and never again. The tables are part
// of the program, so a mistake in them is a mistake in the program; the tests
// of this package load them.
//
//nolint:gochecknoglobals // memoized constants, not state.
var (
	written = sync.OnceValue(func() *grammar { return must(load(Exact, false)) })
	plain   = sync.OnceValue(func() *grammar { return must(load(Fold, true)) })
)

func must(g *grammar, err error) *grammar {
	if err != nil {
		panic(fmt.Errorf("lithuanian: embedded tables: %w", err)) //nolint:forbidigo // a program without its tables cannot go on
	}
	return g
}

// load reads the tables, every form and ending written as spell writes it.
func load(spell func(string) string, folded bool) (*grammar, error) {
	g := &grammar{
		spell:      spell,
		plain:      folded,
		endings:    &node{},
		irregular:  map[string][]string{},
		adjectives: adjectives{stems: map[string]adjectiveStem{}},
		verbs:      verbs{participles: map[string][]string{}, stems: map[string][]verbStem{}},
	}
	for _, add := range []struct {
		table string
		line  func(fields []string) error
	}{
		{"nouns", g.addDeclension},
		{"irregular", g.addIrregular},
		{"adjectives", g.addAdjectives},
		{"conjugations", g.addConjugation},
		{"verbs", g.addVerbs},
	} {
		if err := eachLine("tables/"+add.table+".txt", add.line); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// eachLine calls do with the words of every line that is not empty and no
// comment.
func eachLine(name string, do func(fields []string) error) error {
	text, err := tables.ReadFile(name)
	if err != nil {
		return err
	}
	for number, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if err := do(fields); err != nil {
			return fmt.Errorf("%s, line %d: %w", name, number+1, err)
		}
	}
	return nil
}

func (g *grammar) addDeclension(fields []string) error {
	if len(fields) < 3 || len(fields[1]) != 1 {
		return fmt.Errorf("want a name, a mark and endings, got %q", fields)
	}
	for _, text := range fields[2:] {
		if text != "|" {
			e := g.at(text)
			e.nouns = union(e.nouns, fields[1])
		}
	}
	return nil
}

func (g *grammar) addIrregular(fields []string) error {
	if len(fields) < 2 {
		return fmt.Errorf("want a key and forms, got %q", fields)
	}
	key := fields[0]
	key = g.stemEnd(g.spell(key[:len(key)-1])) + key[len(key)-1:]
	for _, form := range fields[1:] {
		form = g.spell(form)
		g.irregular[form] = append(g.irregular[form], key)
	}
	return nil
}

// softens reports an ending that begins with i and a back vowel: before it t
// and d are written č and dž.
func softens(ending string) bool {
	if len(ending) < 2 || ending[0] != 'i' {
		return false
	}
	vowel, _ := utf8.DecodeRuneInString(ending[1:])
	return strings.ContainsRune("aąouųū", vowel)
}

// harden undoes what a soft ending does to the end of a stem.
func (g *grammar) harden(stem string) string {
	if g.plain {
		return plainEnd(stem)
	}
	return harden(stem)
}

func harden(stem string) string {
	if hard, ok := strings.CutSuffix(stem, "č"); ok {
		return hard + "t"
	}
	if strings.HasSuffix(stem, "dž") {
		return strings.TrimSuffix(stem, "ž")
	}
	return stem
}

// stemEnd is plainEnd in the grammar without diacritics.
func (g *grammar) stemEnd(stem string) string {
	if g.plain {
		return plainEnd(stem)
	}
	return stem
}
