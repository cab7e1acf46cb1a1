package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// corpusWords counts the words of the project's own writing in one language.
func corpusWords(t *testing.T, code string) map[string]int {
	t.Helper()
	words := map[string]int{}
	for _, text := range corpusTexts(t, code) {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words[word]++
		}
	}
	return words
}

// corpusTexts returns the texts of one language by file name.
func corpusTexts(t *testing.T, code string) map[string]string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join("testdata", "corpus", code, "*.txt"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no corpus for %q: %v", code, err)
	}
	texts := map[string]string{}
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(raw)
	}
	return texts
}

// TestCorpus holds the texts that the letter pairs are counted in, and that
// other tests read, to what they promise: enough words, written with care.
func TestCorpus(t *testing.T) {
	all := 0
	for code, want := range map[string]int{"lt": 2500, "en": 1500, "da": 1500} {
		words, different := 0, corpusWords(t, code)
		for _, n := range different {
			words += n
		}
		all += words
		t.Logf("%s: %d words, %d different, %d texts", code, words, len(different), len(corpusTexts(t, code)))
		if words < want {
			t.Errorf("%s: %d words, want at least %d", code, words, want)
		}
		if 3*len(different) < words {
			t.Errorf("%s: only %d of %d words differ: too much repetition", code, len(different), words)
		}
		for name, text := range corpusTexts(t, code) {
			checkText(t, code+"/"+name, text)
		}
	}
	if all < 5000 {
		t.Errorf("%d words in all, want at least 5,000", all)
	}
}

// checkText takes a title, an empty line and paragraphs on a line each.
func checkText(t *testing.T, name, text string) {
	t.Helper()
	title, body, ok := strings.Cut(text, "\n\n")
	if !ok || title == "" || strings.Contains(title, "\n") || !strings.HasSuffix(body, "\n") {
		t.Errorf("%s: want a title, an empty line and paragraphs", name)
	}
	if !norm.NFC.IsNormalString(text) {
		t.Errorf("%s: want normalization form C", name)
	}
	if _, err := lang.NormalizeText(text); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	for _, mark := range []string{`"`, "'", "  ", " - ", "—", "...", " \n"} {
		if strings.Contains(text, mark) {
			t.Errorf("%s: has %q", name, mark)
		}
	}
	opened := strings.Count(text, "„")
	if closed := strings.Count(text, "“"); strings.HasPrefix(name, "lt/") && opened != closed {
		t.Errorf("%s: %d „ and %d “", name, opened, closed)
	}
	if opened, closed := strings.Count(text, "“"), strings.Count(text, "”"); !strings.HasPrefix(name, "lt/") && opened != closed {
		t.Errorf("%s: %d “ and %d ”", name, opened, closed)
	}
}
