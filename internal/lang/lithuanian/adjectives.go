package lithuanian

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// markAdjective ends the keys of adjectives, all genders, degrees and definite
// forms alike.
const markAdjective = 'Q'

// adjectives is what makes a stem that of an adjective.
type adjectives struct {
	declined map[string]declension
	stems    map[inDeclension]string // the stem its key has, by stem
	suffixes map[string][]suffix     // by declension
	prefixes []string
}

type declension struct {
	marks   string // of the noun declensions with the same endings
	endings []string
	certain []string // endings that no noun has
}

type inDeclension struct{ declension, stem string }

type suffix struct {
	end   string
	least int // letters of the stem
}

func newAdjectives() adjectives {
	return adjectives{
		declined: map[string]declension{},
		stems:    map[inDeclension]string{},
		suffixes: map[string][]suffix{},
	}
}

// addAdjectives reads a line of adjectives.txt.
func (g *grammar) addAdjectives(fields []string) error {
	a := &g.adjectives
	switch {
	case fields[0] == "declension" && len(fields) > 4:
		return g.addAdjectiveDeclension(fields[1], fields[2]+fields[3], fields[4:])
	case fields[0] == "degree" && len(fields) > 2:
		return g.addDegree(fields[1], fields[2], len(fields) > 3)
	case fields[0] == "adverbs":
		for _, ending := range fields[1:] {
			g.addRule(ending, rule{word: adjective, mark: markAdjective})
		}
	case fields[0] == "suffix" && len(fields) > 3:
		least, err := strconv.Atoi(fields[2])
		if err != nil {
			return fmt.Errorf("least letters of a stem: %w", err)
		}
		for _, end := range fields[3:] {
			s := suffix{g.spell(end), least}
			a.suffixes[fields[1]] = append(a.suffixes[fields[1]], s)
			a.suffixes[""] = append(a.suffixes[""], s)
		}
	case fields[0] == "prefix":
		a.prefixes = append(a.prefixes, fields[1:]...)
	case fields[0] == "stem" && len(fields) > 2:
		for _, stem := range fields[2:] {
			stem, key, other := strings.Cut(stem, "=")
			if !other {
				key = stem
			}
			stem, key = g.stemEnd(g.spell(stem)), g.stemEnd(g.spell(key))
			a.stems[inDeclension{fields[1], stem}] = key
			a.stems[inDeclension{"", stem}] = key
		}
	default:
		return fmt.Errorf("unknown line %q", fields)
	}
	return nil
}

func (g *grammar) addAdjectiveDeclension(name, marks string, endings []string) error {
	bar := slices.Index(endings, "|")
	if bar < 0 {
		return fmt.Errorf("declension %s has no bar", name)
	}
	d := declension{marks: marks, endings: endings[:bar], certain: endings[bar+1:]}
	g.adjectives.declined[name] = d
	for _, ending := range d.endings {
		g.addRule(ending, rule{word: adjective, mark: markAdjective, as: name})
	}
	for _, ending := range d.certain {
		g.addRule(ending, rule{word: adjective, mark: markAdjective, as: name, marks: marks, certain: true})
	}
	return nil
}

// addDegree lets every ending of a declension follow what makes a degree.
func (g *grammar) addDegree(middle, name string, afterJ bool) error {
	of, ok := g.adjectives.declined[name]
	if !ok {
		return fmt.Errorf("degree %s goes like %s, which is no declension", middle, name)
	}
	for _, ending := range slices.Concat(of.endings, of.certain) {
		for _, marks := range []string{"AF", "DG"} {
			g.addRule(middle+ending, rule{word: adjective, mark: markAdjective, marks: marks, certain: true, afterJ: afterJ})
		}
	}
	return nil
}

// appendAdjective appends the keys of an adjective with this stem. A stem that
// is not known as one has them only with an ending that nothing else has, and
// then also those of the nouns its other forms look like.
func (g *grammar) appendAdjective(keys []string, stem string, r rule) []string {
	if known, ok := g.adjectives.known(r.as, stem); ok {
		return append(keys, known+string(markAdjective))
	}
	if !r.certain {
		return keys
	}
	if known, ok := g.adjectives.known("", stem); ok {
		return append(keys, known+string(markAdjective))
	}
	keys = append(keys, stem+string(markAdjective))
	for i := range len(r.marks) {
		keys = append(keys, stem+r.marks[i:i+1])
	}
	return keys
}

// known returns the stem that the keys of an adjective have, and whether the
// declension has the stem; any declension does when it is empty.
func (a *adjectives) known(declension, stem string) (string, bool) {
	if key, ok := a.stems[inDeclension{declension, stem}]; ok {
		return key, true
	}
	for _, s := range a.suffixes[declension] {
		if strings.HasSuffix(stem, s.end) && utf8.RuneCountInString(stem) >= s.least {
			return stem, true
		}
	}
	for _, prefix := range a.prefixes {
		if rest, ok := strings.CutPrefix(stem, prefix); ok {
			if key, ok := a.stems[inDeclension{declension, rest}]; ok {
				return prefix + key, true
			}
		}
	}
	return "", false
}
