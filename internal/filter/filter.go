// Package filter selects resources by AIP-160 filters:
//
//	language_code = "lt" AND (tags:"Danija" OR NOT state = DRAFT) AND publish_time >= "2024-01-01T00:00:00Z"
//
// Each kind of resource has its Fields. A field is compared with = and !=, if it
// has an order with <, <=, > and >= too, and asked with : whether it holds a
// value ("tags:*": any). OR binds tighter than AND, as in AIP-160; terms side by
// side are joined by AND, and - is NOT. Texts are compared letter by letter;
// wildcards, functions and bare values are not part of it.
package filter

import (
	"maps"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Filter decides which resources to list. The zero value takes all.
type Filter[T any] struct{ root node[T] }

// Empty reports whether the filter takes everything.
func (f Filter[T]) Empty() bool { return f.root.match == nil }

// Match reports whether the filter takes v.
func (f Filter[T]) Match(v T) bool { return f.root.match == nil || f.root.match(v) }

// Required returns comparisons that hold for everything the filter takes: those
// joined by AND from the outside. A list can use one of them to look at less.
func (f Filter[T]) Required() []Comparison { return f.root.required }

// Excluded returns comparisons that hold for nothing the filter takes: single
// ones that are negated, joined by AND from the outside.
func (f Filter[T]) Excluded() []Comparison { return f.root.excluded }

// Exact reports whether the filter takes everything for which all the Required
// comparisons hold.
func (f Filter[T]) Exact() bool { return f.Empty() || f.root.exact }

// Comparison is one comparison of a field, in the words of the filter.
type Comparison struct {
	Field, Operator, Value string
	// Quoted tells "*" from *.
	Quoted bool
}

// Any reports whether the comparison asks for any value.
func (c Comparison) Any() bool { return c.Operator == ":" && c.Value == "*" && !c.Quoted }

// Fields are what a kind of resource can be filtered by, by name.
type Fields[T any] map[string]Field[T]

// Field makes a test out of a comparison, or fails with INVALID_FILTER.
type Field[T any] func(Comparison) (func(T) bool, error)

// Parse reads a filter over the fields; an empty text takes all. It fails with
// INVALID_FILTER. The work is bounded by the length of the text.
func Parse[T any](text string, fields Fields[T]) (Filter[T], error) {
	words, err := split(text)
	if err != nil {
		return Filter[T]{}, err
	}
	if len(words) == 0 {
		return Filter[T]{}, nil
	}
	p := &parser[T]{words: words, fields: fields}
	root, err := p.all(0)
	if err == nil && p.at < len(p.words) {
		err = refuse("%q has no place here", p.words[p.at].text)
	}
	if err != nil {
		return Filter[T]{}, err
	}
	return Filter[T]{root: root}, nil
}

// compare makes the test of one comparison.
func (f Fields[T]) compare(c Comparison) (func(T) bool, error) {
	field, ok := f[c.Field]
	if !ok {
		names := slices.Sorted(maps.Keys(f))
		return nil, refuse("there is no field %q to filter by; use one of %s", c.Field, strings.Join(names, ", "))
	}
	return field(c)
}

func refuse(text string, args ...any) error {
	return fault.Invalid("filter", faultv1.Reason_REASON_INVALID_FILTER, text, args...)
}
