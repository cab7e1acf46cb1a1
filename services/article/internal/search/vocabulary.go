package search

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/search"
	blevesearcher "github.com/blevesearch/bleve/v2/search/searcher"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/skaitykla/skaitykla/services/article/internal/search/terms"
)

// maxExpand bounds how many words of the index stand for a beginning, a typing
// error or a word of a phrase.
const maxExpand = 400

// maxScan bounds how many words are looked at for that.
const maxScan = 1 << 17

// vocabulary finds what an item may be in the words of the index.
type vocabulary struct {
	analyzers *terms.Analyzers
	languages []string
}

// open returns the matcher of an item.
func (v *vocabulary) open(ctx context.Context, r index.IndexReader, i item) (m *matcher, err error) {
	m = &matcher{}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.close())
		}
	}()
	if i.phrase() {
		return m, v.phrase(ctx, r, m, i.words)
	}
	word := i.words[0]
	for _, p := range texts() {
		if err := m.add(ctx, r, byExact, p, p.exact(), []string{word.Exact}); err != nil {
			return m, err
		}
	}
	folded := make([]string, 0, 2*len(word.Folded))
	for _, stem := range word.Folded {
		folded = append(folded, stem, terms.Plain(stem))
	}
	for _, p := range stemmed() {
		if err := m.add(ctx, r, byClass, p, p.stem(), word.Class); err != nil {
			return m, err
		}
		if err := m.add(ctx, r, byFolded, p, p.stem(), folded); err != nil {
			return m, err
		}
	}
	return m, v.loose(ctx, r, m, i)
}

func (m *matcher) add(ctx context.Context, r index.IndexReader, t tier, p place, field string, all []string) error {
	opened, err := openTerms(ctx, r, field, all)
	for _, one := range opened {
		m.leaves = append(m.leaves, leaf{postings: one, tier: t, place: p})
	}
	return err
}

// loose adds what begins with the item, and what is one typing error away.
func (v *vocabulary) loose(ctx context.Context, r index.IndexReader, m *matcher, i item) error {
	for _, p := range []place{inTitle, anywhere} {
		if i.prefix != "" {
			words, err := dictionary(r.FieldDictPrefix(p.form(), []byte(i.prefix)))
			if err != nil {
				return err
			}
			if err := m.add(ctx, r, byPrefix, p, p.form(), words); err != nil {
				return err
			}
		}
		fuzzy, ok := r.(index.IndexReaderFuzzy)
		if i.edit == "" || !ok {
			continue
		}
		words, err := dictionary(fuzzy.FieldDictFuzzy(p.form(), i.edit, 1, ""))
		if err != nil {
			return err
		}
		if err := m.add(ctx, r, byEdit, p, p.form(), words); err != nil {
			return err
		}
	}
	return nil
}

// dictionary reads the words of a part of a dictionary, the commonest first
// when there are too many.
func dictionary(dict index.FieldDict, err error) ([]string, error) {
	if err != nil {
		return nil, err
	}
	type entry struct {
		term  string
		count uint64
	}
	var all []entry
	for len(all) < maxScan {
		next, err := dict.Next()
		if err != nil {
			return nil, errors.Join(err, dict.Close())
		}
		if next == nil {
			break
		}
		all = append(all, entry{next.Term, next.Count})
	}
	if len(all) > maxExpand {
		slices.SortStableFunc(all, func(a, b entry) int { return int(b.count) - int(a.count) }) //nolint:gosec // documents are fewer
		all = all[:maxExpand]
	}
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = e.term
	}
	return words, dict.Close()
}

// phrase adds words side by side: as they are written, and in the forms that
// their stems allow.
func (v *vocabulary) phrase(ctx context.Context, r index.IndexReader, m *matcher, words []terms.Terms) error {
	exact := make([][]string, len(words))
	for i, word := range words {
		exact[i] = []string{word.Exact}
	}
	for _, p := range texts() {
		if err := m.sideBySide(ctx, r, byExact, p, exact); err != nil {
			return err
		}
		class, folded := make([][]string, len(words)), make([][]string, len(words))
		for i, word := range words {
			var err error
			if class[i], folded[i], err = v.forms(r, p, word); err != nil {
				return err
			}
		}
		if err := m.sideBySide(ctx, r, byClass, p, class); err != nil {
			return err
		}
		if err := m.sideBySide(ctx, r, byFolded, p, folded); err != nil {
			return err
		}
	}
	return nil
}

func (m *matcher) sideBySide(ctx context.Context, r index.IndexReader, t tier, p place, words [][]string) error {
	for _, forms := range words {
		if len(forms) == 0 {
			return nil
		}
	}
	found, err := blevesearcher.NewMultiPhraseSearcher(ctx, r, words, 0, false, p.exact(), 1, search.SearcherOptions{})
	if err != nil {
		return err
	}
	m.leaves = append(m.leaves, leaf{postings: &phrasePostings{searcher: found}, tier: t, place: p})
	return nil
}

// forms returns the words of a place that share a stem with the word, with
// diacritics and without. They are looked for among those that begin like it.
func (v *vocabulary) forms(r index.IndexReader, p place, word terms.Terms) (class, folded []string, err error) {
	for _, beginning := range beginnings(word) {
		dict, err := r.FieldDictPrefix(p.exact(), []byte(beginning))
		if err != nil {
			return nil, nil, err
		}
		for range maxScan {
			next, err := dict.Next()
			if err != nil {
				return nil, nil, errors.Join(err, dict.Close())
			}
			if next == nil {
				break
			}
			other := v.analyzers.Query(next.Term, v.languages)
			if shares(word.Class, other.Class) && len(class) < maxExpand {
				class = append(class, strings.Clone(next.Term))
			}
			if shares(word.Folded, other.Folded) && len(folded) < maxExpand {
				folded = append(folded, strings.Clone(next.Term))
			}
		}
		if err := dict.Close(); err != nil {
			return nil, nil, err
		}
	}
	return class, folded, nil
}

func shares(a, b []string) bool {
	return slices.ContainsFunc(a, func(one string) bool { return slices.Contains(b, one) })
}

// beginnings returns how words may begin that are forms of one: its first three
// letters, or two of a short one, with any diacritics. The few words that change
// even these (eiti, ėjo) are found in phrases as they are written.
func beginnings(word terms.Terms) []string {
	all := []string{""}
	form := word.Forms[0]
	count := 3
	if len(form) < 5 {
		count = 2
	}
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
	if first := firstLetters(word.Exact, count); !slices.Contains(all, first) {
		all = append(all, first)
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
	for _, group := range []string{"aąåäá", "cč", "eęėé", "iį", "oøö", "sš", "uųūü", "zž"} {
		if strings.HasPrefix(group, string(letter)) {
			return []rune(group)
		}
	}
	return []rune{letter}
}
