package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEvalSaysWhatIsAbsent(t *testing.T) {
	var out strings.Builder
	if err := eval(&out, filepath.Join(t.TempDir(), "absent"), false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Own words", "recall, VERB", "SKIPPED"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the report does not say %q:\n%s", want, out.String())
		}
	}
}

func TestEvalFailsWhenATargetIsMissed(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"lemma-forms.tsv":              "knyga\tNOUN\tknyga knygos\nvienas\tADJ\tvienas du\n",
		"must-match.tsv":               "knyga\tknygos\n",
		"must-not-match.tsv":           "knyga\tknygynas\tbook / shop\n",
		"typed-without-diacritics.tsv": "zmones\tžmonės\n",
		"fold-collisions.tsv":          "kąsti\tkasti\tto bite / to dig\n",
	} {
		const mode = 0o600
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	if err := eval(&out, folder, false); !errors.Is(err, errMissed) {
		t.Errorf("got error %v, want %v:\n%s", err, errMissed, out.String())
	}
	if !strings.Contains(out.String(), "vienas du") {
		t.Errorf("the report does not name the pair that was missed:\n%s", out.String())
	}
}
