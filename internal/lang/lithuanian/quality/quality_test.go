package quality_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian/quality"
)

// sharedData is outside the project: its license is not ours.
const sharedData = "../../../../../shared/data/lt"

func letters(n int) quality.Keys {
	return func(form string) []string { return []string{form[:min(n, len(form))]} }
}

func TestRecallAndConflated(t *testing.T) {
	lemmas, err := quality.ReadLemmas(strings.NewReader("# comment\n\nabc\tNOUN\tabc abd axe\nabz\tVERB\tabz\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		keys               quality.Keys
		met, pairs, joined int
	}{
		"one letter":    {letters(1), 3, 3, 1},
		"two letters":   {letters(2), 1, 3, 1},
		"three letters": {letters(3), 0, 3, 0},
		"no keys":       {func(string) []string { return nil }, 0, 3, 0},
	} {
		met, pairs := quality.Recall(lemmas, test.keys)
		if joined := len(quality.Conflated(lemmas, test.keys)); met != test.met || pairs != test.pairs || joined != test.joined {
			t.Errorf("%s: got %d of %d pairs, %d joined, want %d of %d, %d", name, met, pairs, joined, test.met, test.pairs, test.joined)
		}
		if missed := len(quality.Missed(lemmas, test.keys, test.keys)); missed != test.pairs-test.met {
			t.Errorf("%s: %d pairs missed, want %d", name, missed, test.pairs-test.met)
		}
	}
	if diff := cmp.Diff(lemmas[1:], quality.Of(lemmas, "VERB")); diff != "" {
		t.Errorf("Of (-want +got):\n%s", diff)
	}
}

func TestReadLemmasRefuses(t *testing.T) {
	if _, err := quality.ReadLemmas(strings.NewReader("a\tNOUN\n")); err == nil {
		t.Error("a line of two columns was read")
	}
}

func TestTier(t *testing.T) {
	for _, test := range []struct {
		query, word string
		want        int
	}{
		{"Knyga", "knyga", 3},
		{"knyga", "knygos", 2},
		{"zmonems", "žmonės", 1},
		{"karstas", "karštas", 1},
		{"šalis", "sala", 0},
		{"darbas", "darbuotojas", 0},
	} {
		if got := quality.Tier(test.query, test.word); got != test.want {
			t.Errorf("Tier(%q, %q) = %d, want %d", test.query, test.word, got, test.want)
		}
	}
}

func TestOwnWords(t *testing.T) {
	lemmas, err := quality.Own()
	if err != nil {
		t.Fatal(err)
	}
	check(t, quality.EvaluateLemmas(lemmas))
}

func TestSharedWords(t *testing.T) {
	if _, err := os.Stat(sharedData); err != nil {
		t.Skipf("no data outside the project: %v", err)
	}
	folder := os.DirFS(sharedData)
	lemmas, err := quality.Shared(folder)
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := quality.EvaluatePairs(folder)
	if err != nil {
		t.Fatal(err)
	}
	check(t, quality.EvaluateLemmas(lemmas))
	check(t, quality.EvaluateConflation(lemmas))
	check(t, pairs)
}

func check(t *testing.T, measures []quality.Measure) {
	t.Helper()
	for _, m := range measures {
		if m.Missed {
			t.Errorf("%s: %s, want %s\n%s", m.What, m.Got, m.Target, strings.Join(m.Detail, "\n"))
		}
	}
}
