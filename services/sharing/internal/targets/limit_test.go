package targets

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// TestBounds: what is told without counting is right of every text in every
// unit.
func TestBounds(t *testing.T) {
	var texts []string
	for _, text := range sharingtest.Hostile() {
		texts = append(texts, richtext.Line(text))
	}
	texts = append(texts, "", ".", " ", "a.lt", "http://a", "https://b http://c http", "lrs.lt lrs.lt", "\u0600a\u0600b", "a\u0301\u0301", "、。", "é.lt ÷×")
	base := texts
	random := rand.New(rand.NewPCG(7, 2026))
	for range 2000 {
		var parts []string
		for range random.IntN(12) {
			part := base[random.IntN(len(base))]
			if runes := []rune(part); len(runes) > 0 {
				part = string(runes[:random.IntN(len(runes))])
			}
			parts = append(parts, part)
		}
		texts = append(texts, strings.Join(parts, []string{"", " ", "\n"}[random.IntN(3)]))
	}
	for _, text := range texts {
		m := &message{title: text, text: text, address: "https://b.lt/s/3f7k2m9q.x"}
		for u := unitNone; u <= unitThreads; u++ {
			c := &composer{target: Target{template: "https://a.lt/?t={text}"}, words: lang.Default()}
			if least, exact, most := u.atLeast(m), u.of(c, m), u.atMost(m); least > exact || exact > most {
				t.Fatalf("%q in the unit %d is %d, told as %d to %d", text, u, exact, least, most)
			}
		}
	}
}
