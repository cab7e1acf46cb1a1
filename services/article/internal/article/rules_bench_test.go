package article_test

import (
	"fmt"
	"testing"

	"github.com/skaitykla/skaitykla/internal/address"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// BenchmarkRules follows as many rules as a site can have beside reading the
// address, which comes before in any case.
func BenchmarkRules(b *testing.B) {
	const raw = "/r49/2024/06/x/stazuote-12.html"
	s := &articlev1.Site{DefaultLanguageCode: "lt"}
	for i := range 50 {
		s.PathRules = append(s.PathRules, &articlev1.PathRule{Pattern: fmt.Sprintf("/r%d/{year}/{month}/{any}/{slug}-{number}.html", i)})
	}
	rules := article.CompileRules(s)
	a, err := address.Parse(raw)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			if _, err := address.Parse(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("rules", func(b *testing.B) {
		for b.Loop() {
			if len(rules.Places(a)) != 1 {
				b.Fatal("no rule fits")
			}
		}
	})
}
