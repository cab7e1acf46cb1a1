package search

import (
	"math/bits"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search"
	blevesearcher "github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// minForms is how many letters a word of a phrase has whose forms are found. A
// shorter one is found with other diacritics.
const minForms = 3

// phrase is words side by side, and what they may be in each place.
type phrase struct {
	words []terms.Terms
	// exact says which words each place has as they are written, a bit for
	// each.
	exact [places]uint32
	// class and folded are, for each place and word, the words of the index that
	// share a stem with it, with diacritics and without.
	class, folded [places][][]string
	classOf       map[string]uint32 // the words that have a stem
	foldedOf      map[string]uint32
	known         map[string]kinship
}

// kinship says which words of a phrase a word of the index is a form of, a bit for
// each.
type kinship struct{ class, folded uint32 }

func newPhrase(words []terms.Terms) *phrase {
	ph := &phrase{words: words, classOf: map[string]uint32{}, foldedOf: map[string]uint32{}, known: map[string]kinship{}}
	for i, word := range words {
		if short(word) {
			continue
		}
		for _, stem := range word.Class {
			ph.classOf[stem] |= 1 << i
		}
		for _, stem := range word.Folded {
			ph.foldedOf[stem] |= 1 << i
		}
	}
	return ph
}

func short(word terms.Terms) bool { return utf8.RuneCountInString(word.Exact) < minForms }

// phraseAsWritten adds the words of a phrase side by side, as they are written.
func (v *vocabulary) phraseAsWritten(r index.IndexReader, m *matcher, ph *phrase) error {
	for _, p := range texts() {
		all := make([][]string, len(ph.words))
		for i, word := range ph.words {
			known, err := v.has(r, p.exact(), word.Exact)
			if err != nil {
				return err
			}
			if known {
				ph.exact[p] |= 1 << i
				all[i] = []string{word.Exact}
			}
		}
		if err := v.sideBySide(r, m, byExact, p, all); err != nil {
			return err
		}
	}
	return nil
}

// has reports whether a field has a term.
func (v *vocabulary) has(r index.IndexReader, field, term string) (bool, error) {
	if ok, err := v.work.look(1); !ok || err != nil {
		return false, err
	}
	dict, ok := r.(index.IndexReaderContains)
	if !ok {
		return true, nil
	}
	words, err := dict.FieldDictContains(field)
	if err != nil {
		return false, err
	}
	return words.Contains([]byte(term))
}

// phraseInForms adds the words of a phrase side by side, in the forms that their
// stems allow. A word has at most limit forms in a place and tier.
func (v *vocabulary) phraseInForms(r index.IndexReader, m *matcher, ph *phrase, limit int) error {
	for _, p := range texts() {
		ph.class[p], ph.folded[p] = make([][]string, len(ph.words)), make([][]string, len(ph.words))
		for i, word := range ph.words {
			if ph.exact[p]&(1<<i) != 0 {
				ph.class[p][i], ph.folded[p][i] = []string{word.Exact}, []string{word.Exact}
			}
			if err := v.diacritics(r, ph, p, i, limit); err != nil {
				return err
			}
		}
	}
	for _, beginning := range ph.beginnings() {
		for _, p := range texts() {
			if err := v.forms(r, ph, p, beginning, limit); err != nil {
				return err
			}
		}
	}
	for _, p := range texts() {
		// What is no more than a better tier has finds nothing more.
		more := slices.ContainsFunc(ph.class[p], func(forms []string) bool { return len(forms) > 1 }) || ph.exact[p] != 1<<len(ph.words)-1
		if more {
			if err := v.sideBySide(r, m, byClass, p, ph.class[p]); err != nil {
				return err
			}
		}
		if !slices.EqualFunc(ph.class[p], ph.folded[p], slices.Equal[[]string]) {
			if err := v.sideBySide(r, m, byFolded, p, ph.folded[p]); err != nil {
				return err
			}
		}
	}
	return nil
}

// sideBySide adds words side by side, each in any of its forms.
func (v *vocabulary) sideBySide(r index.IndexReader, m *matcher, t tier, p Place, words [][]string) error {
	for _, forms := range words {
		if len(forms) == 0 {
			return nil
		}
	}
	found, err := blevesearcher.NewMultiPhraseSearcher(v.work.ctx, watched{r, v.work}, words, 0, false, p.exact(), 1, search.SearcherOptions{})
	if err != nil {
		return err
	}
	m.leaves = append(m.leaves, leaf{postings: &phrasePostings{searcher: found}, tier: t, place: p})
	return nil
}

// diacritics adds to a short word what it is with other diacritics.
func (v *vocabulary) diacritics(r index.IndexReader, ph *phrase, p Place, i, limit int) error {
	word := ph.words[i]
	if !short(word) {
		return nil
	}
	for _, form := range word.Forms {
		if utf8.RuneCountInString(form) >= minForms {
			continue
		}
		for _, variant := range spellings(form, minForms-1) {
			if variant == word.Exact || len(ph.folded[p][i]) >= limit {
				continue
			}
			known, err := v.has(r, p.exact(), variant)
			if err != nil {
				return err
			}
			if known {
				ph.folded[p][i] = append(ph.folded[p][i], variant)
			}
		}
	}
	return nil
}

// forms goes through the words of a place that have a beginning, and adds them
// to the words of the phrase that they share a stem with.
func (v *vocabulary) forms(r index.IndexReader, ph *phrase, p Place, beginning string, limit int) error {
	return v.walk(func() (index.FieldDict, error) { return r.FieldDictPrefix(p.exact(), []byte(beginning)) }, func(next *index.DictEntry) {
		kin, ok := ph.known[next.Term]
		if !ok {
			kin = v.kinship(ph, next.Term)
			ph.known[next.Term] = kin
		}
		add := func(to [][]string, i int) {
			if next.Term != ph.words[i].Exact && len(to[i]) < limit {
				to[i] = append(to[i], next.Term)
			}
		}
		for of := kin.class; of != 0; of &= of - 1 {
			add(ph.class[p], bits.TrailingZeros32(of))
		}
		for of := kin.folded; of != 0; of &= of - 1 {
			add(ph.folded[p], bits.TrailingZeros32(of))
		}
	})
}

func (v *vocabulary) kinship(ph *phrase, word string) (kin kinship) {
	add := func(t terms.Terms) {
		for _, stem := range t.Class {
			kin.class |= ph.classOf[stem]
		}
		for _, stem := range t.Folded {
			kin.folded |= ph.foldedOf[stem]
		}
	}
	if len(v.languages) == 0 {
		add(v.analyzers.Query(word, nil))
	}
	for _, code := range v.languages {
		add(v.analyzers.For(code).Word(word))
	}
	return kin
}

// beginnings returns how words may begin that are forms of one of the phrase,
// none of them the beginning of another. Those of long words, which few words
// have, come first.
func (ph *phrase) beginnings() []string {
	words := slices.DeleteFunc(slices.Clone(ph.words), short)
	slices.SortStableFunc(words, func(a, b terms.Terms) int { return len(b.Forms[0]) - len(a.Forms[0]) })
	var all []string
	for _, word := range words {
		for _, one := range beginnings(word) {
			if !slices.Contains(all, one) {
				all = append(all, one)
			}
		}
	}
	covered := func(one string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return len(other) < len(one) && strings.HasPrefix(one, other) })
	}
	var apart []string
	for _, one := range all {
		if !covered(one) {
			apart = append(apart, one)
		}
	}
	return apart
}

