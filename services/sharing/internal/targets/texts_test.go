package targets

import (
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// TestLoadCoversLanguages holds the words to the languages of the suite.
func TestLoadCoversLanguages(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	headings := map[string]bool{}
	for _, code := range lang.Codes() {
		words, ok := texts.In(code)
		if !ok {
			t.Errorf("no words in %s", code)
		}
		headings[words.Heading] = true
	}
	if len(headings) != len(lang.Codes()) {
		t.Errorf("headings %v are not one for each language", headings)
	}
	if _, ok := texts.In("xx"); ok {
		t.Error("words in a language that has no file")
	}
}

func TestLoadRefuses(t *testing.T) {
	good, err := fs.ReadFile(embedded, "texts/en.yaml")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown field", "heading:", "subject: x\nheading:", "subject"},
		{"no heading", "heading: Share", "heading: ''", "heading is missing"},
		{"target without words", "  x:", "  twitter:", "x: title or disclosure"},
		{"label without the title", `"X: share`, `"Share on X: `, "label does not begin"},
		{"words of no target", "targets:", "targets:\n  digg: {title: Digg, label: Digg, disclosure: d}", "there are 3"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			bad := strings.Replace(string(good), test.old, test.new, 1)
			_, err := load(fstest.MapFS{"texts/en.yaml": {Data: []byte(bad)}})
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("load() error = %v, want one that says %q", err, test.want)
			}
		})
	}
}
