package search

import (
	"github.com/blevesearch/bleve/v2/search"
)

// leaf is postings that say how and where an item was met.
type leaf struct {
	postings

	tier  tier
	place Place
	doc   uint64
}

// matcher walks the documents that have an item, in any tier and place.
type matcher struct {
	leaves []leaf
	doc    uint64 // the one it stands on
	work   *work
}

// start moves to the first document.
func (m *matcher) start(ctx *search.SearchContext) (err error) {
	for i := range m.leaves {
		l := &m.leaves[i]
		if l.doc, err = l.next(ctx); err != nil {
			return err
		}
	}
	m.settle()
	return nil
}

// settle makes the least document of the leaves the current one.
func (m *matcher) settle() {
	m.doc = none
	for i := range m.leaves {
		m.doc = min(m.doc, m.leaves[i].doc)
	}
}

// advance moves to the first document that is not before doc.
func (m *matcher) advance(ctx *search.SearchContext, doc uint64) (err error) {
	if err := m.work.step(); err != nil {
		return err
	}
	for i := range m.leaves {
		l := &m.leaves[i]
		switch {
		case l.doc >= doc:
			continue
		case l.doc+1 == doc:
			l.doc, err = l.next(ctx)
		default:
			l.doc, err = l.advance(ctx, doc)
		}
		if err != nil {
			return err
		}
	}
	m.settle()
	return nil
}

// judge returns the best tier of the current document, and what the item counts
// in it: every place by the best tier there.
func (m *matcher) judge() (best tier, counts float64) {
	var tiers [places]tier
	for i := range m.leaves {
		if l := &m.leaves[i]; l.doc == m.doc {
			tiers[l.place] = max(tiers[l.place], l.tier)
		}
	}
	if max(tiers[Lead], tiers[Body], tiers[Captions], tiers[Tags]) > 0 {
		tiers[anywhere] = 0 // better is known
	}
	for p, t := range tiers {
		if t > 0 {
			best = max(best, t)
			counts += Place(p).weight() * t.factor()
		}
	}
	return best, counts
}

func (m *matcher) close() error {
	all := make([]postings, len(m.leaves))
	for i, l := range m.leaves {
		all[i] = l.postings
	}
	return closeAll(all)
}
