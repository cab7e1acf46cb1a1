package targets_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/targets"
)

// pieces are what hostile and honest titles are made of.
func pieces() []string {
	return []string{
		"Žąsų ", "mugė ", "bibliotekose", ": ", "„", "“ ", `"`, "'", "& ", "&amp;", "= ", "+", "% ", "%0D%0A", "#", "?", "/", `\`, "<b>", "</script>",
		"\r\n", "\n", "Bcc: a@b.lt", "\t", "\x00", "\x1b[31m", "\u0085", "\u2028", "\u00a0", "\u202f", "\u00ad", "\ufeff",
		"👩‍👩‍👧‍👦", "🇱🇹", "🇩🇰🇪🇺", "👍🏽", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "📚 ", "❤️", "שלום ", "مكتبة ", "\u200f", "\u200e", "\u202e", "\u2066", "\u2069",
		"a\u0328\u0301", "e\u0301", "ṩ", "図書館", "ไทย", "क्षि", "lrs.lt ", "https://evil.example/?u=1 ", "{uri}", "{title}", "{{.Title}}", "%s", "…", "\xff\xfe",
		strings.Repeat("ilgaszodis", 4), "- ", "– ", ".", "@x ", "|", "^", "[]", "€",
	}
}

// title returns a text of at most n pieces, as an article may have it: what
// reaches the targets is one line without control characters.
func title(r *rand.Rand, n int) string {
	all := pieces()
	var b strings.Builder
	for range r.IntN(n) + 1 {
		b.WriteString(all[r.IntN(len(all))])
	}
	return richtext.Line(string([]rune(b.String())[:min(300, len([]rune(b.String())))]))
}

// everyTarget returns the built-in targets and one of a site's own.
func everyTarget() []targets.Target {
	return append(targets.Table(), targets.Of(&articlev1.Site{DefaultLanguageCode: "lt", ShareTargets: []*articlev1.ShareTarget{
		{Id: "pasidalink", UriTemplate: "https://pasidalink.example/add?u={uri}&t={title}&x={text}&fixed=a%20b"},
	}})...)
}

// TestEveryTextThroughEveryTarget is the property that decoding the link gives
// the text back.
func TestEveryTextThroughEveryTarget(t *testing.T) {
	titles := []string{"", strings.Repeat("ž", 300), strings.TrimSpace(strings.Repeat("Žąsų ", 60)), strings.Repeat("📚", 300), strings.Repeat("👩‍👩‍👧‍👦", 42)}
	for _, hostile := range sharingtest.Hostile() {
		titles = append(titles, richtext.Line(hostile))
	}
	random := rand.New(rand.NewPCG(5, 2026))
	for range 150 {
		titles = append(titles, title(random, 60))
	}
	for i, text := range titles {
		item := article()
		item.Title, item.Lead, item.Site = text, title(random, 80), title(random, 6)
		if i%3 == 0 {
			item.Short = ""
			item.URI += "?a=1&b=ą+c%20d#" + strings.Repeat("e", i%60)
		}
		for _, code := range lang.Codes() {
			words := language(t, code)
			for _, target := range everyTarget() {
				checkLink(t, target, item, words)
				if t.Failed() {
					t.Fatalf("%s in %s with the title %q, lead %q, site %q", target.ID, code, item.Title, item.Lead, item.Site)
				}
			}
		}
	}
}

// TestRoomIsUsed: what is cut is not cut short.
func TestRoomIsUsed(t *testing.T) {
	item := article()
	item.Title = strings.TrimSpace(strings.Repeat("Žąsų ", 60))
	tests := map[string]int{"viber": 180, "email": 1800, "sms": 360, "x": 240, "bluesky": 280}
	for id, least := range tests {
		link := find(t, id).Link(item, lang.Default())
		got := decode(t, link)
		n := len([]rune(got.params["text"] + got.params["body"]))
		if id == "email" {
			n = len(link)
		}
		if id == "sms" {
			n *= 2
		}
		if n < least {
			t.Errorf("%s uses %d, want at least %d: %v", id, n, least, got.params)
		}
	}
}

// TestAddressIsNeverCut, however long it is.
func TestAddressIsNeverCut(t *testing.T) {
	item := article()
	item.Short, item.URI = "", "https://"+strings.Repeat("a", 290)+"/"+strings.Repeat("b", 900)
	for _, target := range targets.Table() {
		if target.Kind != targets.KindLink {
			continue
		}
		found := false
		for _, value := range decode(t, target.Link(item, lang.Default())).params {
			found = found || strings.Contains(value, item.URI)
		}
		if !found {
			t.Errorf("%s lost the address", target.ID)
		}
	}
}

func FuzzLinks(f *testing.F) {
	for _, text := range sharingtest.Hostile() {
		f.Add(text, "Lead", "")
	}
	f.Add("Mugė", strings.Repeat("Knygų ", 80), "?a=1&b=2#c")
	f.Fuzz(func(t *testing.T, title, lead, path string) {
		if len(path) > 200 || len(title) > 1200 {
			return
		}
		item := article()
		item.Title, item.Lead = richtext.Line(title), richtext.Line(lead)
		item.Short, item.URI = "", item.URI+strings.ReplaceAll(richtext.Line(path), " ", "")
		for _, target := range everyTarget() {
			checkLink(t, target, item, lang.Default())
		}
	})
}
