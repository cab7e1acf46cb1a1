package targets

import (
	"net/url"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

func TestXWeight(t *testing.T) {
	tests := []struct {
		name string
		text string
		want int
	}{
		{"empty", "", 0},
		{"Lithuanian", "Žąsų mugė", 9},
		{"Lithuanian quotes and dash", "„a“ – b", 7},
		{"ellipsis", "…", 2},
		{"Japanese", "図書館", 6},
		{"emoji", "📚", 2},
		{"joined emoji", "👩‍👩‍👧‍👦", 2},
		{"skin tone", "👍🏽", 2},
		{"flags", "🇱🇹🇩🇰", 4},
		{"address in the title", "Žr. lrs.lt", 27},
		{"two addresses", "lrs.lt,lnb.lt", 47},
		{"long address", "www.nacionaline-biblioteka.lt", 29},
		{"abbreviation", "t.y. kiti", 9},
		{"number", "7.30 val.", 9},
		{"euro", "5 €", 4},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := xWeight(test.text); got != test.want {
				t.Errorf("xWeight(%q) = %d, want %d", test.text, got, test.want)
			}
		})
	}
}

// post returns the text of a post on X with only a title.
func post(tb testing.TB, title string) string {
	tb.Helper()
	target, ok := Find("x")
	if !ok {
		tb.Fatal("no target x")
	}
	parsed, err := url.Parse(target.Link(Item{Title: title, URI: "https://a.lt/b"}, lang.Default()))
	if err != nil {
		tb.Fatal(err)
	}
	return parsed.Query().Get("text")
}

func TestXShortens(t *testing.T) {
	tests := []struct {
		name  string
		title string
		least int // weight that must be used
	}{
		{"words", strings.Repeat("Žąsų ", 60), 250},
		{"one word", strings.Repeat("ž", 300), 256},
		{"emoji", strings.Repeat("📚", 300), 255},
		{"addresses", strings.Repeat("a.lt ", 60), 230},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := post(t, test.title)
			weight := xWeight(text) + 1 + xAddress
			if weight > 280 || weight < test.least+1+xAddress-2 {
				t.Errorf("post weighs %d of 280: %q", weight, text)
			}
			if !strings.HasSuffix(text, excerpt.Ellipsis) {
				t.Errorf("text %q was cut without an ellipsis", text)
			}
		})
	}
}

func FuzzXWeight(f *testing.F) {
	f.Add("Žąsų mugė a.lt 📚")
	f.Fuzz(func(t *testing.T, title string) {
		if weight := xWeight(post(t, title)) + 1 + xAddress; weight > 280 {
			t.Errorf("post weighs %d for %q", weight, title)
		}
	})
}
