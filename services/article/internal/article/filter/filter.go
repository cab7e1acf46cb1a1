// Package filter selects articles by an AIP-160 filter over language_code,
// tags, topics, state, slug and translation_group:
//
//	language_code = "lt" AND (tags:"Danija" OR NOT state = DRAFT)
//
// A field is compared with = and !=, and asked with : whether it holds a value
// ("tags:*": any). OR binds tighter than AND, as in AIP-160; terms side by side
// are joined by AND.
package filter

import (
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Filter decides which articles to list. The zero value takes all.
type Filter struct{ match test }

type test func(*articlev1.Article) bool

// Empty reports whether the filter takes every article.
func (f Filter) Empty() bool { return f.match == nil }

// Match reports whether the filter takes the article.
func (f Filter) Match(a *articlev1.Article) bool { return f.match == nil || f.match(a) }

// Parse reads a filter; an empty text takes all. It fails with INVALID_FILTER.
func Parse(text string) (Filter, error) {
	words, err := split(text)
	if err != nil {
		return Filter{}, err
	}
	if len(words) == 0 {
		return Filter{}, nil
	}
	p := &parser{words: words}
	match, err := p.all(0)
	if err == nil && p.at < len(p.words) {
		err = refuse("%q has no place here", p.words[p.at].text)
	}
	return Filter{match: match}, err
}

func refuse(text string, args ...any) error {
	return fault.Invalid("filter", faultv1.Reason_REASON_INVALID_FILTER, text, args...)
}

// restriction is one comparison of a field.
func restriction(field, operator, value string, quoted bool) (test, error) {
	values := valuesOf(field)
	switch {
	case values == nil:
		return nil, refuse("there is no field %q to filter by; use language_code, tags, topics, state, slug or translation_group", field)
	case (field == "tags" || field == "topics") && operator != ":":
		return nil, refuse("%s is a list: write %s:%q", field, field, value)
	}
	if operator == ":" && value == "*" && !quoted {
		return func(a *articlev1.Article) bool { return len(values(a)) > 0 }, nil
	}
	if field == "state" {
		number, known := articlev1.Article_State_value["STATE_"+strings.TrimPrefix(value, "STATE_")]
		if !known || number == 0 {
			return nil, refuse("there is no state %q", value)
		}
		value = strings.TrimPrefix(value, "STATE_")
	}
	want := operator != "!="
	return func(a *articlev1.Article) bool { return slices.Contains(values(a), value) == want }, nil
}

// valuesOf returns how to read a field; nil when there is no such field.
func valuesOf(field string) func(*articlev1.Article) []string {
	one := func(read func(*articlev1.Article) string) func(*articlev1.Article) []string {
		return func(a *articlev1.Article) []string {
			if v := read(a); v != "" {
				return []string{v}
			}
			return nil
		}
	}
	switch field {
	case "language_code":
		return one((*articlev1.Article).GetLanguageCode)
	case "slug":
		return one((*articlev1.Article).GetSlug)
	case "translation_group":
		return one((*articlev1.Article).GetTranslationGroup)
	case "state":
		return one(func(a *articlev1.Article) string { return strings.TrimPrefix(a.GetState().String(), "STATE_") })
	case "tags":
		return (*articlev1.Article).GetTags
	case "topics":
		return (*articlev1.Article).GetTopics
	}
	return nil
}
