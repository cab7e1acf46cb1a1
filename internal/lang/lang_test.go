package lang_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestFor(t *testing.T) {
	for code, want := range map[string]string{
		"lt": "lt", "lt-LT": "lt", "LT": "lt", "lt_LT": "lt", "en-US": "en", "da-Latn-DK": "da",
		"": "", "xx": "", "de": "", "not a code": "", "und": "", "mul": "",
	} {
		got := ""
		if l, ok := lang.For(code); ok {
			got = l.Code()
		}
		if got != want {
			t.Errorf("For(%q) = %q, want %q", code, got, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	if diff := cmp.Diff([]string{"lt", "da", "en"}, lang.Codes()); diff != "" {
		t.Errorf("Codes (-want +got):\n%s", diff)
	}
	got := map[string][2]string{}
	for _, code := range lang.Codes() {
		l := language(t, code)
		got[l.Code()] = [2]string{l.Locale(), l.Name()}
	}
	want := map[string][2]string{"lt": {"lt_LT", "Lietuvių"}, "en": {"en_GB", "English"}, "da": {"da_DK", "Dansk"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("languages (-want +got):\n%s", diff)
	}
	if got := lang.Default().Code(); got != "lt" {
		t.Errorf("Default is %q, want lt", got)
	}
}

func TestMatch(t *testing.T) {
	cases := []struct {
		header   string
		offered  []string
		fallback string
		want     string
	}{
		{"en-GB,en;q=0.9,lt;q=0.8", []string{"lt", "en"}, "lt", "en"},
		{"da, en;q=0.5", []string{"lt", "en"}, "lt", "en"},
		{"lt-LT", []string{"en", "lt"}, "en", "lt"},
		{"de", []string{"lt", "en"}, "lt", "lt"},
		{"de", []string{"lt", "en"}, "en", "en"},
		{"", []string{"en", "lt"}, "lt", "lt"},
		{"*", []string{"en", "lt"}, "lt", "lt"},
		{";;;q=7", []string{"en"}, "lt", "lt"},
		{"en", nil, "lt", "lt"},
		{"en", []string{"???", "en-GB"}, "lt", "en-GB"},
		{"en;q=0, lt", []string{"en", "lt"}, "en", "lt"},
	}
	for _, c := range cases {
		if got := lang.Match(c.header, c.offered, c.fallback); got != c.want {
			t.Errorf("Match(%q, %v, %q) = %q, want %q", c.header, c.offered, c.fallback, got, c.want)
		}
	}
}

// TestLoadTakesAnotherFolder keeps the promise that a language needs no code.
func TestLoadTakesAnotherFolder(t *testing.T) {
	dir := copyTables(t)
	if err := os.CopyFS(filepath.Join(dir, "sv"), os.DirFS("tables/da")); err != nil {
		t.Fatal(err)
	}
	rewrite(t, filepath.Join(dir, "sv", "language.yaml"), "code: da\nlocale: da_DK", "code: sv\nlocale: sv_SE")
	rewrite(t, filepath.Join(dir, "sv", "letters.yaml"), "å: aa", "å: a")
	set, err := lang.Load(os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	sv, ok := set.For("sv-SE")
	if !ok {
		t.Fatal("no sv after adding its folder")
	}
	if got := sv.Slug("Åbo") + " " + sv.Date(time.Date(2024, 6, 7, 0, 0, 0, 0, time.UTC)); got != "abo 7. juni 2024" {
		t.Errorf("sv writes %q", got)
	}
}

func TestLoadRefusesBrokenTables(t *testing.T) {
	cases := []struct{ name, file, old, replacement, want string }{
		{"unknown field", "lt/dates.yaml", "long:", "lang:", "field lang not found"},
		{"missing field", "lt/typography.yaml", "open: „", "", "missing or empty"},
		{"eleven months", "lt/dates.yaml", "months: [sausio, ", "months: [", "11 names, want 12"},
		{"wrong code", "lt/language.yaml", "code: lt", "code: en", "the folder is"},
		{"fold to nothing ASCII", "lt/letters.yaml", "ą: a", "ą: ą", "one letter to ASCII"},
		{"pair outside the alphabet", "lt/pairs.yaml", `"^": "`, `"^": "ß3 `, "letter of the keyboard"},
		{"second document", "lt/language.yaml", "name: Lietuvių", "name: Lietuvių\n---\ncode: lt", "more than one document"},
		{"duplicate message", "lt/messages.yaml", "site.home:", "site.skip:", "already defined"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := copyTables(t)
			rewrite(t, filepath.Join(dir, c.file), c.old, c.replacement)
			if _, err := lang.Load(os.DirFS(dir)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Load = %v, want an error with %q", err, c.want)
			}
		})
	}
}

func rewrite(t *testing.T, file, old, replacement string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(raw), old) {
		t.Fatalf("%s has no %q to replace", file, old)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(raw), old, replacement, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}
