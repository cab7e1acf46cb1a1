package quality

import (
	"bufio"
	"fmt"
	"io/fs"
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
)

// Measure is one line of an evaluation.
type Measure struct {
	What   string
	Target string // empty when the figure only informs
	Beside string // what the suffix stripper does, as quoted; empty when unknown
	Got    string
	Missed bool     // the target
	Detail []string // what missed it
}

// Written are the keys under which a word with its diacritics is found: those of
// the first two tiers.
func Written(form string) []string {
	return append(lithuanian.Keys(form), lithuanian.Exact(form))
}

// Tier returns how well word answers the query: 3 exactly, 2 by a paradigm, 1
// by a paradigm without diacritics, 0 not at all. A search ranks in this order.
func Tier(query, word string) int {
	switch {
	case lithuanian.Exact(query) == lithuanian.Exact(word):
		return 3
	case Meet(lithuanian.Keys(query), lithuanian.Keys(word)):
		return 2
	case lithuanian.Fold(query) == lithuanian.Fold(word), Meet(lithuanian.FoldedKeys(query), lithuanian.FoldedKeys(word)):
		return 1
	}
	return 0
}

// Least recall that is asked for, by part of speech.
const (
	leastNoun      = 0.985
	leastAdjective = 0.97
	leastVerb      = 0.75
)

// EvaluateLemmas measures recall over the lemmas.
func EvaluateLemmas(lemmas []Lemma) (measures []Measure) {
	for _, part := range []struct {
		name, stripper string
		least          float64
	}{{"NOUN", "0.982", leastNoun}, {"PROPN", "1.0", leastNoun}, {"ADJ", "0.975", leastAdjective}, {"VERB", "0.426", leastVerb}} {
		of := Of(lemmas, part.name)
		met, pairs := Recall(of, Written)
		recall := float64(met) / float64(max(pairs, 1))
		m := Measure{
			What:   fmt.Sprintf("recall, %s, %d pairs of forms", part.name, pairs),
			Target: fmt.Sprintf("at least %.3f", part.least),
			Beside: part.stripper,
			Got:    fmt.Sprintf("%.4f", recall),
			Missed: recall < part.least,
		}
		for _, pair := range Missed(of, Written, Written) {
			m.Detail = append(m.Detail, pair[0]+" "+pair[1])
		}
		measures = append(measures, m)
	}
	return append(measures, typed(lemmas), keysPerWord(lemmas))
}

// typed counts the pairs of forms of which one, typed without diacritics, finds
// the other.
func typed(lemmas []Lemma) Measure {
	_, pairs := Recall(lemmas, func(string) []string { return nil })
	missed := Missed(lemmas, func(form string) []string { return lithuanian.FoldedKeys(lithuanian.Fold(form)) }, lithuanian.FoldedKeys)
	recall := 1 - float64(len(missed))/float64(max(pairs, 1))
	return Measure{
		What:   fmt.Sprintf("recall, all, one form typed in plain letters, %d pairs", pairs),
		Target: fmt.Sprintf("at least %.3f", leastAdjective),
		Got:    fmt.Sprintf("%.4f", recall),
		Missed: recall < leastAdjective,
	}
}

func keysPerWord(lemmas []Lemma) Measure {
	words, written, folded := 0, 0, 0
	for _, lemma := range lemmas {
		for _, form := range lemma.Forms {
			words++
			written += len(lithuanian.Keys(form))
			folded += len(lithuanian.FoldedKeys(form))
		}
	}
	of := float64(max(words, 1))
	return Measure{
		What: fmt.Sprintf("keys a word, %d forms, with and without diacritics", words),
		Got:  fmt.Sprintf("%.2f and %.2f", float64(written)/of, float64(folded)/of),
	}
}

// What the suffix stripper and the first five letters conflate on the whole of
// the treebank of which lemma-forms.tsv is a part: pairs of lemmas.
const (
	strippedAll   = 494
	strippedNouns = 123
	fiveAll       = 1644
)

