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
	rules     map[string][]rule // by ending
	longest   int               // ending, in bytes
	irregular map[string][]string
	folded    bool
}

// rule says what a word with an ending may be.
type rule struct {
	mark byte // of the key
	soft bool // the ending begins with i and a back vowel
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
	g := &grammar{rules: map[string][]rule{}, irregular: map[string][]string{}, folded: folded}
	for _, add := range []struct {
		table string
		line  func(fields []string) error
	}{
		{"nouns", func(fields []string) error { return g.addDeclension(fields, spell) }},
		{"irregular", func(fields []string) error { return g.addIrregular(fields, spell) }},
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

func (g *grammar) addDeclension(fields []string, spell func(string) string) error {
	if len(fields) < 3 || len(fields[1]) != 1 {
		return fmt.Errorf("want a name, a mark and endings, got %q", fields)
	}
	for _, ending := range fields[2:] {
		if ending != "|" {
			g.addRule(spell(ending), rule{mark: fields[1][0], soft: softens(spell(ending))})
		}
	}
	return nil
}

func (g *grammar) addRule(ending string, r rule) {
	for _, there := range g.rules[ending] {
		if there == r {
			return
		}
	}
	g.rules[ending] = append(g.rules[ending], r)
	g.longest = max(g.longest, len(ending))
}

func (g *grammar) addIrregular(fields []string, spell func(string) string) error {
	if len(fields) < 2 {
		return fmt.Errorf("want a key and forms, got %q", fields)
	}
	stem, mark := fields[0][:len(fields[0])-1], fields[0][len(fields[0])-1:]
	for _, form := range fields[1:] {
		form = spell(form)
		g.irregular[form] = append(g.irregular[form], spell(stem)+mark)
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
