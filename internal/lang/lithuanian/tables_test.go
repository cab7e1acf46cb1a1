package lithuanian

import (
	"slices"
	"strings"
	"testing"
)

// TestPrincipalParts: each verb of the table is found by its infinitive, present
// and past, with diacritics and without, alone and with a prefix.
func TestPrincipalParts(t *testing.T) {
	verbs := 0
	err := eachLine("tables/verbs.txt", func(fields []string) error {
		for _, parts := range principalParts(fields) {
			verbs++
			stem := strings.TrimSuffix(parts[0], "ti")
			for _, part := range parts {
				assertKey(t, part, stem+markVerb)
				assertKey(t, "pa"+part, "pa"+stem+markVerb)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if verbs < 500 {
		t.Errorf("%d verbs, want the table", verbs)
	}
}

func principalParts(fields []string) (verbs [][]string) {
	if fields[0] == "verb" {
		return [][]string{fields[1:]}
	}
	for _, stem := range fields[4:] {
		verbs = append(verbs, []string{stem + fields[1][1:], stem + fields[2][1:], stem + strings.Trim(fields[3], "-:")})
	}
	return verbs
}

func assertKey(t *testing.T, form, key string) {
	t.Helper()
	if len([]rune(form)) < minWord {
		return
	}
	if keys := Keys(form); !slices.Contains(keys, key) {
		t.Errorf("Keys(%q) = %q, want %q among them", form, keys, key)
	}
	folded := plainEnd(Fold(key[:len(key)-1])) + key[len(key)-1:]
	for _, typed := range []string{form, Fold(form)} {
		if keys := FoldedKeys(typed); !slices.Contains(keys, folded) {
			t.Errorf("FoldedKeys(%q) = %q, want %q among them", typed, keys, folded)
		}
	}
}

// TestAdjectiveStems: each adjective of the table is one in both genders, and in
// the higher degrees.
func TestAdjectiveStems(t *testing.T) {
	genders := map[string][2]string{"as": {"as", "a"}, "us": {"us", "i"}, "ias": {"ias", "ia"}, "is": {"is", "ė"}, "none": {"esnis", "esnė"}}
	err := eachLine("tables/adjectives.txt", func(fields []string) error {
		if fields[0] != "stem" {
			return nil
		}
		for _, stem := range fields[2:] {
			stem, key, other := strings.Cut(stem, "=")
			if !other {
				key = stem
			}
			for _, ending := range genders[fields[1]] {
				written := stem
				if softens(ending) {
					written = soften(stem)
				}
				assertKey(t, written+ending, key+markAdjective)
			}
			assertKey(t, stem+"esniam", key+markAdjective)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func soften(stem string) string {
	if hard, ok := strings.CutSuffix(stem, "t"); ok {
		return hard + "č"
	}
	if strings.HasSuffix(stem, "d") {
		return stem + "ž"
	}
	return stem
}

// TestTablesAreRefused: a mistake in a table is an error, not a rule.
func TestTablesAreRefused(t *testing.T) {
	g, err := load(Exact, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		line string
		read func([]string) error
	}{
		{"as A", g.addDeclension},
		{"as AB as o", g.addDeclension},
		{"key", g.addIrregular},
		{"declension as A F as a", g.addAdjectives},
		{"stem xs ger", g.addAdjectives},
		{"suffix as many išk", g.addAdjectives},
		{"suffix xs 3 išk", g.addAdjectives},
		{"degree esn xs", g.addAdjectives},
		{"unknown as", g.addAdjectives},
		{"slot x - a", g.addConjugation},
		{"slot a - am@none", g.addConjugation},
		{"suffix x uoj uo", g.addConjugation},
		{"unknown a", g.addConjugation},
		{"verb eiti eina", g.addVerbs},
		{"verb eina eina ėjo", g.addVerbs},
		{"verb eiti ein ėjo", g.addVerbs},
		{"verb eiti eina ėju", g.addVerbs},
		{"like -ti -a -u: dirb", g.addVerbs},
	} {
		if err := test.read(strings.Fields(test.line)); err == nil {
			t.Errorf("%q was read", test.line)
		}
	}
}
