package terms_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

func TestWords(t *testing.T) {
	for text, want := range map[string]string{
		"Knygų mugė – „Dokk1“!":      "Knygų|mugė|Dokk1",
		"lopšelis-darželis":          "lopšelis|darželis",
		"It's Shakespeare’o, 'taip'": "It's|Shakespeare’o|taip",
		"kny\u00adga 12.30 val.":     "kny\u00adga|12|30|val",
		"e\u0307 z\u030c":            "e\u0307|z\u030c",
		" … ":                        "",
		"\xffa\xfe":                  "a",
		"日本 ١٢":                      "日本|١٢",
	} {
		var words []string
		for token := range terms.Words(text) {
			words = append(words, text[token.Start:token.End])
		}
		if got := strings.Join(words, "|"); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestMeet says in which tier two words of a language meet.
func TestMeet(t *testing.T) {
	all := terms.New()
	for _, test := range []struct{ code, word, other, tier string }{
		{"lt", "Knygų", "knygų", "exact"},
		{"lt", "kny\u00adgų", "knygų", "exact"},
		{"lt", "knygų", "knyga", "class"},
		{"lt", "zmonems", "žmonėms", "folded"},
		{"lt", "ŽMONES", "zmonems", "folded"},
		{"lt", "Dokk1", "dokk1", "exact"},
		{"lt", "žž", "zz", "folded"},
		{"lt", "knyga", "knygnešys", ""},
		{"en", "libraries", "library", "class"},
		{"en", "reader's", "readers", "class"},
		{"en", "cafés", "cafe", "folded"},
		{"da", "bøgerne", "bøger", "class"},
		{"da", "boegerne", "bøger", "folded"},
		{"da", "århus", "arhus", "folded"},
		{"da-DK", "århus", "aarhus", "folded"},
		{"fr", "élèves", "eleves", "folded"},
		{"fr", "élèves", "élève", ""},
	} {
		if got := tier(all.For(test.code).Word(test.word), all.For(test.code).Word(test.other)); got != test.tier {
			t.Errorf("%s: %s and %s: got %q, want %q", test.code, test.word, test.other, got, test.tier)
		}
	}
}

func tier(query, filed terms.Terms) string {
	stems := filed.Filed
	meets := func(stem string) bool { return slices.Contains(stems, stem) }
	switch {
	case query.Exact == filed.Exact:
		return "exact"
	case slices.ContainsFunc(query.Class, meets):
		return "class"
	case slices.ContainsFunc(query.Folded, func(stem string) bool { return meets(stem) || meets(terms.Plain(stem)) }):
		return "folded"
	}
	return ""
}

func TestQueryIsOfAllLanguages(t *testing.T) {
	all := terms.New()
	got := all.Query("books", []string{"lt", "en"})
	for _, code := range []string{"lt", "en"} {
		if want := all.For(code).Word("books").Class; !slices.ContainsFunc(want, func(stem string) bool { return slices.Contains(got.Class, stem) }) {
			t.Errorf("%v has nothing of %s: %v", got.Class, code, want)
		}
	}
	other := all.For("fr").Word("books")
	other.Filed = nil
	if diff := cmp.Diff(other, all.Query("books", nil)); diff != "" {
		t.Errorf("without languages (-want +got):\n%s", diff)
	}
}

func TestStop(t *testing.T) {
	for word, want := range map[string]bool{"Ir": true, "už": true, "uz": true, "the": false, "knyga": false} {
		if got := terms.Stop(word, []string{"lt-LT"}); got != want {
			t.Errorf("%s: got %v", word, got)
		}
	}
}

func BenchmarkWord(b *testing.B) {
	words := strings.Fields("bibliotekininkės Vilkaviškyje skaitytojų knygų mugė šventėje žmonėms")
	a := terms.New().For("lt")
	for i := 0; b.Loop(); i++ {
		a.Word(words[i%len(words)])
	}
}
