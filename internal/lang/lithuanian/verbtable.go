package lithuanian

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// addVerbs reads a line of verbs.txt.
func (g *grammar) addVerbs(fields []string) error {
	switch {
	case fields[0] == "verb" && len(fields) == 4:
		return g.addVerb(fields[1], fields[2], fields[3])
	case fields[0] == "like" && len(fields) > 4:
		for _, stem := range fields[4:] {
			part := func(i int) string { return stem + strings.TrimSuffix(strings.TrimPrefix(fields[i], "-"), ":") }
			if err := g.addVerb(part(1), part(2), part(3)); err != nil {
				return err
			}
		}
		return nil
	}
	return fmt.Errorf("unknown line %q", fields)
}

// addVerb adds the stems of a verb of which infinitive, present and past are
// the principal parts.
func (g *grammar) addVerb(infinitive, present, past string) error {
	stem, ok := strings.CutSuffix(infinitive, "ti")
	if !ok {
		return fmt.Errorf("%q is no infinitive", infinitive)
	}
	g.addInfinitive(stem)
	slot, of, err := presentStem(present)
	if err != nil {
		return err
	}
	g.addStem(slot, of, stem)
	if of, ok := strings.CutSuffix(past, "o"); ok {
		g.addStem(slotP, of, stem)
		return nil
	}
	if of, ok = strings.CutSuffix(past, "ė"); !ok {
		return fmt.Errorf("%q is no past", past)
	}
	slot = slotQ
	if strings.HasSuffix(stem, "y") {
		slot = slotY
	}
	g.addStem(slot, of, stem)
	return nil
}

// addInfinitive adds the stem of an infinitive and those that differ from it
// only before an ending.
func (g *grammar) addInfinitive(stem string) {
	g.addStem(slotInfinitive, stem, stem)
	last, size := utf8.DecodeLastRuneInString(stem)
	rest := stem[:len(stem)-size]
	switch last {
	case 's', 'z':
		g.addStem(slotFuture, rest+"s", stem)
	case 'š', 'ž':
		g.addStem(slotFuture, rest+"š", stem)
	case 'k', 'g':
		g.addStem(slotImperative, rest, stem)
	case 'ū':
		g.addStem(slotShort, rest+"us", stem)
	case 'y':
		g.addStem(slotShort, rest+"is", stem)
	}
}

func presentStem(present string) (slots, string, error) {
	for _, ending := range []string{"ia", "a", "i", "o"} {
		if of, ok := strings.CutSuffix(present, ending); ok {
			slot, err := slotOf(ending)
			return slot, of, err
		}
	}
	return 0, "", fmt.Errorf("%q is no present", present)
}

func (g *grammar) addStem(slot slots, stem, infinitive string) {
	stem = g.stemEnd(g.spell(harden(stem)))
	known := verbStem{slot, g.stemEnd(g.spell(infinitive))}
	if !slices.Contains(g.verbs.stems[stem], known) {
		g.verbs.stems[stem] = append(g.verbs.stems[stem], known)
	}
}
