package rpc

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestEveryReasonHasATextInEveryLanguage(t *testing.T) {
	text, err := embeddedTexts()
	if err != nil {
		t.Fatal(err)
	}
	for number := range faultv1.Reason_name {
		if number == 0 {
			continue
		}
		for _, code := range lang.Codes() {
			if key := "fault." + ReasonName(faultv1.Reason(number)); text(code, key) == "" {
				t.Errorf("%s has no %s", code, key)
			}
		}
	}
	if got := text("xx", "fault.INTERNAL"); got != "" {
		t.Errorf("an unknown language has the text %q", got)
	}
}

func TestLanguagesHaveTheSameKeys(t *testing.T) {
	keys := func(code string) []string {
		content, err := os.ReadFile("texts/" + code + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		texts := make(map[string]string)
		if err := yaml.Unmarshal(content, &texts); err != nil {
			t.Fatal(err)
		}
		return slices.Sorted(maps.Keys(texts))
	}
	for _, code := range lang.Codes() {
		if diff := cmp.Diff(keys("lt"), keys(code)); diff != "" {
			t.Errorf("keys (-lt +%s):\n%s", code, diff)
		}
	}
}
