package lang_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/lang"
)

func TestSlug(t *testing.T) {
	long := strings.Repeat("knyga ", 20)
	cases := []struct{ name, code, title, want string }{
		{"page", "lt", "Ši stažuotė Orhuse (Aarhus) – „Dokk1“ biblioteka", "si-stazuote-orhuse-aarhus-dokk1-biblioteka"},
		{"all Lithuanian letters", "lt", "ąčęėįšųūž ĄČĘĖĮŠŲŪŽ", "aceeisuuz-aceeisuuz"},
		{"stressed Lithuanian", "lt", "Mažvýdas i\u0307\u0301r Ì", "mazvydas-ir-i"},
		{"Danish in Danish", "da", "Århus Ærø Smørrebrød", "aarhus-aeroe-smoerrebroed"},
		{"Danish in English", "en", "Århus Ærø Smørrebrød", "arhus-aero-smorrebrod"},
		{"Danish in Lithuanian", "lt", "Århus Ærø", "arhus-aero"},
		{"common table", "lt", "Łódź, Straße, Þórr, İstanbul, ırmak, đak", "lodz-strasse-thorr-istanbul-irmak-dak"},
		{"common table in Danish", "da", "Łódź, Straße, Þórr, İstanbul, ırmak, đak", "lodz-strasse-thorr-istanbul-irmak-dak"},
		{"common table in English", "en", "Łódź, Straße, Þórr, İstanbul, ırmak, đak", "lodz-strasse-thorr-istanbul-irmak-dak"},
		{"Lithuanian in Danish", "da", "Žemės ąžuolų šaknys", "zemes-azuolu-saknys"},
		{"capitals in Danish", "da", "ÅRHUS ÆRØ", "aarhus-aeroe"},
		{"ampersand in Danish", "da", "Bøger & kaffe", "boeger-kaffe"},
		{"ampersand in English", "en", "Books & coffee", "books-coffee"},
		{"ampersand without spaces", "lt", "R&D", "r-d"},
		{"apostrophe", "en", "Children’s books & more", "childrens-books-more"},
		{"no word for ampersand", "lt", "Knygos & kava", "knygos-kava"},
		{"soft hyphen", "lt", "bib\u00adlio\u00adteka", "biblioteka"},
		{"ligature and width", "en", "ﬁne １２", "fine-12"},
		{"punctuation only", "lt", "— „“ !", ""},
		{"other script", "lt", "日本語", ""},
		{"empty", "lt", "", ""},
		{"cut between words", "lt", long, strings.TrimSuffix(strings.Repeat("knyga-", 13), "-")},
		{"one long word", "lt", strings.Repeat("a", 200), strings.Repeat("a", lang.MaxSlug)},
		{"hyphens", "lt", "--a -- b--", "a-b"},
	}
	for _, c := range cases {
		l := language(t, c.code)
		if got := l.Slug(c.title); got != c.want {
			t.Errorf("%s: Slug(%q) = %q, want %q", c.name, c.title, got, c.want)
		}
		if got := l.Slug(norm.NFD.String(c.title)); got != c.want {
			t.Errorf("%s: Slug of the decomposed title = %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	shape := regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`)
	for _, seed := range []string{"Ši stažuotė", "Århus", "i\u0307\u0301", "İ", "日本語", "\xff\x00", "a--b", strings.Repeat("ž ", 90)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, title string) {
		for _, code := range lang.Codes() {
			l, _ := lang.For(code)
			slug := l.Slug(title)
			if !shape.MatchString(slug) || len(slug) > lang.MaxSlug {
				t.Errorf("%s: Slug(%q) = %q: not the shape of a slug", code, title, slug)
			}
			if again := l.Slug(slug); again != slug {
				t.Errorf("%s: Slug(%q) = %q, and of that %q", code, title, slug, again)
			}
			if decomposed := l.Slug(norm.NFD.String(title)); decomposed != slug {
				t.Errorf("%s: Slug(%q) = %q, decomposed %q", code, title, slug, decomposed)
			}
		}
	})
}
