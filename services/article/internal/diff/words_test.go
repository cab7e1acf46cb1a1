package diff_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/diff"
)

func titles(base, to string) []*articlev1.TextDiff {
	fields, _ := diff.Articles(&articlev1.Article{Title: base}, &articlev1.Article{Title: to})
	if len(fields) == 0 {
		return nil
	}
	return fields[0].GetTexts()
}

func TestWords(t *testing.T) {
	for _, c := range []struct{ base, to, want string }{
		{"Knyga.", "Knyga gera.", "Knyga{+ gera+}."},
		{"Knyga gera", "Knyga labai gera", "Knyga {+labai +}gera"},
		{"Kaina 3,5 euro", "Kaina 3,6 euro", "Kaina [-3,5-]{+3,6+} euro"},
		{"Mes einame namo", "Jie bėga miškan", "[-Mes einame namo-]{+Jie bėga miškan+}"},
		{"Mes einame namo šiandien", "Jie einame namo rytoj", "[-Mes-]{+Jie+} einame namo [-šiandien-]{+rytoj+}"},
		{"viena\ndu", "trys\nketuri", "[-viena-]{+trys+}\n[-du-]{+keturi+}"},
		{"„Langas“ – žurnalas", "„Durys“ – žurnalas", "„[-Langas-]{+Durys+}“ – žurnalas"},
		{"ąžuolas", "ąžuolai", "[-ąžuolas-]{+ąžuolai+}"},
		{"a b c", "", "[-a b c-]"},
		{"a", "a a", "a{+ a+}"},
		{"\xff a", "\xff b", "\xff [-a-]{+b+}"},
	} {
		if got := told(titles(c.base, c.to)); got != "title: "+c.want {
			t.Errorf("%s -> %s: got %s", c.base, c.to, got)
		}
	}
}

// Two texts of a full article with nothing in common in their order would take
// minutes to compare; they are told as replaced, but for what both begin and end
// with.
func TestHostileTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	noise := func() string {
		var b strings.Builder
		for range 60_000 {
			b.WriteString(string(rune('a'+random.IntN(4))) + " ")
		}
		return "Pradžia " + b.String() + "pabaiga"
	}
	base, to := noise(), noise()
	texts := titles(base, to)
	sides(t, texts, map[string][2]string{"title": {base, to}})
	if n := len(texts[0].GetSegments()); n != 4 {
		t.Errorf("got %d segments", n)
	}
	// Many at once share the bound.
	was, is := &articlev1.Article{}, &articlev1.Article{}
	for i := range 100 {
		was.FundingLines = append(was.FundingLines, base[i*1000:i*1000+1000])
		is.FundingLines = append(is.FundingLines, to[i*1000:i*1000+1000])
	}
	fields, _ := diff.Articles(was, is)
	if len(fields) != 1 || len(fields[0].GetTexts()) != 100 {
		t.Errorf("got %d fields", len(fields))
	}
}

func FuzzWords(f *testing.F) {
	f.Add("Knyga gera.", "Knyga labai gera!")
	f.Add("a b a b", "b a b a")
	f.Add("\xff\xfe", "")
	f.Fuzz(func(t *testing.T, base, to string) {
		texts := titles(base, to)
		if (base == to) != (len(texts) == 0) {
			t.Errorf("got %v", texts)
		}
		sides(t, texts, map[string][2]string{"title": {base, to}})
	})
}

func BenchmarkHostileTexts(b *testing.B) {
	base := strings.Repeat("a b c d ", 15_000)
	to := strings.Repeat("d c a b ", 15_000)
	for b.Loop() {
		titles(base, to)
	}
}
