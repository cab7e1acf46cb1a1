package lithuanian

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Marks of the keys of verbs, all of them made of the stem of the infinitive.
const (
	markVerb      = 'V'
	markReflexive = 'W'
)

// Slots: the stems a verb has (see conjugations.txt).
const (
	slotInfinitive = "inf"
	slotFuture     = "fut"
	slotImperative = "imp"
	slotShort      = "short" // of the future, third person, vowel shortened: bū-ti, bus
)

// verbs is what makes a stem that of a verb.
type verbs struct {
	participles map[string][]string // endings by name
	stems       map[inSlot][]string // stems of the infinitive
	suffixes    map[string][]change // by slot
	infinitives []string            // the ends of infinitive stems that suffixes make
	prefixes    map[string]bool
	longest     int // prefix, in bytes
}

type inSlot struct{ slot, stem string }

// change is a suffix of a slot and that of the infinitive.
type change struct{ from, to string }

func newVerbs() verbs {
	return verbs{participles: map[string][]string{}, stems: map[inSlot][]string{}, suffixes: map[string][]change{}, prefixes: map[string]bool{}}
}

// addConjugation reads a line of conjugations.txt.
func (g *grammar) addConjugation(fields []string) error {
	v := &g.verbs
	switch {
	case fields[0] == "participle" && len(fields) > 2:
		v.participles[fields[1]] = fields[2:]
	case fields[0] == "suffix" && len(fields) == 4:
		from, to := g.spell(fields[2]), g.spell(fields[3])
		v.suffixes[fields[1]] = append(v.suffixes[fields[1]], change{from, to})
		if to != "-" && !slices.Contains(v.infinitives, to) {
			v.infinitives = append(v.infinitives, to)
		}
	case fields[0] == "prefix":
		g.addPrefixes(fields[1:])
	case fields[0] == "slot" && len(fields) > 3:
		return g.addSlot(fields[1], fields[2] == "r", fields[3:])
	default:
		return fmt.Errorf("unknown line %q", fields)
	}
	return nil
}

// addPrefixes adds the prefixes alone, after a negation and before -si-.
func (g *grammar) addPrefixes(prefixes []string) {
	for _, negation := range []string{"", "ne", "be", "te", "nebe", "tebe"} {
		for _, prefix := range append([]string{""}, prefixes...) {
			for _, particle := range []string{"", "si"} {
				all := g.spell(negation + prefix + particle)
				if all != "si" && all != "" {
					g.verbs.prefixes[all] = true
					g.verbs.longest = max(g.verbs.longest, len(all))
				}
			}
		}
	}
}

func (g *grammar) addSlot(slot string, reflexive bool, endings []string) error {
	r := rule{word: verb, mark: markVerb, as: slot}
	if reflexive {
		r.mark = markReflexive
	}
	for _, ending := range endings {
		if ending == "|" {
			r.certain = true
			continue
		}
		middle, participle, ok := strings.Cut(ending, "@")
		if !ok {
			g.addRule(strings.TrimPrefix(ending, "."), r)
			continue
		}
		of := g.verbs.participles[participle]
		if of == nil {
			return fmt.Errorf("%s: no participle %s", ending, participle)
		}
		for _, end := range of {
			if hard, t := strings.CutSuffix(middle, "t"); t && softens(end) {
				g.addRule(hard+"č"+end, r)
				continue
			}
			g.addRule(middle+end, r)
		}
	}
	return nil
}

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
	g.addStem(slotInfinitive, stem, stem)
	switch last, size := utf8.DecodeLastRuneInString(stem); last {
	case 's', 'z':
		g.addStem(slotFuture, stem[:len(stem)-size]+"s", stem)
	case 'š', 'ž':
		g.addStem(slotFuture, stem[:len(stem)-size]+"š", stem)
	case 'k', 'g':
		g.addStem(slotImperative, stem[:len(stem)-size], stem)
	case 'ū':
		g.addStem(slotShort, stem[:len(stem)-size]+"us", stem)
	case 'y':
		g.addStem(slotShort, stem[:len(stem)-size]+"is", stem)
	}
	for _, ending := range []string{"ia", "a", "i", "o"} {
		if of, ok := strings.CutSuffix(present, ending); ok {
			g.addStem(ending, of, stem)
			break
		}
	}
	if of, ok := strings.CutSuffix(past, "o"); ok {
		g.addStem("p", of, stem)
		return nil
	}
	of, ok := strings.CutSuffix(past, "ė")
	switch {
	case !ok:
		return errors.New(past + " is no past")
	case strings.HasSuffix(stem, "y"):
		g.addStem("y", of, stem)
	default:
		g.addStem("q", of, stem)
	}
	return nil
}

func (g *grammar) addStem(slot, stem, infinitive string) {
	at := inSlot{slot, g.stemEnd(g.spell(harden(stem)))}
	infinitive = g.spell(infinitive)
	if !slices.Contains(g.verbs.stems[at], infinitive) {
		g.verbs.stems[at] = append(g.verbs.stems[at], infinitive)
	}
}

// appendVerb appends the keys of the verbs that have stem in the slot of r.
// Known verbs may have any prefixes.
func (g *grammar) appendVerb(keys []string, stem string, splits []int, r rule) []string {
	v, mark := &g.verbs, string(r.mark)
	if r.as == slotInfinitive {
		if r.certain && utf8.RuneCountInString(stem) >= minStem || v.isInfinitive(stem, splits) {
			keys = append(keys, g.stemEnd(stem)+mark)
		}
		return keys
	}
	for _, at := range splits {
		if at >= len(stem) {
			break
		}
		for _, infinitive := range v.stems[inSlot{r.as, g.stemEnd(stem[at:])}] {
			keys = append(keys, g.stemEnd(stem[:at]+infinitive)+mark)
		}
	}
	for _, c := range v.suffixes[r.as] {
		root, ok := strings.CutSuffix(stem, c.from)
		if ok && c.to == "-" {
			break
		}
		if ok && utf8.RuneCountInString(root) >= minStem {
			keys = append(keys, g.stemEnd(root+c.to)+mark)
		}
	}
	return keys
}

// isInfinitive reports the stem of the infinitive of a known verb or one that a
// suffix makes.
func (v *verbs) isInfinitive(stem string, splits []int) bool {
	for _, at := range splits {
		if at < len(stem) && v.stems[inSlot{slotInfinitive, stem[at:]}] != nil {
			return true
		}
	}
	return slices.ContainsFunc(v.infinitives, func(end string) bool {
		return len(stem) > len(end)+1 && strings.HasSuffix(stem, end)
	})
}

// splits appends the places where the prefixes of a verb may end.
func (v *verbs) splits(places []int, word string) []int {
	places = append(places, 0)
	for at := 1; at <= v.longest && at < len(word); at++ {
		if utf8.RuneStart(word[at]) && v.prefixes[word[:at]] {
			places = append(places, at)
		}
	}
	return places
}
