package gateway_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestSharePage: the share sheet of a page, as it is without a script.
func TestSharePage(t *testing.T) {
	s := newSiteSuite(t)
	s.sharing.hostile = true
	resp, page := s.page(t, "/kelione", nil)
	page.checkSafe(t)
	sheet := page.one(t, "nav", "aria-labelledby", "share")
	var got []string
	for _, n := range sheet.all("*") {
		switch n.Data {
		case "a":
			got = append(got, textOf(n)+" "+attr(n, "href"))
		case "button", "input":
			got = append(got, n.Data+" "+attr(n, "class")+attr(n, "id")+" "+attr(n, "value"))
		case "summary":
			got = append(got, "summary "+textOf(n))
		}
	}
	const at = "https%3A%2F%2Fbiblioteka.example%2Fs%2F3f7k2m9q."
	want := []string{
		"input share-link " + shortAddress + ".c", "button copy ",
		"button device " + shortAddress + ".d",
		"Facebook https://www.facebook.com/sharer/sharer.php?u=" + at + "f",
		"Messenger https://www.facebook.com/dialog/send?app_id=1&link=" + at + "g",
		"Messenger fb-messenger://share?link=" + at + "g",
		"Viber viber://forward?text=" + at + "v",
		"WhatsApp https://wa.me/?text=Sta%C5%BEuot%C4%97%0A" + at + "w",
		"El. paštas mailto:?subject=Sta%C5%BEuot%C4%97&body=" + at + "m",
		"SMS sms:?&body=" + at + "s",
		"QR kodas /-/qr/3f7k2m9q.svg",
		"Spausdinti lapelį /-/articles/kelione/print",
		"summary Kiti dalijimosi būdai",
		"X https://x.com/intent/tweet?text=Sta%C5%BEuot%C4%97&url=" + at + "x",
		"LinkedIn https://www.linkedin.com/sharing/share-offsite/?url=" + at + "n",
		"Mastodon https://share.joinmastodon.org/?text=" + at + "a",
		"Ženklas https://elsewhere.example/?u=1",
		"summary Kas ką sužinos",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the sheet has\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	checkNames(t, page, sheet)
	policy := resp.Header.Get("Content-Security-Policy")
	if !strings.Contains(policy, "script-src 'self';") || strings.Contains(policy, "unsafe") || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("policy %q", policy)
	}
	if front, _ := s.page(t, "/", nil); strings.Contains(front.Header.Get("Content-Security-Policy"), "script-src") {
		t.Error("a page without a sheet allows scripts")
	}
}

// checkNames: every name begins with what can be seen, says more, and leads to
// who learns what.
func checkNames(t *testing.T, page, sheet document) {
	t.Helper()
	for _, n := range sheet.all("*") {
		if n.Data != "a" && n.Data != "button" {
			continue
		}
		if label := attr(n, "aria-label"); !strings.HasPrefix(label, textOf(n)+": ") {
			t.Errorf("%q is called %q", textOf(n), label)
		}
		if attr(n, "class") == "copy" {
			continue
		}
		learns := page.with("div", "id", attr(n, "aria-describedby"))
		if len(learns) != 1 || !strings.Contains(textOf(learns[0]), "naršyklę") && textOf(n) != "Ženklas" {
			t.Errorf("%q does not say who learns what", textOf(n))
		}
		if drawn := len((document{n}).all("path")); drawn != 1 && textOf(n) != "Ženklas" || drawn != 0 && textOf(n) == "Ženklas" {
			t.Errorf("%q has %d drawings", textOf(n), drawn)
		}
		rel := attr(n, "rel")
		if external := strings.HasPrefix(attr(n, "href"), "https://"); external != (rel == "noopener nofollow") {
			t.Errorf("%q has rel=%q", textOf(n), rel)
		}
	}
	hidden := func(n *html.Node) bool {
		return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
	}
	for _, n := range sheet.all("button") {
		if !hidden(n) && !hidden(n.Parent) {
			t.Errorf("the button %q is shown before the script has found that it works", textOf(n))
		}
	}
}

// TestPrintKit serves what share sheets lead to on this site.
func TestPrintKit(t *testing.T) {
	s := newSiteSuite(t)
	tests := []struct {
		path, mimeType, body string
		status               int
	}{
		{"/-/articles/kelione/print", "text/html; charset=utf-8", "<!doctype html><p>Lapas", 200},
		{"/-/qr/3f7k2m9q.svg", "image/svg+xml", "QR_FORMAT_SVG", 200},
		{"/-/qr/3f7k2m9q.png", "image/png", "QR_FORMAT_PNG", 200},
		{"/-/qr/3F7K2M9Q.svg", "image/svg+xml", "QR_FORMAT_SVG", 200},
		{"/-/articles/nera/print", "text/html; charset=utf-8", "", 404},
		{"/-/qr/3f7k2m9r.svg", "text/html; charset=utf-8", "", 404},
		{"/-/qr/3f7k2m9q.html", "text/html; charset=utf-8", "", 404},
		{"/-/qr/3f7k2m9q", "text/html; charset=utf-8", "", 404},
		{"/-/qr/%E0.svg", "text/html; charset=utf-8", "", 404},
	}
	for _, test := range tests {
		resp, body := s.do(t, http.MethodGet, test.path, nil, nil)
		if resp.StatusCode != test.status || resp.Header.Get("Content-Type") != test.mimeType || test.body != "" && string(body) != test.body {
			t.Errorf("%s: %s, %s, %.40q", test.path, resp.Status, resp.Header.Get("Content-Type"), body)
		}
		policy := resp.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "script-src") {
			t.Errorf("%s: policy %q", test.path, policy)
		}
		if test.status == 200 && (resp.Header.Get("X-Robots-Tag") != "noindex" || resp.Header.Get("X-Content-Type-Options") != "nosniff") {
			t.Errorf("%s: headers %v", test.path, resp.Header)
		}
	}
	resp, _ := s.do(t, http.MethodGet, "/-/qr/3f7k2m9q.svg", map[string]string{"If-None-Match": `"q1"`}, nil)
	if resp.StatusCode != http.StatusNotModified {
		t.Errorf("the same code again: %s", resp.Status)
	}
	s.sharing.hostile = true
	resp, _ = s.do(t, http.MethodGet, "/-/articles/kelione/print", nil, nil)
	if policy := resp.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
		t.Errorf("the sheet wrote the policy %q", policy)
	}
}