// beginnings returns how words may begin that are forms of one: its first three
// letters, or two of a short one, with any diacritics. The few words that change
// even these (eiti, ėjo) are found in phrases as they are written.
func beginnings(word terms.Terms) []string {
	count := 3
	if len(word.Forms[0]) < 5 {
		count = 2
	}
	all := spellings(word.Forms[0], count)
	if first := firstLetters(word.Exact, count); !slices.Contains(all, first) {
		all = append(all, first)
	}
	return all
}

// spellings returns the first letters of a form with any diacritics.
func spellings(form string, count int) []string {
	all := []string{""}
	for range count {
		letter, size := utf8.DecodeRuneInString(form)
		if size == 0 {
			break
		}
		form = form[size:]
		var longer []string
		for _, one := range all {
			for _, variant := range variants(letter) {
				longer = append(longer, one+string(variant))
			}
		}
		all = longer
	}
	return all
}

func firstLetters(word string, count int) string {
	letters := []rune(word)
	return string(letters[:min(count, len(letters))])
}

// variants returns the letters that are written as the letter without
// diacritics.
func variants(letter rune) []rune {
	for _, group := range []string{"aąåäáæ", "cč", "eęėé", "iį", "oøö", "sš", "uųūü", "zž", "lł"} {
		if strings.HasPrefix(group, string(letter)) {
			return []rune(group)
		}
	}
	return []rune{letter}
}

// phraseParts is how many lists of forms the words of phrases have.
func phraseParts(words int) int { return words * len(texts()) * 2 }

// openForms adds to every phrase the forms of its words.
func (v *vocabulary) openForms(r index.IndexReader, all []opened) error {
	words := 0
	for _, o := range all {
		if o.phrase != nil {
			words += len(o.phrase.words)
		}
	}
	limit := v.work.share(phraseParts(words))
	for _, o := range all {
		if o.phrase == nil {
			continue
		}
		if err := v.phraseInForms(r, o.matcher, o.phrase, limit); err != nil {
			return err
		}
	}
	return nil
}
