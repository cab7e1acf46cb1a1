package targets_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/targets"
)

const address = "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"

// titles are single lines, as package published gives them.
func titles() map[string]string {
	return map[string]string{
		"lt":                "Stažuotė Danijos bibliotekose: „ką parsivežėme?“",
		"en":                "Rock & roll + C# = 100 % fun? Yes; no",
		"da":                "På besøg i Ærøskøbing – 'smør & brød'",
		"markup":            `"><script>alert(1)</script><!--`,
		"query":             "a&url=https://evil.example/&u=https://evil.example/#x?subject=y",
		"header injection":  "x%0D%0ABcc:%20all@example.lt",
		"emoji":             "Knygų mugė 👩‍👩‍👧‍👦📚 🇱🇹",
		"percent and plus":  "100%25 a+b c%20d",
		"300 letters":       strings.Repeat("Žąsų ", 60),
		"300 emoji":         strings.Repeat("📚", 300),
		"one word":          strings.Repeat("ž", 300),
		"no-break spaces":   "2024\u00a0m. birželio 7\u00a0d.",
		"not western":       strings.Repeat("図書館", 100),
		"addresses":         strings.Repeat("a.lt ", 60),
		"backslash, quotes": `\"'` + "`",
	}
}

func TestLinkDecodes(t *testing.T) {
	for _, code := range lang.Codes() {
		words := language(t, code)
		for name, title := range titles() {
			item := targets.Item{Title: title, URI: address + "?a=1&b=2#c"}
			for _, target := range targets.All() {
				t.Run(code+"/"+target.ID+"/"+name, func(t *testing.T) {
					checkLink(t, target, target.Link(item, words), item)
				})
			}
		}
	}
}

func language(tb testing.TB, code string) *lang.Language {
	tb.Helper()
	words, ok := lang.For(code)
	if !ok {
		tb.Fatalf("no language %q", code)
	}
	return words
}

func checkLink(t *testing.T, target targets.Target, link string, item targets.Item) {
	t.Helper()
	checkCharacters(t, link)
	parsed, err := url.Parse(link)
	if err != nil {
		t.Fatalf("Link() = %q: %v", link, err)
	}
	query, err := url.ParseQuery(parsed.RawQuery)
	if err != nil {
		t.Fatalf("query of %q: %v", link, err)
	}
	switch target.ID {
	case "facebook":
		checkFacebook(t, parsed, query, item)
	case "x":
		checkX(t, parsed, query, item)
	case "email":
		checkEmail(t, parsed, query, item, link)
	default:
		t.Errorf("no check for target %q", target.ID)
	}
}

