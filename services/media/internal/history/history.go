// Package history knows which revisions of an article use which photos. It
// reads no clock and stores nothing.
//
// Saves are added in order. A photo that stays where it was costs nothing: its
// span of revisions is open and goes on by itself.
package history

import (
	"maps"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// History is one article.
type History struct {
	// Article is what is known of it; never nil.
	Article *recordv1.UsingArticle
	// Uses are its photos, by name.
	Uses map[photo.Name]*recordv1.Usage
}

// New returns the history of an article that has no revisions yet.
func New(uid string) *History {
	return &History{Article: &recordv1.UsingArticle{Uid: uid}, Uses: make(map[photo.Name]*recordv1.Usage)}
}

// Clone returns a copy that shares nothing.
func (h *History) Clone() *History {
	c := &History{Article: proto.CloneOf(h.Article), Uses: make(map[photo.Name]*recordv1.Usage, len(h.Uses))}
	for name, use := range h.Uses {
		c.Uses[name] = proto.CloneOf(use)
	}
	return c
}

// Save adds a revision, which must be later than all that were added, with the
// places of each photo.
func (h *History) Save(number int64, places map[photo.Name][]string) {
	h.Article.Revision = number
	h.Article.Kept = extend(h.Article.GetKept(), number)
	for name, use := range h.Uses {
		if _, still := places[name]; !still {
			if last := use.GetSpans()[len(use.GetSpans())-1]; last.GetLast() == 0 {
				last.Last = number - 1
			}
		}
	}
	for name, where := range places {
		use := h.Uses[name]
		if use == nil {
			use = &recordv1.Usage{}
			h.Uses[name] = use
		}
		if n := len(use.GetSpans()); n == 0 || use.GetSpans()[n-1].GetLast() != 0 {
			use.Spans = append(use.Spans, &recordv1.Span{First: number})
		}
		use.Places = where
	}
}

// Keep says which revisions are kept, in ascending order; the newest and the
// published one always are.
func (h *History) Keep(numbers []int64) {
	h.Article.Kept = nil
	for _, number := range numbers {
		h.Article.Kept = extend(h.Article.GetKept(), number)
	}
}

// Show says which revision readers see, 0 for none, and works out how each
// photo is used. Photos that no kept revision uses are forgotten.
func (h *History) Show(published int64) {
	h.Article.PublishedRevision = published
	maps.DeleteFunc(h.Uses, func(_ photo.Name, use *recordv1.Usage) bool {
		use.Working = use.GetSpans()[len(use.GetSpans())-1].GetLast() == 0
		use.Published = published > 0 && contains(use.GetSpans(), published)
		return Count(h.Article, use) == 0
	})
}

// Numbers returns the revisions that are kept, ascending.
func (h *History) Numbers() []int64 {
	var numbers []int64
	for _, span := range h.Article.GetKept() {
		for number := span.GetFirst(); number <= span.GetLast(); number++ {
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// Count returns how many of the kept revisions of an article are those of a
// usage.
func Count(a *recordv1.UsingArticle, use *recordv1.Usage) int {
	count := int64(0)
	for _, span := range use.GetSpans() {
		last := span.GetLast()
		if last == 0 {
			last = a.GetRevision()
		}
		for _, kept := range a.GetKept() {
			count += max(0, min(last, kept.GetLast())-max(span.GetFirst(), kept.GetFirst())+1)
		}
	}
	return int(count)
}

func contains(spans []*recordv1.Span, number int64) bool {
	return slices.ContainsFunc(spans, func(s *recordv1.Span) bool {
		return s.GetFirst() <= number && (s.GetLast() == 0 || number <= s.GetLast())
	})
}

// extend adds a number to spans that end before it.
func extend(spans []*recordv1.Span, number int64) []*recordv1.Span {
	if n := len(spans); n > 0 && spans[n-1].GetLast() == number-1 {
		spans[n-1].Last = number
		return spans
	}
	return append(spans, &recordv1.Span{First: number, Last: number})
}
