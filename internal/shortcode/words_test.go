package shortcode_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestCheckWords(t *testing.T) {
	tests := []struct {
		words string
		says  string // empty when the words are right
	}{
		{"vasaros-skaitymai", ""},
		{"knyg", ""},
		{"2026", ""},
		{"muziejus", ""},
		{"knygu-muge-2027", ""},
		{"pa-ro-do", ""},
		{strings.Repeat("a", 40), ""},
		{"", "4 to 40"},
		{"abc", "4 to 40"},
		{strings.Repeat("a", 41), "4 to 40"},
		{"Vasara", "without spaces, capitals"},
		{"vasaros skaitymai", "without spaces"},
		{"žąsys", "accents"},
		{"\u212anygos", "accents"},
		{"https:", "made of a-z"},
		{"//evil", "made of a-z"},
		{"..%2f..", "made of a-z"},
		{"knygos.f", "made of a-z"},
		{"a\r\nb: c", "made of a-z"},
		{"-knygos", "single hyphens"},
		{"knygos-", "single hyphens"},
		{"kny--gos", "single hyphens"},
		{"----", "single hyphens"},
		{"k7m29qz9", "read as a code"},
		{"k7m29qzd", "read as a code"},
		{"vasara25", "read as a code"},
		{"parodoll", "read as a code"},
		{"00000000", "read as a code"},
		{"robots", "kept for the suite"},
		{"well-known", "kept for the suite"},
	}
	for _, test := range tests {
		t.Run(test.words, func(t *testing.T) {
			err := shortcode.CheckWords("share_link_id", test.words)
			if test.says == "" {
				if err != nil {
					t.Errorf("CheckWords(%q) = %v", test.words, err)
				}
				return
			}
			e, ok := fault.Of(err)
			if !ok || e.Reason != faultv1.Reason_REASON_INVALID_FIELD || e.Field != "share_link_id" || !strings.Contains(e.Message, test.says) {
				t.Errorf("CheckWords(%q) = %v, want INVALID_FIELD that says %q", test.words, err, test.says)
			}
		})
	}
}

// FuzzCheckWords holds that words which are accepted are found again, and are
// never taken for a code.
func FuzzCheckWords(f *testing.F) {
	for _, words := range []string{"vasaros-skaitymai", "vasara25", "k7m29qz9", "-a-b-", "admin", "OOOO", "\u212anygos"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		err := shortcode.CheckWords("share_link_id", words)
		if err != nil {
			if _, ok := fault.Of(err); !ok {
				t.Errorf("CheckWords(%q) = %v, which has no reason", words, err)
			}
			return
		}
		for _, typed := range []string{words, strings.ToUpper(words)} {
			got, ok := shortcode.Parse(typed + ".f")
			want := shortcode.Segment{ID: words, Kind: shortcode.KindWords, Source: "facebook"}
			if !ok || got != want {
				t.Errorf("Parse(%q) = %+v, %v, want %+v", typed, got, ok, want)
			}
		}
	})
}

func TestSources(t *testing.T) {
	ids, suffixes := map[string]bool{}, map[string]bool{}
	for id, suffix := range shortcode.Sources() {
		if ids[id] || suffixes[suffix] || len(suffix) != 2 {
			t.Errorf("%q with %q stands in the table twice, or is no suffix", id, suffix)
		}
		ids[id], suffixes[suffix] = true, true
		if got := shortcode.Suffix(id); got != suffix {
			t.Errorf("Suffix(%q) = %q, want %q", id, got, suffix)
		}
		for _, typed := range []string{"k7m29qz9" + suffix, strings.ToUpper("k7m29qz9" + suffix)} {
			if got, ok := shortcode.Parse(typed); !ok || got.Source != id {
				t.Errorf("Parse(%q) = %+v, want the source %q", typed, got, id)
			}
		}
	}
	if len(ids) != 19 || !ids["facebook"] || !ids[shortcode.OwnSource] {
		t.Errorf("sources are %v", ids)
	}
	if got := shortcode.Suffix(""); got != "" {
		t.Errorf("Suffix of no source = %q", got)
	}
	if got := shortcode.Suffix("draugas"); got != ".o" {
		t.Errorf("Suffix of an own target = %q, want .o", got)
	}
}
