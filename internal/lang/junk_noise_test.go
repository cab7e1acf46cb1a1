package lang_test

import (
	"maps"
	"slices"
	"testing"
	"unicode"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// The seeds of the noise that is measured. No other run, and nothing that set
// the limits, has seen it.
const (
	noiseSeed    = 20261122
	noisePerKind = 100 // of each kind and length
	shortNoise   = 3   // letters of the shortest
	longNoise    = 12
)

// TestJunkAltCatchesGeneratedNoise measures which share of keyboard noise passes
// for words: four kinds of it, each of 3 to 12 letters, on the layout of each
// language. Noise that happens to be a word counts as missed.
func TestJunkAltCatchesGeneratedNoise(t *testing.T) {
	for code, want := range map[string]float64{"lt": 0.90, "en": 0.85, "da": 0.85} {
		t.Run(code, func(t *testing.T) {
			for _, capital := range []bool{false, true} {
				rate := caughtNoise(t, code, capital)
				if !capital && rate < want {
					t.Errorf("caught %.1f %%, want %.0f", 100*rate, 100*want)
				}
				// Telephones write the first letter large, and then the word might be
				// a name of any country.
				if capital && rate < want-0.05 {
					t.Errorf("caught %.1f %% of capitalized noise, want %.0f", 100*rate, 100*want-5)
				}
			}
		})
	}
}

// caughtNoise returns the share of all noise that is caught and logs it by kind
// and by length.
func caughtNoise(t *testing.T, code string, capital bool) float64 {
	t.Helper()
	l := language(t, code)
	m := newMasher(code, noiseSeed)
	kinds := m.kinds()
	all, caught := 0, 0
	byLength := make([]int, longNoise+1)
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		ofKind := 0
		for length := shortNoise; length <= longNoise; length++ {
			for range noisePerKind {
				word := kinds[kind](length)
				if capital {
					word = capitalized(word)
				}
				all++
				if _, junk := lang.JunkAlt(word, lang.JunkOptions{Language: l}); junk {
					ofKind++
					byLength[length]++
				}
			}
		}
		caught += ofKind
		t.Logf("capital %v: caught %.1f %% of %s", capital, 100*share(ofKind, noisePerKind*(longNoise-shortNoise+1)), kind)
	}
	for length := shortNoise; length <= longNoise; length++ {
		t.Logf("capital %v: caught %.1f %% of %d letters", capital, 100*share(byLength[length], noisePerKind*len(kinds)), length)
	}
	t.Logf("capital %v: caught %.1f %% of %d", capital, 100*share(caught, all), all)
	return share(caught, all)
}

func share(part, all int) float64 { return float64(part) / float64(all) }

func capitalized(word string) string {
	letters := []rune(word)
	letters[0] = unicode.ToUpper(letters[0])
	return string(letters)
}

// TestJunkAltSparesWordsOfTheCorpus judges every word of the corpus, as it is
// written there: none is noise.
func TestJunkAltSparesWordsOfTheCorpus(t *testing.T) {
	for _, code := range lang.Codes() {
		l := language(t, code)
		for word := range corpusWords(t, code) {
			if reason, _ := lang.JunkAlt(word, lang.JunkOptions{Language: l}); reason == lang.JunkNoise {
				t.Errorf("%s: JunkAlt(%q) = %s (score %.2f), want it to pass", code, word, reason, l.WordScore(word))
			}
		}
	}
}
