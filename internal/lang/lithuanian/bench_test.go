package lithuanian_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
	"github.com/skaitykla/skaitykla/internal/lang/lithuanian/quality"
)

// BenchmarkWord measures what a word costs in each tier, beside lower-casing it.
func BenchmarkWord(b *testing.B) {
	lemmas, err := quality.Own()
	if err != nil {
		b.Fatal(err)
	}
	var words []string
	for _, lemma := range lemmas {
		words = append(words, lemma.Forms...)
	}
	for _, tier := range []struct {
		name string
		keys func(string) int
	}{
		{"lower", func(word string) int { return len(strings.ToLower(word)) }},
		{"exact", func(word string) int { return len(lithuanian.Exact(word)) }},
		{"keys", func(word string) int { return len(lithuanian.Keys(word)) }},
		{"folded", func(word string) int { return len(lithuanian.FoldedKeys(word)) }},
	} {
		b.Run(tier.name, func(b *testing.B) {
			b.ReportAllocs()
			sum, i := 0, 0
			for b.Loop() {
				sum += tier.keys(words[i])
				if i++; i == len(words) {
					i = 0
				}
			}
			if sum == 0 {
				b.Fatal("no word has a key")
			}
		})
	}
}
