package search

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// TestMarksOfChangedBeginnings marks words that do not begin like the one that
// was typed.
func TestMarksOfChangedBeginnings(t *testing.T) {
	analyzers := terms.New()
	for _, test := range []struct{ code, query, text string }{
		{"lt", "imti", "Ji ėmė knygą."},
		{"lt", "eiti", "Vaikai ėjo namo."},
		{"lt", "zmones", "Žmonių daug."},
		{"lt", "Šuo", "Du šunys."},
		{"lt", "biblioteka", "Piblioteka nauja."},
		{"lt", "biblioteka", "Iblioteka nauja."},
		{"da", "aarhus", "Turen til Århus."},
		{"da", "ørsted", "Om Orsted."},
		{"en", "libraries", "The Library."},
		{"lt", "lodz", "Miestas Łódź."},
		{"lt", "ėjimas", "E\u0307jimas."},
	} {
		want, err := parse(analyzers, test.query, []string{test.code})
		if err != nil {
			t.Fatal(err)
		}
		if got := newSnippets(analyzers, want).of(titled(test.code, test.text, "")); len(got) == 0 {
			t.Errorf("%s is not marked in %q", test.query, test.text)
		}
	}
}
