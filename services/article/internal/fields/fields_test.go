package fields_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/fields"
)

func TestMatchArticles(t *testing.T) {
	a := &articlev1.Article{
		LanguageCode: "lt", Tags: []string{"Danija", "knygų mugė"}, Slug: "stazuote", State: articlev1.Article_STATE_PUBLISHED,
		Bylines:     []*articlev1.Byline{{DisplayName: "Ona Petraitė"}},
		PublishTime: timestamppb.New(time.Date(2024, 6, 7, 9, 0, 0, 0, time.UTC)),
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
		`slug = "stazuote" -tags:"x" -(tags:y OR tags:z)`:  true,
		`-state = PUBLISHED`:                               false,
		`- state = PUBLISHED`:                              false,
		`state != DRAFT state:*`:                           true,
		`slug:stazuote slug:*`:                             true,
		`slug != ""`:                                       true,
		`bylines:"Ona Petraitė"`:                           true,
		`tags:"*"`:                                         false,
		`publish_time >= "2024-06-07T09:00:00Z"`:           true,
		`publish_time > "2024-06-07T09:00:00Z"`:            false,
		`publish_time<=2024-06-07T12:00:00+03:00`:          true,
		`(publish_time<2024-06-07T12:00:00+03:00)`:         false,
		`publish_time = "2024-06-07T09:00:00.000000Z"`:     true,
		`publish_time != "2024-06-07T09:00:00Z"`:           false,
		`publish_time:* AND NOT create_time:*`:             true,
		`create_time < "2024-06-07T09:00:00Z"`:             false,
		`create_time > "2024-06-07T09:00:00Z"`:             false,
		`create_time != "2024-06-07T09:00:00Z"`:            true,
	} {
		f, err := filter.Parse(text, fields.Articles())
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
		`slug > "a"`, `slug < = a`, `= = =`, `slug = (a`, `slug (a)`, `slug ! a`, `publish_time > yesterday`, `publish_time > "2024-06-07"`,
		`publish_time : "2024-06-07T09:00:00Z"`, `tags != *`, `state = 0`, `state = UNSPECIFIED`, `state > DRAFT`, `-`, `slug = a -`, `AND`, `NOT`, `slug = a AND`, `!`, strings.Repeat("(", 900), strings.Repeat("NOT ", 200) + "slug = a",
	} {
		if _, err := filter.Parse(text, fields.Articles()); fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FILTER {
			t.Errorf("%.40s: got %v", text, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`language_code = "lt" AND (tags:"Danija" OR NOT state = DRAFT)`)
	f.Add(`-publish_time>=2024-06-07T09:00:00Z topics:* slug:'a\'b'`)
	f.Fuzz(func(t *testing.T, text string) {
		got, err := filter.Parse(text, fields.Articles())
		if err != nil && fault.ReasonOf(err) != faultv1.Reason_REASON_INVALID_FILTER {
			t.Errorf("got %v", err)
		}
		if err == nil {
			got.Match(&articlev1.Article{})
		}
	})
}
