package targets_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/targets"
)

// decoded is what a target gets from a link.
type decoded struct {
	scheme, host, path string
	params             map[string]string
}

// decode takes a link apart as targets do: percent escapes only, so that a plus
// stays one, and each name once.
func decode(t *testing.T, link string) decoded {
	t.Helper()
	for _, r := range link {
		if r <= ' ' || r > '~' || strings.ContainsRune(`"'<>\^{}|+`+"`", r) {
			t.Errorf("link %q holds %q", link, r)
		}
	}
	front, query, _ := strings.Cut(link, "?")
	var d decoded
	d.scheme, front, _ = strings.Cut(front, ":")
	d.host, d.path, _ = strings.Cut(strings.TrimPrefix(front, "//"), "/")
	d.params = map[string]string{}
	for pair := range strings.SplitSeq(strings.TrimPrefix(query, "&"), "&") {
		name, escaped, _ := strings.Cut(pair, "=")
		text, err := url.PathUnescape(escaped)
		if err != nil || !utf8.ValidString(text) {
			t.Errorf("parameter %q of %q: %v", name, link, err)
		}
		if _, twice := d.params[name]; twice || name == "" {
			t.Errorf("link %q has parameter %q twice", link, name)
		}
		d.params[name] = text
	}
	return d
}

// shape says what a link of a target must be, apart from its code.
type shape struct {
	scheme, host, path string
	uri, text          string // names of parameters
	fixed              []string
	first              bool // the address begins the text
	most               int
	count              func(text, address string) int
}

// shapes are written down from what the targets document, not from the table.
func shapes() map[string]shape {
	graphemes := func(text, _ string) int { return uniseg.GraphemeClusterCount(text) }
	characters := func(text, _ string) int { return utf8.RuneCountInString(text) }
	return map[string]shape{
		"facebook":  {scheme: "https", host: "www.facebook.com", path: "sharer/sharer.php", uri: "u"},
		"messenger": {scheme: "https", host: "www.facebook.com", path: "dialog/send", uri: "link", fixed: []string{"app_id", "redirect_uri"}},
		"viber":     {scheme: "viber", host: "forward", text: "text", first: true, most: 200, count: characters},
		"whatsapp":  {scheme: "https", host: "wa.me", text: "text", most: 4096, count: characters},
		"email":     {scheme: "mailto", text: "body", fixed: []string{"subject"}},
		"sms":       {scheme: "sms", text: "body", most: 459, count: characters},
		"x": {scheme: "https", host: "x.com", path: "intent/tweet", uri: "url", text: "text", most: 280, count: func(text, _ string) int {
			return 24 + uniseg.GraphemeClusterCount(text)
		}},
		"linkedin": {scheme: "https", host: "www.linkedin.com", path: "sharing/share-offsite/", uri: "url"},
		"telegram": {scheme: "https", host: "t.me", path: "share/url", uri: "url", text: "text", most: 4096, count: characters},
		"bluesky":  {scheme: "https", host: "bsky.app", path: "intent/compose", text: "text", most: 300, count: graphemes},
		"mastodon": {scheme: "https", host: "share.joinmastodon.org", text: "text", most: 500, count: func(text, address string) int {
			return uniseg.GraphemeClusterCount(strings.Replace(text, address, strings.Repeat("x", 23), 1))
		}},
		"threads": {scheme: "https", host: "www.threads.com", path: "intent/post", uri: "url", text: "text", most: 500, count: characters},
		"reddit":  {scheme: "https", host: "www.reddit.com", path: "submit", uri: "url", text: "title", most: 300, count: characters},
		"pasidalink": {
			scheme: "https", host: "pasidalink.example", path: "add", uri: "u", text: "x", fixed: []string{"t", "fixed"},
			most: 2000, count: func(text, passed string) int { return len(text) + len(passed) },
		},
		"pinterest": {
			scheme: "https", host: "www.pinterest.com", path: "pin/create/button/", uri: "url", text: "description",
			fixed: []string{"media"}, most: 500, count: characters,
		},
	}
}