// checkCharacters holds a link to what needs no escaping in any HTML attribute
// but for the ampersand, and is no plus that a mail program would show.
func checkCharacters(t *testing.T, link string) {
	t.Helper()
	for _, r := range link {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"'<>\^{}|+`+"`", r) {
			t.Errorf("Link() = %q holds %q", link, r)
		}
	}
}

func checkKeys(t *testing.T, query url.Values, keys ...string) {
	t.Helper()
	if len(query) != len(keys) {
		t.Errorf("query has %d keys: %v, want %v", len(query), query, keys)
	}
	for _, key := range keys {
		if len(query[key]) != 1 {
			t.Errorf("query has %q %d times", key, len(query[key]))
		}
	}
}

func checkFacebook(t *testing.T, parsed *url.URL, query url.Values, item targets.Item) {
	t.Helper()
	if parsed.Scheme != "https" || parsed.Host != "www.facebook.com" || parsed.Path != "/sharer/sharer.php" {
		t.Errorf("link leads to %s", parsed)
	}
	checkKeys(t, query, "u")
	if got := query.Get("u"); got != item.URI {
		t.Errorf("u = %q, want %q", got, item.URI)
	}
}

func checkX(t *testing.T, parsed *url.URL, query url.Values, item targets.Item) {
	t.Helper()
	if parsed.Scheme != "https" || parsed.Host != "x.com" || parsed.Path != "/intent/tweet" {
		t.Errorf("link leads to %s", parsed)
	}
	checkKeys(t, query, "text", "url")
	if got := query.Get("url"); got != item.URI {
		t.Errorf("url = %q, want %q", got, item.URI)
	}
	checkBeginning(t, query.Get("text"), item.Title)
}

func checkEmail(t *testing.T, parsed *url.URL, query url.Values, item targets.Item, link string) {
	t.Helper()
	if parsed.Scheme != "mailto" || parsed.Opaque != "" || parsed.Path != "" {
		t.Errorf("link leads to %s", parsed)
	}
	if len(link) > 1900 {
		t.Errorf("link takes %d bytes", len(link))
	}
	checkKeys(t, query, "subject", "body")
	subject := query.Get("subject")
	checkBeginning(t, subject, item.Title)
	body := query.Get("body")
	if !strings.Contains(body, subject) || !strings.HasSuffix(body, "\r\n"+item.URI+"\r\n") {
		t.Errorf("body = %q does not hold the subject %q and the address on its own line", body, subject)
	}
	if lines := strings.Count(body, "\n"); lines != strings.Count(body, "\r\n") {
		t.Errorf("body = %q has lines that do not end as mail does", body)
	}
}

// checkBeginning accepts the text itself or a beginning of it with an ellipsis.
func checkBeginning(t *testing.T, got, text string) {
	t.Helper()
	head, cut := strings.CutSuffix(got, excerpt.Ellipsis)
	if got != text && (!cut || head == "" || !strings.HasPrefix(text, head)) {
		t.Errorf("text = %q, want a beginning of %q", got, text)
	}
}

func TestEmailShortens(t *testing.T) {
	item := targets.Item{
		Title: strings.Repeat("Žąsų ", 60),
		URI:   "https://" + strings.Repeat("a", 290) + "/" + strings.Repeat("b", 80),
	}
	link := targets.All()[2].Link(item, language(t, "lt"))
	if len(link) > 1900 || len(link) < 1800 {
		t.Errorf("link takes %d bytes, want it used up to 1900", len(link))
	}
}

// TestWords holds every language to words for every target.
func TestWords(t *testing.T) {
	for _, code := range lang.Codes() {
		words := language(t, code)
		if got := targets.Heading(words); got == "share.heading" || got == "" {
			t.Errorf("%s: no heading", code)
		}
		for _, target := range targets.All() {
			title, label, disclosure := target.Title(words), target.Label(words), target.Disclosure(words)
			for _, text := range []string{title, label, disclosure} {
				if text == "" || strings.Contains(text, "share."+target.ID) {
					t.Errorf("%s: %s: text %q is missing", code, target.ID, text)
				}
			}
			if !strings.HasPrefix(label, title) {
				t.Errorf("%s: %s: label %q does not begin with %q", code, target.ID, label, title)
			}
		}
	}
}

func TestOrder(t *testing.T) {
	var got []string
	for _, target := range targets.All() {
		got = append(got, target.ID)
	}
	if want := []string{"facebook", "x", "email"}; !slices.Equal(got, want) {
		t.Errorf("targets are %v, want %v", got, want)
	}
}

func FuzzEmail(f *testing.F) {
	for _, title := range titles() {
		f.Add(title, "")
	}
	email, words := targets.All()[2], language(f, "lt")
	f.Fuzz(func(t *testing.T, title, path string) {
		if len(path) > 200 {
			return
		}
		item := targets.Item{Title: title, URI: address + path}
		link := email.Link(item, words)
		checkCharacters(t, link)
		query, err := url.ParseQuery(strings.TrimPrefix(link, "mailto:?"))
		if err != nil {
			t.Fatalf("Link() = %q: %v", link, err)
		}
		checkKeys(t, query, "subject", "body")
		if len(link) > 1900 {
			t.Errorf("link takes %d bytes", len(link))
		}
		want := strings.ReplaceAll(item.URI, "\n", "\r\n")
		if !strings.HasSuffix(query.Get("body"), want+"\r\n") {
			t.Errorf("body = %q does not end with %q", query.Get("body"), item.URI)
		}
	})
}
