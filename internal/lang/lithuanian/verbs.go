package lithuanian

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Marks of the keys of verbs, all of them made of the stem of the infinitive.
const (
	markVerb      = "V"
	markReflexive = "W"
)

// slots is a set of the stems a verb has (see conjugations.txt).
type slots uint16

const (
	slotInfinitive slots = 1 << iota
	slotReflexive        // only of endings that are sure
	slotFuture
	slotImperative
	slotShort // of the future, third person, vowel shortened: bū-ti, bus
	slotA
	slotIa
	slotI
	slotO
	slotP
	slotQ
	slotY
)

func slotOf(name string) (slots, error) {
	switch name {
	case "inf":
		return slotInfinitive, nil
	case "fut":
		return slotFuture, nil
	case "imp":
		return slotImperative, nil
	case "short":
		return slotShort, nil
	case "a":
		return slotA, nil
	case "ia":
		return slotIa, nil
	case "i":
		return slotI, nil
	case "o":
		return slotO, nil
	case "p":
		return slotP, nil
	case "q":
		return slotQ, nil
	case "y":
		return slotY, nil
	}
	return 0, fmt.Errorf("no slot %q", name)
}

// verbs is what makes a stem that of a verb.
type verbs struct {
	participles map[string][]string // endings by name
	stems       map[string][]verbStem
	suffixes    [256][]verbSuffix // by last byte
	infinitives []string          // the ends of infinitive stems that suffixes make
	prefixes    prefixes
}

type verbStem struct {
	slot       slots
	infinitive string
}

// verbSuffix is the end of stems in a slot, and of those of the infinitive;
// empty when the end makes no verb.
type verbSuffix struct {
	slot       slots
	end        string
	infinitive string
}

// addConjugation reads a line of conjugations.txt.
func (g *grammar) addConjugation(fields []string) error {
	switch {
	case fields[0] == "participle" && len(fields) > 2:
		g.verbs.participles[fields[1]] = fields[2:]
		return nil
	case fields[0] == "suffix" && len(fields) == 4:
		return g.addVerbSuffix(fields[1], g.spell(fields[2]), g.spell(strings.TrimPrefix(fields[3], "-")))
	case fields[0] == "prefix":
		g.addVerbPrefixes(fields[1:])
		return nil
	case fields[0] == "slot" && len(fields) > 3:
		return g.addSlot(fields[1], fields[2] == "r", fields[3:])
	}
	return fmt.Errorf("unknown line %q", fields)
}

func (g *grammar) addVerbSuffix(name, end, infinitive string) error {
	slot, err := slotOf(name)
	if err != nil {
		return err
	}
	by := &g.verbs.suffixes[end[len(end)-1]]
	*by = append(*by, verbSuffix{slot, end, infinitive})
	if infinitive != "" && !slices.Contains(g.verbs.infinitives, infinitive) {
		g.verbs.infinitives = append(g.verbs.infinitives, infinitive)
	}
	return nil
}

// addVerbPrefixes adds the prefixes alone, after a negation and before -si-.
func (g *grammar) addVerbPrefixes(prefixes []string) {
	for _, negation := range []string{"", "ne", "be", "te", "nebe", "tebe"} {
		for _, prefix := range append([]string{""}, prefixes...) {
			for _, particle := range []string{"", "si"} {
				if before := negation + prefix; before != "" {
					g.verbs.prefixes.add(g.spell(before + particle))
				}
			}
		}
	}
}

func (g *grammar) addSlot(name string, reflexive bool, endings []string) error {
	slot, err := slotOf(name)
	if err != nil {
		return err
	}
	sure := false
	add := func(text string) {
		e := g.at(text)
		switch {
		case reflexive && sure:
			e.sure |= slotReflexive
		case sure:
			e.sure |= slot
		case reflexive:
			e.reflexives |= slot
		default:
			e.verbs |= slot
		}
	}
	for _, text := range endings {
		if text == "|" {
			sure = true
			continue
		}
		middle, participle, ok := strings.Cut(text, "@")
		if !ok {
			add(strings.TrimPrefix(text, "."))
			continue
		}
		of := g.verbs.participles[participle]
		if of == nil {
			return fmt.Errorf("%s: no participle %s", text, participle)
		}
		for _, end := range of {
			if hard, t := strings.CutSuffix(middle, "t"); t && softens(end) {
				add(hard + "č" + end)
				continue
			}
			add(middle + end)
		}
	}
	return nil
}

// applyVerb adds the keys of the verbs that have the stem in a slot of the
// ending. Known verbs may have any prefixes.
func (g *grammar) applyVerb(w *word, stem string, prefixed []int, e *ending) {
	if e.verbs|e.reflexives != 0 {
		for _, at := range prefixed {
			if at >= len(stem) {
				break
			}
			for _, known := range g.verbs.stems[stem[at:]] {
				w.addVerb(known.slot, e, stem[:at], known.infinitive)
			}
		}
		g.applyVerbSuffixes(w, stem, e)
	}
	if e.sure == 0 || len(stem) < 2 || utf8.RuneCountInString(stem) < minStem {
		return
	}
	if e.sure&slotInfinitive != 0 {
		w.add("", stem, markVerb)
	}
	if e.sure&slotReflexive != 0 {
		w.add("", stem, markReflexive)
	}
}

// addVerb adds the key of a verb when the ending goes with the slot.
func (w *word) addVerb(slot slots, e *ending, before, infinitive string) {
	if e.verbs&slot != 0 {
		w.add(before, infinitive, markVerb)
	}
	if e.reflexives&slot != 0 {
		w.add(before, infinitive, markReflexive)
	}
}

// applyVerbSuffixes adds the keys of verbs that a suffix tells.
func (g *grammar) applyVerbSuffixes(w *word, stem string, e *ending) {
	if either := e.verbs | e.reflexives; either&slotInfinitive != 0 {
		for _, end := range g.verbs.infinitives {
			if len(stem) > len(end)+1 && strings.HasSuffix(stem, end) {
				w.addVerb(slotInfinitive, e, stem, "")
				break
			}
		}
	}
	if len(stem) == 0 {
		return
	}
	for _, s := range g.verbs.suffixes[stem[len(stem)-1]] {
		root, ok := strings.CutSuffix(stem, s.end)
		switch {
		case !ok, (e.verbs|e.reflexives)&s.slot == 0:
		case s.infinitive == "":
			return
		case utf8.RuneCountInString(root) >= minStem:
			w.addVerb(s.slot, e, root, s.infinitive)
		}
	}
}
