package excerpt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

func TestCut(t *testing.T) {
	family := "👩‍👩‍👧‍👦" // seven runes, one character to a reader
	tests := []struct {
		name  string
		text  string
		limit int
		want  string
	}{
		{"fits", "Knygų mugė", 10, "Knygų mugė"},
		{"word end", "Knygų mugė Vilniuje", 15, "Knygų mugė…"},
		{"limit at a word end", "Knygų mugė Vilniuje", 11, "Knygų mugė…"},
		{"punctuation before the ellipsis", "Knygos, žurnalai – ir kita", 18, "Knygos, žurnalai…"},
		{"one long word", strings.Repeat("ą", 20), 10, strings.Repeat("ą", 9) + "…"},
		{"no room", "Knygos", 1, ""},
		{"nothing at all", "", 0, ""},
		{"emoji stay whole", family + family, 10, family + "…"},
		{"emoji with no room", family, 6, ""},
		{"quotation is not left open", "Apie „Knygų mugę“", 7, "Apie…"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := excerpt.Cut(test.text, test.limit, excerpt.Runes); got != test.want {
				t.Errorf("Cut(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
			}
			if got := excerpt.CutEvenly(test.text, test.limit, excerpt.Runes); got != test.want {
				t.Errorf("CutEvenly(%q, %d) = %q, want %q", test.text, test.limit, got, test.want)
			}
		})
	}
}

func FuzzCut(f *testing.F) {
	f.Add("Knygų mugė Vilniuje", 12)
	f.Add("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 9)
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if !utf8.ValidString(text) || limit < 0 {
			return
		}
		got := excerpt.Cut(text, limit, excerpt.Runes)
		if evenly := excerpt.CutEvenly(text, limit, excerpt.Runes); evenly != got {
			t.Errorf("CutEvenly(%q, %d) = %q, but Cut gives %q", text, limit, evenly, got)
		}
		if n := excerpt.Runes(got); n > limit {
			t.Errorf("Cut(%q, %d) = %q takes %d", text, limit, got, n)
		}
		if head, cut := strings.CutSuffix(got, excerpt.Ellipsis); got != text && (!cut && got != "" || !strings.HasPrefix(text, head)) {
			t.Errorf("Cut(%q, %d) = %q is not a beginning of it", text, limit, got)
		}
	})
}
