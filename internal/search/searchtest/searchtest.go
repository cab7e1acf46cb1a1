// Package searchtest makes texts to search in tests and measurements.
package searchtest

import (
	"bufio"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

// Writer writes texts that have nothing to say, in words that occur as often
// as those of a language do: half of them from our own corpus, the others made
// up, with the endings of Lithuanian nouns.
type Writer struct {
	*rand.Rand

	common []string
	rare   []string
	zipf   *rand.Zipf
}

// NewWriter returns a writer that begins the same for a seed. corpus is the folder
// internal/lang/testdata/corpus/lt, as seen from the test.
func NewWriter(tb testing.TB, corpus string, seed uint64) *Writer {
	tb.Helper()
	w := &Writer{Rand: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // texts are no secrets
	files, err := filepath.Glob(filepath.Join(corpus, "*"))
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
	w.zipf = rand.NewZipf(w.Rand, 1.05, 20, uint64(len(w.rare)-1)) //nolint:gosec // a length
	w.Shuffle(len(w.rare), func(i, j int) { w.rare[i], w.rare[j] = w.rare[j], w.rare[i] })
	return w
}

func (w *Writer) read(tb testing.TB, name string) {
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

func (w *Writer) stem() string {
	var b strings.Builder
	for range 2 + w.IntN(2) {
		b.WriteString([]string{"b", "d", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "š", "ž", "č", "st", "kr", "pl"}[w.IntN(18)])
		b.WriteString([]string{"a", "e", "i", "o", "u", "ė", "ū", "y", "ie", "uo", "ai", "au"}[w.IntN(12)])
	}
	return b.String() + []string{"k", "t", "l", "n", "m", "r", "v", "d"}[w.IntN(8)]
}

// Word returns a word.
func (w *Writer) Word() string {
	if w.IntN(2) == 0 {
		return w.common[w.IntN(len(w.common))]
	}
	return w.rare[w.zipf.Uint64()]
}

// Text returns a text of about so many bytes.
func (w *Writer) Text(size int) string {
	var b strings.Builder
	for b.Len() < size {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.Word())
		if w.IntN(12) == 0 {
			b.WriteByte('.')
		}
	}
	return b.String()
}

// CPUTime is the processor time of this process.
func CPUTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
