package filter_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article/filter"
)

func TestMatch(t *testing.T) {
	a := &articlev1.Article{
		LanguageCode: "lt", Tags: []string{"Danija", "knygų mugė"}, Slug: "stazuote", State: articlev1.Article_STATE_PUBLISHED,
	}
	for text, want := range map[string]bool{
		``:                                      true,
		`language_code = "lt"`:                  true,
		`language_code=lt`:                      true,
		`language_code != "lt"`:                 false,
		`language_code = "en" OR tags:"Danija"`: true,
		`tags:"Danija" AND tags:'knygų mugė'`:   true,
		`tags:"Danija" tags:"Norvegija"`:        false,
		`NOT tags:"Norvegija"`:                  true,
		`state = PUBLISHED`:                     true,
		`state = STATE_DRAFT`:                   false,
		`topics:*`:                              false,
		`tags:*`:                                true,
		`translation_group = ""`:                false,
		`(slug = a OR slug = stazuote) AND state=DRAFT`: false,
		// OR binds tighter than AND.
		`state = DRAFT AND slug = a OR slug = stazuote`:    false,
		`slug = "stazuote" AND NOT (tags:"x" OR tags:"y")`: true,
	} {
		f, err := filter.Parse(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := f.Match(a); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestRefuse(t *testing.T) {
	for _, text := range []string{
		`color = "red"`, `tags = "x"`, `slug`, `slug =`, `slug = "a`, `(slug = a`, `slug = a)`, `state = NEW`,
		`slug > "a"`, `AND`, `NOT`, `slug = a AND`, `!`, strings.Repeat("(", 900), strings.Repeat("NOT ", 200) + "slug = a",
	} {
		if _, err := filter.Parse(text); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FILTER {
			t.Errorf("%.40s: got %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`language_code = "lt" AND (tags:"Danija" OR NOT state = DRAFT)`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := filter.Parse(text)
		if err != nil && fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FILTER {
			t.Errorf("got %v", err)
		}
		if err == nil {
			got.Match(&articlev1.Article{})
		}
	})
}
