package search

import (
	"errors"
	"slices"

	index "github.com/blevesearch/bleve_index_api"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// vocabulary finds what the items of one query may be in the words of the index.
type vocabulary struct {
	analyzers *terms.Analyzers
	languages []string
	work      *work
}

// opened is an item that was looked up.
type opened struct {
	item

	matcher *matcher
	phrase  *phrase // nil for a single word
}

// open returns the matchers of items. What is certain is looked up first, for all
// of them; they share what work is left for the rest. After an error the
// matchers have to be closed, too.
func (v *vocabulary) open(r index.IndexReader, items []item) ([]*matcher, error) {
	all, matchers := make([]opened, len(items)), make([]*matcher, len(items))
	for i, one := range items {
		matchers[i] = &matcher{work: v.work}
		all[i] = opened{item: one, matcher: matchers[i]}
		if one.phrase() {
			all[i].phrase = newPhrase(one.words)
		}
	}
	for _, step := range []func(index.IndexReader, []opened) error{v.certain, v.openForms, v.loose} {
		if err := step(r, all); err != nil {
			return matchers, err
		}
	}
	return matchers, nil
}

// certain adds words as they are written, and single words in other forms.
func (v *vocabulary) certain(r index.IndexReader, all []opened) error {
	for _, o := range all {
		var err error
		if o.phrase != nil {
			err = v.phraseAsWritten(r, o.matcher, o.phrase)
		} else {
			err = v.word(r, o.matcher, o.words[0])
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// word adds a word as it is written and in other forms.
func (v *vocabulary) word(r index.IndexReader, m *matcher, word terms.Terms) error {
	for _, p := range texts() {
		if err := v.add(r, m, byExact, p, p.exact(), []string{word.Exact}); err != nil {
			return err
		}
	}
	folded := make([]string, 0, 2*len(word.Folded))
	for _, stem := range word.Folded {
		folded = append(folded, stem, terms.Plain(stem))
	}
	for _, p := range stemmed() {
		if err := v.add(r, m, byClass, p, p.stem(), word.Class); err != nil {
			return err
		}
		if err := v.add(r, m, byFolded, p, p.stem(), folded); err != nil {
			return err
		}
	}
	return nil
}

func (v *vocabulary) add(r index.IndexReader, m *matcher, t tier, p Place, field string, all []string) error {
	v.work.opened += len(all)
	opened, err := openTerms(v.work.ctx, r, field, all)
	for _, one := range opened {
		m.leaves = append(m.leaves, leaf{postings: one, tier: t, place: p})
	}
	return err
}

// loose adds what begins with the words, then what is one typing error away from
// them.
func (v *vocabulary) loose(r index.IndexReader, all []opened) error {
	type dictionary func(field string) (index.FieldDict, error)
	fuzzy, canErr := r.(index.IndexReaderFuzzy)
	for _, t := range []tier{byPrefix, byEdit} {
		var dictionaries []dictionary
		var matchers []*matcher
		for _, o := range all {
			switch {
			case t == byPrefix && o.prefix != "":
				dictionaries = append(dictionaries, func(field string) (index.FieldDict, error) {
					return r.FieldDictPrefix(field, []byte(o.prefix))
				})
			case t == byEdit && o.edit != "" && canErr:
				dictionaries = append(dictionaries, func(field string) (index.FieldDict, error) {
					if ok, err := v.work.look(editCosts); !ok || err != nil {
						return nil, err
					}
					return fuzzy.FieldDictFuzzy(field, o.edit, 1, "")
				})
			default:
				continue
			}
			matchers = append(matchers, o.matcher)
		}
		places := []Place{Title, anywhere}
		parts := len(matchers) * len(places)
		for i, m := range matchers {
			for _, p := range places {
				words, err := v.commonest(func() (index.FieldDict, error) { return dictionaries[i](p.form()) }, v.work.share(parts))
				if err != nil {
					return err
				}
				parts--
				if err := v.add(r, m, t, p, p.form(), words); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// commonest returns the words of a part of a dictionary, the commonest when there
// are more than limit.
func (v *vocabulary) commonest(open func() (index.FieldDict, error), limit int) ([]string, error) {
	type entry struct {
		term  string
		count uint64
	}
	var all []entry
	if err := v.walk(open, func(next *index.DictEntry) { all = append(all, entry{next.Term, next.Count}) }); err != nil {
		return nil, err
	}
	if len(all) > limit {
		slices.SortStableFunc(all, func(a, b entry) int { return int(b.count) - int(a.count) }) //nolint:gosec // documents are fewer
		all = all[:limit]
	}
	words := make([]string, len(all))
	for i, e := range all {
		words[i] = e.term
	}
	return words, nil
}

// walk goes through a part of a dictionary as far as the work of the search
// allows. A dictionary that is nil has no words.
func (v *vocabulary) walk(open func() (index.FieldDict, error), each func(*index.DictEntry)) error {
	dict, err := open()
	if err != nil || dict == nil {
		return err
	}
	for {
		ok, err := v.work.look(1)
		if err != nil {
			return errors.Join(err, dict.Close())
		}
		if !ok {
			break
		}
		next, err := dict.Next()
		if err != nil {
			return errors.Join(err, dict.Close())
		}
		if next == nil {
			break
		}
		each(next)
	}
	return dict.Close()
}
