package lithuanian_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
)

// FuzzKeys asks of any bytes what every caller relies on.
func FuzzKeys(f *testing.F) {
	for _, word := range []string{
		"", "žmonėms", "Z\u030cmone\u0307ms", "rugpjūčio", "gruodzio", "nebepasikviesdavome", "Shakespeare’o", "\xff\xfe", "a\x00b",
		strings.Repeat("ė", 100), strings.Repeat("e\u0307", 100), "İstanbul", "ßß", "вода", "日本語", "iiiiiiii", "jjj", "ti", "si", "čia", "ſas", "ǅas",
	} {
		f.Add(word)
	}
	f.Fuzz(func(t *testing.T, word string) {
		exact := lithuanian.Exact(word)
		if !utf8.ValidString(exact) {
			t.Errorf("Exact(%q) = %q, which is no UTF-8", word, exact)
		}
		if again := lithuanian.Exact(exact); again != exact {
			t.Errorf("Exact(%q) = %q, and once more %q", word, exact, again)
		}
		folded := lithuanian.Fold(word)
		if again := lithuanian.Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, and once more %q", word, folded, again)
		}
		keys := lithuanian.Keys(word)
		orderly(t, word, exact, keys)
		twins := lithuanian.FoldedKeys(word)
		orderly(t, word, exact, twins)
		if diff := cmp.Diff(keys, lithuanian.Keys(exact)); diff != "" {
			t.Errorf("keys of %q and of its exact form (-, +):\n%s", word, diff)
		}
		if len(keys) > 0 && len(twins) == 0 {
			t.Errorf("%q has keys %q and none without diacritics", word, keys)
		}
	})
}

// orderly asserts that keys are sorted, each once, and short.
func orderly(t *testing.T, word, exact string, keys []string) {
	t.Helper()
	if !slices.IsSorted(keys) || len(slices.Compact(slices.Clone(keys))) != len(keys) {
		t.Errorf("keys of %q are not in order or not single: %q", word, keys)
	}
	for _, key := range keys {
		if len(key) > 2*len(exact)+8 || !utf8.ValidString(key) || len(key) < 2 {
			t.Errorf("key of %q is too short, too long or no UTF-8: %q", word, key)
		}
	}
}

func TestHostileWordsAreRefusedAtOnce(t *testing.T) {
	for _, word := range []string{strings.Repeat("a", 10<<20), strings.Repeat("ė", 5<<20), strings.Repeat("e\u0307", 3<<20), strings.Repeat("\xff", 10<<20)} {
		if keys := append(lithuanian.Keys(word), lithuanian.FoldedKeys(word)...); len(keys) > 0 {
			t.Errorf("a word of %d bytes has keys: %.60q", len(word), keys)
		}
	}
}

// TestLongWordsWithManyKeys: keys that find no room with the others are none the
// worse for it.
func TestLongWordsWithManyKeys(t *testing.T) {
	for _, word := range []string{
		strings.Repeat("nebepa", 7) + "iusių", strings.Repeat("ėją", 14) + "usių", strings.Repeat("ö", 20) + "esniųjų", "nebeprisišnekučiuojančiosioms",
	} {
		keys, twins := lithuanian.Keys(word), lithuanian.FoldedKeys(word)
		if len(keys) < 2 {
			t.Errorf("%q has the keys %q, want more", word, keys)
		}
		orderly(t, word, word, keys)
		orderly(t, word, word, twins)
		folded := map[string]bool{}
		for _, key := range keys {
			stem, mark := lithuanian.Fold(key[:len(key)-1]), key[len(key)-1:]
			if end := len(stem) - 1; stem[end] == 'c' {
				stem = stem[:end] + "t"
			}
			folded[strings.TrimSuffix(stem, "dz")+mark] = true
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(folded)), twins); diff != "" {
			t.Errorf("keys of %q without diacritics (-want +got):\n%s", word, diff)
		}
	}
}