// EvaluateConflation measures how many pairs of lemmas share a key, beside what
// the suffix stripper is quoted with on a longer list. Pairs grow faster than
// lists do, so the quoted figure is scaled by what one key that can be counted
// on both, the first five letters, conflates here and there.
func EvaluateConflation(lemmas []Lemma) []Measure {
	share := float64(len(Conflated(lemmas, firstFive))) / fiveAll
	limit := func(what string, of []Lemma, stripped int) Measure {
		pairs := Conflated(of, Written)
		most := share * float64(stripped)
		return Measure{
			What:   "pairs of lemmas wrongly joined, " + what,
			Target: fmt.Sprintf("fewer than %.0f", most),
			Beside: fmt.Sprintf("%d x %.3f = %.0f", stripped, share, most),
			Got:    fmt.Sprint(len(pairs)),
			Missed: float64(len(pairs)) >= most,
		}
	}
	measures := []Measure{
		limit("all", lemmas, strippedAll),
		limit("NOUN and PROPN", Of(lemmas, "NOUN", "PROPN"), strippedNouns),
	}
	for _, part := range []string{"NOUN", "PROPN", "ADJ", "VERB", "ADV"} {
		measures = append(measures, Measure{
			What: "pairs of lemmas wrongly joined, " + part,
			Got:  fmt.Sprint(len(Conflated(Of(lemmas, part), Written))),
		})
	}
	return append(measures, Measure{
		What: "pairs of lemmas that share a form, all",
		Got: fmt.Sprint(len(Conflated(lemmas, func(form string) []string {
			return []string{lithuanian.Exact(form)}
		}))),
	})
}

func firstFive(form string) []string {
	letters := []rune(form)
	return []string{string(letters[:min(5, len(letters))])}
}

// EvaluatePairs measures the groups of words that must, or must not, find each
// other: must-match.tsv, must-not-match.tsv, typed-without-diacritics.tsv and
// fold-collisions.tsv in folder.
func EvaluatePairs(folder fs.FS) ([]Measure, error) {
	match, err := readTable(folder, "must-match.tsv")
	if err != nil {
		return nil, err
	}
	typed, err := readTable(folder, "typed-without-diacritics.tsv")
	if err != nil {
		return nil, err
	}
	apart, err := readTable(folder, "must-not-match.tsv")
	if err != nil {
		return nil, err
	}
	collisions, err := readTable(folder, "fold-collisions.tsv")
	if err != nil {
		return nil, err
	}
	return []Measure{mustMatch(match), mustMeet(typed), mustNotMatch("must-not-match", apart), mustNotMatch("fold-collisions", collisions)}, nil
}

// mustMatch counts the groups in which each form finds each other.
func mustMatch(groups [][]string) Measure {
	found, missed := 0, []string(nil)
	for _, group := range groups {
		lemma := Lemma{Forms: strings.Fields(strings.Join(group, " "))}
		if pairs := Missed([]Lemma{lemma}, Written, Written); len(pairs) > 0 {
			missed = append(missed, fmt.Sprint(group[0], ": ", pairs))
			continue
		}
		found++
	}
	return all("must-match groups", found, len(groups), missed)
}

func mustMeet(pairs [][]string) Measure {
	found, missed := 0, []string(nil)
	for _, pair := range pairs {
		if Tier(pair[0], pair[1]) == 0 {
			missed = append(missed, pair[0]+" "+pair[1])
			continue
		}
		found++
	}
	return all("typed without diacritics", found, len(pairs), missed)
}

// mustNotMatch counts the pairs of which one would rank as an exact hit of the
// other, and says which meet in a lower tier, which is allowed.
func mustNotMatch(name string, pairs [][]string) Measure {
	low, lower, exact := 0, []string(nil), []string(nil)
	for _, pair := range pairs {
		switch tier := max(Tier(pair[0], pair[1]), Tier(pair[1], pair[0])); tier {
		case 3:
			exact = append(exact, pair[0]+" "+pair[1])
		case 2, 1:
			lower = append(lower, fmt.Sprintf("%s %s (tier %d)", pair[0], pair[1], tier))
			low++
		}
	}
	return Measure{
		What:   fmt.Sprintf("%s pairs, %d: as an exact hit, and lower", name, len(pairs)),
		Target: "none as an exact hit",
		Got:    fmt.Sprintf("%d and %d", len(exact), low),
		Missed: len(exact) > 0,
		Detail: append(exact, lower...),
	}
}

func all(what string, found, of int, missed []string) Measure {
	return Measure{
		What: what, Target: fmt.Sprintf("all %d", of), Got: fmt.Sprint(found),
		Missed: found < of || of == 0, Detail: missed,
	}
}

// readTable reads the first two columns of a file of lines parted by tabs.
func readTable(folder fs.FS, name string) (rows [][]string, err error) {
	file, err := folder.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		fields := strings.Split(lines.Text(), "\t")
		if len(fields) < 2 {
			return nil, fmt.Errorf("%s, line %d: want two columns", name, number)
		}
		rows = append(rows, fields[:2])
	}
	return rows, lines.Err()
}
