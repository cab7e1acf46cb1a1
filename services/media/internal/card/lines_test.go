package card

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func linesOf(lines []line) []string {
	var texts []string
	for _, l := range lines {
		texts = append(texts, strings.ReplaceAll(l.text, "\u00a0", " "))
	}
	return texts
}

func TestLines(t *testing.T) {
	p := painter(t)
	for _, tc := range []struct {
		name, title, language string
		want                  []string
	}{
		{"one line", "Nauja skaitykla", "lt", []string{"Nauja skaitykla"}},
		{"two even lines", "Rudens renginių kalendorius vaikams", "lt", []string{"Rudens renginių", "kalendorius vaikams"}},
		{"a date stays whole", "Vasaros skaitymo iššūkis: perskaityk penkias knygas iki rugsėjo 1 d.", "lt", []string{
			"Vasaros skaitymo iššūkis:", "perskaityk penkias", "knygas iki rugsėjo 1 d.",
		}},
		{"initials stay with the name", "Susitikimas su rašytoja apie naują knygą „Miškas“ ir J. Biliūno premiją", "lt", nil},
		{"no word of one letter at the end", "Bibliotekos durys atvertos į naują sodą ir į kiemą prie upės", "lt", nil},
		{"the writer's own soft hyphen goes unseen", "Bib\u00adlioteka", "lt", []string{"Biblioteka"}},
		{"signs without a letter form are left out", "Šventė 🎉 tęsiasi", "lt", []string{"Šventė tęsiasi"}},
		{"a title without any letter we have", "図書館", "lt", []string{"Kėdainių", "biblioteka"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := linesOf(p.sketch(Input{Title: tc.title, Language: tc.language, SiteName: "Kėdainių biblioteka"}).plan().title)
			if tc.want != nil {
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Error(diff)
				}
			}
			for _, line := range got[:len(got)-1] {
				words := strings.Fields(line)
				if last := words[len(words)-1]; len(last) == 1 || strings.HasSuffix(last, "J.") || last == "1" {
					t.Errorf("a line ends in %q: %q", last, got)
				}
			}
		})
	}
}

func TestLinesAreBalanced(t *testing.T) {
	p := painter(t)
	for _, title := range []string{
		longTitle,
		"Biblioteka kviečia į susitikimą su rašytoja",
		"Ar žinai, kur šiąnakt miega knygos? „Bibliotekų naktis“ kviečia visus",
		"Mobilioji biblioteka vėl važiuoja po kaimus: naujas autobusas, nauji maršrutai ir daugiau knygų vaikams",
		"Lokalhistorisk samling får nye lokaler på hovedbiblioteket i Aarhus",
	} {
		for name, in := range map[string]Input{
			"cover": {Title: title, Language: "lt", SiteName: "Biblioteka", Cover: &Picture{}},
			"color": {Title: title, Language: "lt", SiteName: "Biblioteka"},
		} {
			lines := p.sketch(in).plan().title
			shortest, longest := lines[0].width, lines[0].width
			for _, l := range lines {
				shortest, longest = min(shortest, l.width), max(longest, l.width)
			}
			if shortest < longest*0.6 {
				t.Errorf("%s: lines of %.0f to %.0f pixels: %q", name, shortest, longest, linesOf(lines))
			}
		}
	}
}

func TestLongTitlesFit(t *testing.T) {
	p := painter(t)
	word60 := strings.Repeat("kopūsteliaujant", 4)
	for _, tc := range []struct{ name, title string }{
		{"300 letters", string([]rune(strings.Repeat(longTitle+" ", 3))[:299]) + "b"},
		{"a word of 60 letters", word60},
		{"a word of 60 letters among others", "Konkurso nugalėtojas – " + word60 + " ir kiti"},
		{"300 times the widest letter", strings.Repeat("W", 300)},
		{"300 letters without a vowel", strings.Repeat("trks", 75)},
		{"an address", "https://www.biblioteka.lt/naujienos/2026/11/" + strings.Repeat("labai-ilgas-", 12)},
	} {
		for _, picture := range []*Picture{nil, {}} {
			plan := p.sketch(Input{Title: tc.title, Language: "lt", SiteName: library, Cover: picture}).plan()
			withoutBreaks := strings.NewReplacer(" ", "", "-", "", "\u00a0", "")
			if got, want := withoutBreaks.Replace(strings.Join(linesOf(plan.title), "")), withoutBreaks.Replace(tc.title); got != want {
				t.Errorf("%s (cover: %t): something is cut:\n got %s\nwant %s", tc.name, picture != nil, got, want)
			}
			inside(t, tc.name, plan, picture != nil)
		}
	}
}

// inside checks that every line is within the margins and none covers another.
func inside(t *testing.T, name string, plan plan, cover bool) {
	t.Helper()
	right := float64(Width - margin)
	if !cover {
		right = shelfLeft
	}
	var above float64
	for _, l := range append(plan.title, plan.name...) {
		if l.x < margin || l.x+l.width > right+0.5 {
			t.Errorf("%s: %q goes from %.0f to %.0f", name, l.text, l.x, l.x+l.width)
		}
		if l.baseline-l.size < 0 || l.baseline > Height-bottom {
			t.Errorf("%s: %q stands at %.0f", name, l.text, l.baseline)
		}
		if l.baseline-above < l.size {
			t.Errorf("%s: %q is %.0f below the line above", name, l.text, l.baseline-above)
		}
		above = l.baseline
	}
	if !plan.mark.In(boundsOfCard()) {
		t.Errorf("%s: the mark is at %v", name, plan.mark)
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]string{
		"biblioteka":        "bib-lio-teka",
		"prisikiškiakopūst": "pri-sikiš-kia-kopūst",
		"archeologija":      "archeo-logija",
		"medžiagomis":       "medžia-gomis",
		"strtkrstlkmn":      "strtkrst-lkmn",
	} {
		var parts []string
		for _, p := range syllables(piece{text: word}) {
			parts = append(parts, p.text)
		}
		if got := strings.Join(parts, "-"); got != want {
			t.Errorf("%s: got %s, want %s", word, got, want)
		}
	}
}

// TestPlanOfAnything sets texts of no language.
func TestPlanOfAnything(t *testing.T) {
	p := painter(t)
	chance := rand.New(rand.NewPCG(3, 3))
	signs := []rune("aąWil.,-–/„“ \u00a0\u00ad\u0301\u200d\u202e\x00🎉図ייЖ")
	text := func() string {
		runes := make([]rune, chance.IntN(1200))
		for i := range runes {
			runes[i] = signs[min(chance.IntN(len(signs)), chance.IntN(len(signs)))]
		}
		return string(runes)
	}
	for range 40 {
		for _, picture := range []*Picture{nil, {}} {
			in := Input{Title: text(), SiteName: text(), Language: "lt", Cover: picture}
			inside(t, "anything", p.sketch(in).plan(), picture != nil)
		}
	}
}

func FuzzPlan(f *testing.F) {
	f.Add(longTitle, library, "lt")
	f.Add(strings.Repeat("ilgas ", 400), strings.Repeat("W", 300), "en")
	f.Add("e\u0301\u200d\u00ad-–/", "\x00\u202e", "")
	p, err := New()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, title, name, code string) {
		for _, picture := range []*Picture{nil, {}} {
			inside(t, "fuzz", p.sketch(Input{Title: title, SiteName: name, Language: code, Cover: picture}).plan(), picture != nil)
		}
	})
}
