package targets_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/services/sharing/internal/targets"
)

const (
	address = "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"
	short   = "https://naujienos.biblioteka.lt/s/3f7k2m9q"
)

// article returns an item with everything.
func article() targets.Item {
	return targets.Item{
		Title: "Stažuotė Danijos bibliotekose: „ką parsivežėme?“",
		Lead:  "Gegužę bibliotekininkės lankėsi Danijoje: Orhuse, Odensėje ir Kopenhagoje.",
		Site:  "Bibliotekos naujienos", URI: address, Short: short,
		Image: "https://naujienos.biblioteka.lt/media/orhusas.jpg",
		Sheet: "https://naujienos.biblioteka.lt/lapas", Code: "https://naujienos.biblioteka.lt/kodas.svg",
		FacebookAppID: "123456789",
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

func find(tb testing.TB, id string) targets.Target {
	tb.Helper()
	target, ok := targets.Find(id)
	if !ok {
		tb.Fatalf("no target %q", id)
	}
	return target
}

// TestLinks holds every target to the link that its maker documents.
func TestLinks(t *testing.T) {
	item := article()
	item.Title, item.Lead, item.Site = "Ą & B", "c + d", "S=1"
	const at = "https%3A%2F%2Fnaujienos.biblioteka.lt%2Fs%2F3f7k2m9q."
	const text = "%C4%84%20%26%20B%0Ac%20%2B%20d%0AS%3D1"
	tests := map[string]string{
		"facebook":  "https://www.facebook.com/sharer/sharer.php?u=" + at + "f",
		"messenger": "https://www.facebook.com/dialog/send?app_id=123456789&link=" + at + "g&redirect_uri=" + url.QueryEscape(address),
		"viber":     "viber://forward?text=" + at + "v%0A" + text,
		"whatsapp":  "https://wa.me/?text=" + text + "%0A" + at + "w",
		"email": "mailto:?subject=%C4%84%20%26%20B&body=Sveiki%2C%0D%0A%0D%0Asi%C5%ABlau%20perskaityti%3A%0D%0A%0D%0A" +
			strings.ReplaceAll(text, "%0A", "%0D%0A") + "%0D%0A" + at + "m%0D%0A",
		"sms":       "sms:?&body=%C4%84%20%26%20B%0A" + at + "s",
		"x":         "https://x.com/intent/tweet?text=" + text + "&url=" + at + "x",
		"linkedin":  "https://www.linkedin.com/sharing/share-offsite/?url=" + at + "n",
		"telegram":  "https://t.me/share/url?url=" + at + "t&text=" + text,
		"bluesky":   "https://bsky.app/intent/compose?text=" + text + "%0A" + at + "b",
		"mastodon":  "https://share.joinmastodon.org/?text=" + text + "%0A" + at + "a",
		"threads":   "https://www.threads.com/intent/post?text=" + text + "&url=" + at + "h",
		"reddit":    "https://www.reddit.com/submit?url=" + at + "r&title=%C4%84%20%26%20B",
		"pinterest": "https://www.pinterest.com/pin/create/button/?url=" + at + "e&media=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fmedia%2Forhusas.jpg&description=" + text,
		"copy":      short + ".c",
		"device":    short + ".d",
		"qr":        item.Code,
		"print":     item.Sheet,
	}
	for _, target := range targets.Table() {
		want, ok := tests[target.ID]
		if !ok {
			t.Errorf("no case for %s", target.ID)
		}
		if got := target.Link(item, lang.Default()); got != want {
			t.Errorf("%s:\n got %s\nwant %s", target.ID, got, want)
		}
	}
	if got, want := find(t, "messenger").AppLink(item), "fb-messenger://share?link="+at+"g"; got != want {
		t.Errorf("app of messenger: got %s, want %s", got, want)
	}
}

func TestOrder(t *testing.T) {
	var got []string
	for _, target := range targets.Table() {
		got = append(got, target.ID)
	}
	want := []string{
		"device", "facebook", "messenger", "viber", "whatsapp", "email", "sms", "copy", "qr", "print",
		"x", "linkedin", "telegram", "bluesky", "mastodon", "threads", "reddit", "pinterest",
	}
	if !slices.Equal(got, want) {
		t.Errorf("targets are %v, want %v", got, want)
	}
}

// TestOffered leaves out what cannot work.
func TestOffered(t *testing.T) {
	var missing []string
	item := targets.Item{Title: "Mugė", URI: address}
	for _, target := range targets.Table() {
		if !target.Offered(article()) {
			t.Errorf("%s is not offered though nothing is missing", target.ID)
		}
		if !target.Offered(item) {
			missing = append(missing, target.ID)
		}
	}
	if want := []string{"messenger", "qr", "print", "pinterest"}; !slices.Equal(missing, want) {
		t.Errorf("without app id, picture, sheet and code %v are missing, want %v", missing, want)
	}
}

// TestWithoutCode passes on the address of the article while it has no code.
func TestWithoutCode(t *testing.T) {
	item := article()
	item.Short = ""
	for _, target := range targets.Table() {
		if got := target.Address(item); got != address {
			t.Errorf("%s passes on %s", target.ID, got)
		}
	}
}

// TestWords holds every language to words for every target.
func TestWords(t *testing.T) {
	for _, code := range lang.Codes() {
		words := language(t, code)
		if got := targets.Heading(words); got == "share.heading" || got == "" {
			t.Errorf("%s: no heading", code)
		}
		for _, target := range targets.Table() {
			title, label, disclosure := target.Title(words), target.Label(words), target.Disclosure(words)
			for _, text := range []string{title, label, disclosure} {
				if text == "" || strings.Contains(text, "share."+target.ID) {
					t.Errorf("%s: %s: text %q is missing", code, target.ID, text)
				}
			}
			if rest, ok := strings.CutPrefix(label, title+": "); !ok || rest == "" {
				t.Errorf("%s: %s: label %q does not begin with %q and go on", code, target.ID, label, title)
			}
		}
	}
}

// TestFacts: what machines read agrees with where the link leads.
func TestFacts(t *testing.T) {
	for _, target := range targets.Table() {
		scheme, _, _ := strings.Cut(target.Link(article(), lang.Default()), ":")
		if web := scheme == "https" && target.Kind == targets.KindLink; web != (target.Host() != "") || web != (target.Exposure == targets.ExposurePress) {
			t.Errorf("%s: host %q, exposure %d, link by %s", target.ID, target.Host(), target.Exposure, scheme)
		}
		if app := scheme == "viber" || scheme == "sms"; app != target.NeedsApp {
			t.Errorf("%s: needs an app: %v, link by %s", target.ID, target.NeedsApp, scheme)
		}
		if (target.Exposure == targets.ExposureNone) != (target.Kind == targets.KindCopy || target.Kind == targets.KindPrint || target.Kind == targets.KindQR) {
			t.Errorf("%s: exposure %d", target.ID, target.Exposure)
		}
		if target.Host() != "" && !strings.Contains(target.Label(lang.Default()), target.Host()) &&
			!strings.Contains(target.Host(), "joinmastodon.org") {
			t.Errorf("%s: label %q does not name %s", target.ID, target.Label(lang.Default()), target.Host())
		}
	}
}
