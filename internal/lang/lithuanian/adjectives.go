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
const markAdjective = "Q"

// adjectives is what makes a stem that of an adjective.
type adjectives struct {
	declensions []declension
	stems       map[string]adjectiveStem
	suffixes    [256][]suffix // by last byte
	prefixes    prefixes
}

type declension struct {
	name    string
	marks   string // of the noun declensions with the same endings
	endings []string
	certain []string // endings that no noun has
}

type adjectiveStem struct {
	declensions mask
	key         string // the stem its key has
}

type suffix struct {
	end         string
	least       int // letters of the stem
	declensions mask
}

// of returns the mask of a declension by name; that of none is empty.
func (a *adjectives) of(name string) (mask, *declension, error) {
	if name == "none" {
		return 0, nil, nil
	}
	i := slices.IndexFunc(a.declensions, func(d declension) bool { return d.name == name })
	if i < 0 {
		return 0, nil, fmt.Errorf("no declension %q", name)
	}
	return 1 << i, &a.declensions[i], nil
}

// addAdjectives reads a line of adjectives.txt.
func (g *grammar) addAdjectives(fields []string) error {
	switch {
	case fields[0] == "declension" && len(fields) > 4:
		return g.addAdjectiveDeclension(fields[1], fields[2]+fields[3], fields[4:])
	case fields[0] == "degree" && len(fields) > 2:
		return g.addDegree(fields[1], fields[2], len(fields) > 3)
	case fields[0] == "adverbs":
		for _, text := range fields[1:] {
			g.at(text).adjectives = anyDeclension
		}
		return nil
	case fields[0] == "suffix" && len(fields) > 3:
		return g.addAdjectiveSuffixes(fields[1], fields[2], fields[3:])
	case fields[0] == "prefix":
		for _, prefix := range fields[1:] {
			g.adjectives.prefixes.add(g.spell(prefix))
		}
		return nil
	case fields[0] == "stem" && len(fields) > 2:
		return g.addAdjectiveStems(fields[1], fields[2:])
	}
	return fmt.Errorf("unknown line %q", fields)
}

func (g *grammar) addAdjectiveDeclension(name, marks string, endings []string) error {
	bar := slices.Index(endings, "|")
	if bar < 0 {
		return fmt.Errorf("declension %s has no bar", name)
	}
	a := &g.adjectives
	of := mask(1) << len(a.declensions)
	d := declension{name: name, marks: marks, endings: endings[:bar], certain: endings[bar+1:]}
	a.declensions = append(a.declensions, d)
	for _, text := range slices.Concat(d.endings, d.certain) {
		g.at(text).adjectives |= of
	}
	for _, text := range d.certain {
		e := g.at(text)
		e.certain = union(e.certain, marks)
	}
	return nil
}

// addDegree lets every ending of a declension follow what makes a degree.
func (g *grammar) addDegree(middle, name string, afterJ bool) error {
	_, of, err := g.adjectives.of(name)
	if err != nil {
		return err
	}
	for _, text := range slices.Concat(of.endings, of.certain) {
		e := g.at(middle + text)
		if afterJ {
			e.afterJ = union(e.afterJ, "AFDG")
			continue
		}
		e.adjectives = anyDeclension
		e.certain = union(e.certain, "AFDG")
	}
	return nil
}

func (g *grammar) addAdjectiveSuffixes(name, least string, ends []string) error {
	of, _, err := g.adjectives.of(name)
	if err != nil {
		return err
	}
	letters, err := strconv.Atoi(least)
	if err != nil {
		return fmt.Errorf("least letters of a stem: %w", err)
	}
	for _, end := range ends {
		end = g.stemEnd(g.spell(end))
		by := &g.adjectives.suffixes[end[len(end)-1]]
		*by = append(*by, suffix{end, letters, of})
	}
	return nil
}

func (g *grammar) addAdjectiveStems(name string, stems []string) error {
	a := &g.adjectives
	of, _, err := a.of(name)
	if err != nil {
		return err
	}
	for _, stem := range stems {
		stem, key, other := strings.Cut(stem, "=")
		if !other {
			key = stem
		}
		stem, key = g.stemEnd(g.spell(stem)), g.stemEnd(g.spell(key))
		a.stems[stem] = adjectiveStem{a.stems[stem].declensions | of, key}
	}
	return nil
}

// applyAdjective adds the keys of an adjective with this stem. A stem that is
// not known as one has them only with an ending that nothing else has, and then
// also those of the nouns its other forms look like.
func (g *grammar) applyAdjective(w *word, stem string, negated []int, e *ending) {
	certain, allowed := e.certain, e.adjectives
	if strings.HasSuffix(stem, "j") {
		certain += e.afterJ
	}
	if certain != "" {
		allowed = anyDeclension
	}
	if allowed == 0 {
		return
	}
	if before, key, ok := g.adjectives.known(stem, allowed, negated); ok {
		w.add(before, key, markAdjective)
		return
	}
	if certain == "" {
		return
	}
	w.add("", stem, markAdjective)
	for i := range len(certain) {
		w.add("", stem, certain[i:i+1])
	}
}

// known returns the stem that the keys of an adjective have, in two parts, and
// whether one of the declensions has the stem.
func (a *adjectives) known(stem string, allowed mask, negated []int) (before, key string, ok bool) {
	for _, at := range negated {
		if at >= len(stem) {
			break
		}
		if known, ok := a.stems[stem[at:]]; ok && (known.declensions&allowed != 0 || allowed == anyDeclension) {
			return stem[:at], known.key, true
		}
	}
	for _, s := range a.suffixes[stem[len(stem)-1]] {
		if s.declensions&allowed != 0 && strings.HasSuffix(stem, s.end) && utf8.RuneCountInString(stem) >= s.least {
			return "", stem, true
		}
	}
	return "", "", false
}
