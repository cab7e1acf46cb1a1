package lang_test

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// lemmaForms lies beside the project, not in it: the forms of the ALKSNIS
// treebank are under another license.
const lemmaForms = "../../../shared/data/lt/lemma-forms.tsv"

// TestJunkAltSparesLithuanianForms measures how many real short forms would be
// taken for noise if they stood alone as an alternative text. It is skipped when
// the treebank forms are not beside the project.
func TestJunkAltSparesLithuanianForms(t *testing.T) {
	raw, err := os.ReadFile(lemmaForms)
	if errors.Is(err, fs.ErrNotExist) {
		t.Skipf("no Lithuanian forms at %s: the rate of false alarms is not measured", lemmaForms)
	}
	if err != nil {
		t.Fatal(err)
	}

	lt := language(t, "lt")
	seen := map[string]bool{}
	var alarms []string
	for line := range strings.Lines(string(raw)) {
		lemma, rest, _ := strings.Cut(line, "\t")
		_, forms, _ := strings.Cut(rest, "\t")
		for _, form := range append(strings.Fields(forms), lemma) {
			length := len([]rune(form))
			if length < 3 || length > 6 || seen[form] {
				continue
			}
			seen[form] = true
			if reason, junk := lang.JunkAlt(form, lang.JunkOptions{Language: lt}); junk {
				alarms = append(alarms, form+" ("+string(reason)+")")
			}
		}
	}
	if len(seen) < 1000 {
		t.Fatalf("only %d forms of 3 to 6 letters read", len(seen))
	}
	rate := float64(len(alarms)) / float64(len(seen))
	t.Logf("%d of %d forms alarm: %.2f %%: %v", len(alarms), len(seen), 100*rate, alarms)
	if rate > 0.005 {
		t.Errorf("%.2f %% of real forms alarm, want at most 0.5", 100*rate)
	}
}
