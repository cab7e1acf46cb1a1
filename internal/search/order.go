package search

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/blevesearch/bleve/v2/search"
)

// freshness is what a year counts: a place outweighs twenty of them, and of two
// resources that have the words in the same places the newer one stands first.
const freshness = 0.05

// ranking orders hits by score and age, or by age alone. The value of a hit is
// unique on its site, so that pages neither overlap nor leave a gap.
type ranking struct {
	order Order
	term  []byte
}

// UpdateVisitor implements search.SearchSort.
func (r *ranking) UpdateVisitor(field string, term []byte) {
	if field == r.field() {
		r.term = append(r.term[:0], term...)
	}
}

// Value implements search.SearchSort.
func (r *ranking) Value(match *search.DocumentMatch) string {
	if r.order != BestFirst {
		value := string(r.term)
		r.term = r.term[:0]
		return value
	}
	score := match.Score
	if len(r.term) >= timeWidth {
		score += freshness * years(r.term[:timeWidth])
	}
	value := make([]byte, 8, 8+len(r.term))
	binary.BigEndian.PutUint64(value, math.Float64bits(max(0, score))) // in the order of positive numbers
	value = append(value, r.term...)
	r.term = r.term[:0]
	return string(value)
}

// years returns the time of a term in years since 1970, at least 0.
func years(term []byte) float64 {
	bits := uint64(0)
	for _, c := range term {
		digit := c - '0'
		if c >= 'a' {
			digit = c - 'a' + 10
		}
		bits = bits<<4 | uint64(digit&15)
	}
	micros := int64(bits ^ 1<<63) //nolint:gosec // the bits of TimeTerm
	return max(0, float64(micros)/float64(365*24*time.Hour/time.Microsecond))
}

func (r *ranking) field() string {
	if r.order == BestFirst {
		return fieldNewest
	}
	return fieldOrder
}

// DecodeValue implements search.SearchSort.
func (*ranking) DecodeValue(value string) string { return value }

// Descending implements search.SearchSort.
func (r *ranking) Descending() bool { return r.order != OldestFirst }

// RequiresDocID implements search.SearchSort.
func (*ranking) RequiresDocID() bool { return false }

// RequiresScoring implements search.SearchSort. The score is in the value.
func (*ranking) RequiresScoring() bool { return false }

// RequiresFields implements search.SearchSort.
func (r *ranking) RequiresFields() []string { return []string{r.field()} }

// Reverse implements search.SearchSort; nobody asks for it.
func (*ranking) Reverse() {}

// Copy implements search.SearchSort.
func (r *ranking) Copy() search.SearchSort { return &ranking{order: r.order} }
