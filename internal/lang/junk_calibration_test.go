package lang_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
)

const (
	// lemmaForms lies beside the project, not in it: the forms of the ALKSNIS
	// treebank are under another license. They took no part in making the tables.
	lemmaForms = "../../../shared/data/lt/lemma-forms.tsv"
	// shortForm is the most letters of a form that could be taken for an
	// abbreviated description.
	shortForm = 6
	// falseAlarms is the share of real forms that may be taken for noise.
	falseAlarms = 0.005
)

// TestJunkAltSparesLithuanianForms measures how many real forms would be taken
// for junk if they stood alone as an alternative text: the short ones, all, and
// those that neither the word lists nor the corpus have, which only the letter
// pairs can save. It is skipped when the treebank forms are not beside the
// project.
func TestJunkAltSparesLithuanianForms(t *testing.T) {
	forms := treebankForms(t)
	seen := knownWords(t)
	lt := language(t, "lt")
	alarms, counts := map[string][]string{}, map[string]int{}
	for form := range forms {
		groups := []string{"all"}
		if len([]rune(form)) <= shortForm {
			groups = append(groups, "short")
		}
		if !seen[strings.ToLower(form)] {
			groups = append(groups, "unseen")
			if len([]rune(form)) <= shortForm {
				groups = append(groups, "unseen and short")
			}
		}
		reason, junk := lang.JunkAlt(form, lang.JunkOptions{Language: lt})
		for _, group := range groups {
			counts[group]++
			if junk {
				alarms[group] = append(alarms[group], form+" ("+string(reason)+")")
			}
		}
	}
	for _, group := range []string{"all", "short", "unseen", "unseen and short"} {
		rate := share(len(alarms[group]), counts[group])
		t.Logf("%s: %d of %d forms alarm: %.2f %%: %v", group, len(alarms[group]), counts[group], 100*rate, alarms[group])
		if counts[group] < 500 || rate > falseAlarms {
			t.Errorf("%s: %.2f %% of %d real forms alarm, want at most %.1f of at least 500", group, 100*rate, counts[group], 100*falseAlarms)
		}
	}
}

// treebankForms returns the lemmas and forms of three letters and more.
func treebankForms(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile(lemmaForms)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no Lithuanian forms at %s: the rate of false alarms is not measured", lemmaForms)
	}
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string]bool{}
	for line := range strings.Lines(string(raw)) {
		lemma, rest, _ := strings.Cut(line, "\t")
		_, declined, _ := strings.Cut(rest, "\t")
		for _, form := range append(strings.Fields(declined), lemma) {
			if len([]rune(form)) >= 3 {
				forms[form] = true
			}
		}
	}
	return forms
}

// knownWords returns the Lithuanian words, in small letters, that the word lists
// or the corpus have.
func knownWords(t *testing.T) map[string]bool {
	t.Helper()
	raw, err := os.ReadFile("tables/lt/words.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var lists struct {
		Abbreviations []string `yaml:"abbreviations"`
		Known         []string `yaml:"known"`
	}
	if err := yaml.Unmarshal(raw, &lists); err != nil {
		t.Fatal(err)
	}
	words := map[string]bool{}
	for _, word := range append(lists.Abbreviations, lists.Known...) {
		words[word] = true
	}
	for word := range corpusWords(t, "lt") {
		words[strings.ToLower(word)] = true
	}
	return words
}