// checkLink decodes the link of a target and fails the test unless the address
// is whole, every text is the item's or a beginning of it that ends at a word,
// and the target takes it.
func checkLink(t *testing.T, target targets.Target, item targets.Item, words *lang.Language) {
	t.Helper()
	link := target.Link(item, words)
	if target.Kind != targets.KindLink {
		if link == "" || strings.ContainsAny(link, " \r\n\t\"<>") {
			t.Errorf("link is %q", link)
		}
		return
	}
	longest := 8000
	if target.ID == "pasidalink" {
		longest = 2000
	}
	if len(link) > longest {
		t.Errorf("link takes %d bytes", len(link))
	}
	want, ok := shapes()[target.ID]
	if !ok {
		t.Fatalf("no shape of %s", target.ID)
	}
	got := decode(t, link)
	if got.scheme != want.scheme || got.host != want.host || got.path != want.path {
		t.Errorf("link %s leads to %s %s %s", link, got.scheme, got.host, got.path)
	}
	names := len(want.fixed)
	for _, name := range []string{want.uri, want.text} {
		if name != "" {
			names++
		}
	}
	if len(got.params) != names {
		t.Errorf("link has the parameters %v", got.params)
	}
	passed := target.Address(item)
	if want.uri != "" && got.params[want.uri] != passed {
		t.Errorf("address is %q, want %q", got.params[want.uri], passed)
	}
	if want.text == "" {
		return
	}
	text := got.params[want.text]
	if target.ID == "email" {
		checkEmail(t, item, got.params, passed, link)
		return
	}
	if want.uri == "" {
		text = withoutAddress(t, text, passed, want.first)
	}
	checkText(t, text, item)
	if n := want.count(got.params[want.text], passed); n > want.most {
		t.Errorf("%d of %d: %q", n, want.most, got.params[want.text])
	}
}

// withoutAddress returns the rest of a text that has the address in a line of
// its own, first or last.
func withoutAddress(t *testing.T, text, passed string, first bool) string {
	t.Helper()
	rest, ok := strings.CutSuffix(text, passed)
	if first {
		rest, ok = strings.CutPrefix(text, passed)
	}
	if !ok {
		t.Errorf("text %q lacks the address %q in its place", text, passed)
	}
	return strings.Trim(rest, "\n")
}

// checkText accepts lines that are title, lead and site or beginnings of them.
func checkText(t *testing.T, text string, item targets.Item) {
	t.Helper()
	lines := strings.Split(text, "\n")
	if len(lines) > 3 {
		t.Errorf("text %q has %d lines", text, len(lines))
	}
	if item.Title != "" {
		if !isBeginning(lines[0], item.Title) {
			t.Errorf("text %q does not begin with %q", text, item.Title)
		}
		lines = lines[1:]
	}
	for _, line := range lines {
		if line != "" && line != item.Site && !isBeginning(line, item.Lead) {
			t.Errorf("line %q of %q is neither lead nor site", line, text)
		}
	}
	if !strings.HasPrefix(text, item.Title) && len(lines) > 0 {
		t.Errorf("text %q has more than a title that was cut", text)
	}
}

// isBeginning reports whether got is text, or a beginning of it with an
// ellipsis that ends at a word, or within the first word.
func isBeginning(got, text string) bool {
	if got == text {
		return true
	}
	head, cut := strings.CutSuffix(got, "…")
	rest, begins := strings.CutPrefix(text, head)
	if !cut || head == "" || !begins {
		return false
	}
	rest = strings.TrimLeft(rest, ",;:.–—-(„…")
	next, _ := utf8.DecodeRuneInString(rest)
	return !strings.ContainsAny(head, " \u00a0") || rest == "" || strings.ContainsRune(" \u00a0\u202f", next) ||
		!strings.Contains(text[:len(head)], " ")
}

func checkEmail(t *testing.T, item targets.Item, params map[string]string, passed, link string) {
	t.Helper()
	if len(link) > 1900 {
		t.Errorf("link takes %d bytes", len(link))
	}
	subject, body := params["subject"], params["body"]
	if strings.ContainsAny(subject, "\r\n\x00") || !isBeginning(subject, item.Title) {
		t.Errorf("subject is %q", subject)
	}
	if strings.Count(body, "\n") != strings.Count(body, "\r\n") || strings.Count(body, "\r") != strings.Count(body, "\r\n") {
		t.Errorf("body %q has lines that do not end as mail does", body)
	}
	rest, ok := strings.CutSuffix(body, "\r\n"+passed+"\r\n")
	if !ok {
		t.Errorf("body %q does not end with the address", body)
	}
	at := strings.LastIndex(rest, "\r\n\r\n")
	checkText(t, strings.ReplaceAll(rest[at+4:], "\r\n", "\n"), item)
}
