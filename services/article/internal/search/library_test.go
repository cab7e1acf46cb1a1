package search_test

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// writer writes articles that have nothing to say, in words that occur as often
// as those of a language do: half of them from our own corpus, the others made
// up, with the endings of Lithuanian nouns.
type writer struct {
	*rand.Rand

	common []string
	rare   []string
	zipf   *rand.Zipf
}

func newWriter(tb testing.TB, seed uint64) *writer {
	tb.Helper()
	w := &writer{Rand: rand.New(rand.NewPCG(seed, 1))}
	files, err := filepath.Glob("../../../../internal/lang/testdata/corpus/lt/*")
	if err != nil || len(files) == 0 {
		tb.Fatalf("no corpus: %v", err)
	}
	for _, name := range files {
		w.read(tb, name)
	}
	for range 12000 {
		stem := w.stem()
		for _, ending := range []string{"as", "o", "ui", "ą", "u", "e", "ai", "ų", "ams", "us", "ais", "uose"} {
			w.rare = append(w.rare, stem+ending)
		}
	}
	w.zipf = rand.NewZipf(w.Rand, 1.05, 20, uint64(len(w.rare)-1))
	w.Shuffle(len(w.rare), func(i, j int) { w.rare[i], w.rare[j] = w.rare[j], w.rare[i] })
	return w
}

func (w *writer) read(tb testing.TB, name string) {
	tb.Helper()
	file, err := os.Open(name)
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	words := bufio.NewScanner(file)
	words.Split(bufio.ScanWords)
	for words.Scan() {
		if word := strings.TrimFunc(words.Text(), func(r rune) bool { return !unicode.IsLetter(r) }); word != "" {
			w.common = append(w.common, word)
		}
	}
}

func (w *writer) stem() string {
	var b strings.Builder
	for range 2 + w.IntN(2) {
		b.WriteString([]string{"b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "š", "ž", "č", "st", "kr", "pl"}[w.IntN(18)])
		b.WriteString([]string{"a", "e", "i", "o", "u", "ė", "ū", "y", "ie", "uo", "ai", "au"}[w.IntN(12)])
	}
	return b.String() + []string{"k", "t", "l", "n", "m", "r", "v", "d"}[w.IntN(8)]
}

func (w *writer) word() string {
	if w.IntN(2) == 0 {
		return w.common[w.IntN(len(w.common))]
	}
	return w.rare[w.zipf.Uint64()]
}

// text returns a text of about so many bytes.
func (w *writer) text(size int) string {
	var b strings.Builder
	for b.Len() < size {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.word())
		if w.IntN(12) == 0 {
			b.WriteByte('.')
		}
	}
	return b.String()
}
