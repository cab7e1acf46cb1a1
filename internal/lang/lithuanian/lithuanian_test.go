package lithuanian_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
	"github.com/skaitykla/skaitykla/internal/lang/lithuanian/quality"
)

func TestExact(t *testing.T) {
	for word, want := range map[string]string{
		"Žmonės":             "žmonės",
		"Z\u030cmone\u0307s": "žmonės",
		"Ì":                  "ì",
		"Dokk1":              "dokk1",
		"Shakespeare’o":      "shakespeare'o",
		"a\xffb":             "a\ufffdb",
		"":                   "",
	} {
		if got := lithuanian.Exact(word); got != want {
			t.Errorf("Exact(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for word, want := range map[string]string{
		"ĄČĘĖĮŠŲŪŽ": "aceeisuuz", "Århus": "arhus", "Straße": "strasse", "knyga": "knyga", "日本": "日本",
		"e\u0307": "e",
	} {
		if got := lithuanian.Fold(word); got != want {
			t.Errorf("Fold(%q) = %q, want %q", word, got, want)
		}
		if got := lithuanian.HasDiacritics(word); got != (lithuanian.Exact(word) != want) {
			t.Errorf("HasDiacritics(%q) = %v", word, got)
		}
	}
}

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(key string) bool { return slices.Contains(b, key) })
}

func TestKeysMeet(t *testing.T) {
	for _, pair := range [][2]string{
		{"knyga", "knygose"},
		{"vanduo", "vandenyje"},
		{"žmogus", "žmonėms"},
		{"rugsėjis", "rugsėjo"},
		{"gaidys", "gaidžio"},
		{"Shakespeare'as", "Shakespeare’o"},
		{"mėnuo", "mėnesio"},
		{"duktė", "dukterims"},
	} {
		if a, b := lithuanian.Keys(pair[0]), lithuanian.Keys(pair[1]); !meet(a, b) {
			t.Errorf("%v do not meet: %q, %q", pair, a, b)
		}
	}
}

func TestKeysRefuse(t *testing.T) {
	for _, word := range []string{"", "į", "ir", "2024", "Dokk1", "psl", "LNB", "вода", "日本語", "\xff\xfeas"} {
		if diff := cmp.Diff([]string(nil), lithuanian.Keys(word)); diff != "" {
			t.Errorf("Keys(%q) (-want +got):\n%s", word, diff)
		}
	}
}

func TestFoldedKeysMeet(t *testing.T) {
	for _, pair := range [][2]string{
		{"zmonems", "žmonėms"},
		{"rugpjucio", "rugpjūčio"},
		{"rugpjucio", "rugpjūtis"},
		{"gruodzio", "gruodžio"},
		{"gruodzio", "gruodis"},
		{"knygu", "knyga"},
	} {
		if a, b := lithuanian.FoldedKeys(pair[0]), lithuanian.FoldedKeys(pair[1]); !meet(a, b) {
			t.Errorf("%v do not meet: %q, %q", pair, a, b)
		}
	}
}

// TestTypedWithoutDiacritics: what is typed in plain letters finds the word as
// it is written, whatever its form.
func TestTypedWithoutDiacritics(t *testing.T) {
	lemmas, err := quality.Own()
	if err != nil {
		t.Fatal(err)
	}
	for _, lemma := range lemmas {
		for _, form := range lemma.Forms {
			typed := lithuanian.Fold(form)
			written, plain := lithuanian.FoldedKeys(form), lithuanian.FoldedKeys(typed)
			for _, key := range written {
				if !slices.Contains(plain, key) {
					t.Errorf("%q has %q, %q has not: %q", form, key, typed, plain)
				}
			}
		}
	}
}
