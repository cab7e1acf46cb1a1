package gateway_test

import (
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestShortLinks(t *testing.T) {
	d := newLinkSuite(t)
	const kelione = "https://biblioteka.example/kelione"
	cases := []struct {
		name, method, path string
		headers            map[string]string
		status             int
		location           string
	}{
		{"a code", "GET", "/s/" + codeFound, nil, 302, kelione},
		{"HEAD", "HEAD", "/s/" + codeFound, nil, 302, kelione},
		{"with a source", "GET", "/s/" + codeFound + ".f", nil, 302, kelione},
		{"as in a QR code", "GET", "/S/" + strings.ToUpper(codeFound) + ".Q", nil, 302, kelione},
		{"look-alikes", "GET", "/s/" + alike(codeFound), nil, 302, kelione},
		{"own words", "GET", "/s/" + wordsFound + ".p", nil, 302, kelione},
		{"a slash at the end", "GET", "/s/" + codeFound + "/", nil, 302, kelione},
		{"the end of a sentence", "GET", "/s/" + codeFound + ".", nil, 302, kelione},
		{"a source that is not known", "GET", "/s/" + codeFound + ".z", nil, 302, kelione},
		{"what networks add", "GET", "/s/" + codeFound + "?fbclid=abc&utm_source=x", nil, 302, kelione},
		{"escaped letters", "GET", "/s/%" + fmt.Sprintf("%02x", codeFound[0]) + codeFound[1:], nil, 302, kelione},
		{"on a host that is not known", "GET", "/s/" + codeFound, map[string]string{"Host": "seni.example"}, 302, kelione},
		{"a redirect that is asked for", "GET", "/s/" + codeFound + "?url=https://evil.example", nil, 302, kelione},
		{"with a token", "GET", "/s/" + codeFound, map[string]string{"Authorization": "Bearer x"}, 403, ""},

		{"wrong check", "GET", "/s/" + mistyped(codeFound), nil, 404, ""},
		{"nowhere", "GET", "/s/" + codeNone, nil, 404, ""},
		{"nothing", "GET", "/s/", nil, 404, ""},
		{"words that nobody chose", "GET", "/s/nera-tokiu", nil, 404, ""},
		{"an address behind it", "GET", "/s/https:%2F%2Fevil.example%2F", nil, 404, ""},
		{"a slash in it", "GET", "/s/" + codeFound + "%2Fx", nil, 404, ""},
		{"more behind it", "GET", "/s/" + codeFound + "/x", nil, 404, ""},
		{"a backslash", "GET", "/s/%5Cevil.example", nil, 404, ""},
		{"line breaks", "GET", "/s/" + codeFound + "%0d%0aLocation:%20evil.example", nil, 404, ""},
		{"zero byte", "GET", "/s/" + codeFound + "%00", nil, 404, ""},
		{"not UTF-8", "GET", "/s/%E0%E0%E0%E0%E0%E0%E0%E0", nil, 404, ""},
		{"letters that only look so", "GET", "/s/" + "%D0%B0" + codeFound[1:], nil, 404, ""},
		{"long", "GET", "/s/" + strings.Repeat("a", 4000), nil, 404, ""},
		{"an address that is no page", "GET", "/s/" + codeEvil, nil, 410, ""},
		{"withdrawn", "GET", "/s/" + codeGone + ".f", nil, 410, ""},
		{"HEAD of what was withdrawn", "HEAD", "/s/" + codeGone, nil, 410, ""},
		{"POST", "POST", "/s/" + codeFound, nil, 405, ""},
		{"DELETE", "DELETE", "/s/" + codeFound, nil, 405, ""},
		{"OPTIONS", "OPTIONS", "/s/" + codeFound, nil, 405, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			headers := map[string]string{"X-Forwarded-Proto": "http"}
			maps.Copy(headers, c.headers)
			resp, body := d.do(t, c.method, c.path, headers, nil)
			if resp.StatusCode != c.status || resp.Header.Get("Location") != c.location {
				t.Fatalf("%s to %q, want %d to %q: %.200s", resp.Status, resp.Header.Get("Location"), c.status, c.location, body)
			}
			if resp.Header.Get("Set-Cookie") != "" || resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", resp.Header)
			}
			if c.status != 403 && resp.Header.Get("X-Robots-Tag") != "noindex" {
				t.Errorf("machines may keep it: %v", resp.Header)
			}
			if c.status == 302 && (resp.Header.Get("Referrer-Policy") != "no-referrer" || len(body) > 100) {
				t.Errorf("%d bytes, headers %v", len(body), resp.Header)
			}
			if c.status == 405 && resp.Header.Get("Allow") != "GET, HEAD" {
				t.Errorf("Allow %q", resp.Header.Get("Allow"))
			}
		})
	}
}

// TestPathTricks sends paths as no client of the standard library would.
func TestPathTricks(t *testing.T) {
	d := newLinkSuite(t)
	for _, path := range []string{
		"//s/" + codeFound, "/s//evil.example/" + codeFound, "/s/../s/" + codeFound, "/s/./" + codeFound, "/s/%2e%2e/%2e%2e/etc/passwd",
		"/s/..%2f..%2fevil.example", "/s/" + codeFound + "/..;/x", "/s\\" + codeFound, "/%73/" + codeFound, "//evil.example/s/" + codeFound,
		"/s/" + codeFound + "#x", "/s/@evil.example", "/s/.f", "/s/" + codeFound + ".f.f", "/s/" + codeFound + ".<b>",
	} {
		resp := raw(t, d.base, "GET "+path+" HTTP/1.1\r\nHost: biblioteka.example\r\nConnection: close\r\n\r\n")
		location := resp.Header.Get("Location")
		switch {
		case resp.StatusCode >= 500:
			t.Errorf("%s: %s", path, resp.Status)
		case location == "", location == "https://biblioteka.example/kelione":
		case !strings.HasPrefix(location, "/") || strings.HasPrefix(location, "//") || strings.Contains(location, "\\"):
			t.Errorf("%s leads to %q", path, location)
		}
	}
}

// TestLinkPages looks at what people see when a link leads nowhere.
func TestLinkPages(t *testing.T) {
	d := newLinkSuite(t)
	cases := []struct {
		name, path, language, host string
		code                       string
		title                      string
		offers                     []string
		home                       string
	}{
		{"mistyped", mistyped(codeFound), "lt", "", "lt", "Nuorodoje yra klaida", []string{"https://biblioteka.example/kita"}, "/"},
		{"nowhere", codeNone, "lt", "", "lt", "Tokios nuorodos nėra", nil, "/"},
		{
			"withdrawn", codeGone, "", "", "lt", "Straipsnis nebeskelbiamas",
			[]string{"https://biblioteka.example/kita", "https://biblioteka.example/en/trip"},
			"/",
		},
		{
			"in English", codeGone, "en-GB,lt;q=0.5", "", "en", "This article is no longer published",
			[]string{"https://biblioteka.example/kita", "https://biblioteka.example/en/trip"},
			"/en/",
		},
		{
			"in a language that the site has not", codeGone, "da", "", "da", "Artiklen er ikke længere udgivet",
			[]string{"https://biblioteka.example/kita", "https://biblioteka.example/en/trip"},
			"/",
		},
		{"in a language that nobody has", codeNone, "fi", "", "lt", "Tokios nuorodos nėra", nil, "/"},
		{
			"on another host", codeGone, "lt", "seni.example", "lt", "Straipsnis nebeskelbiamas",
			[]string{"https://biblioteka.example/kita", "https://biblioteka.example/en/trip"},
			"https://biblioteka.example/",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			headers := map[string]string{"Host": "biblioteka.example"}
			if c.language != "" {
				headers["Accept-Language"] = c.language
			}
			if c.host != "" {
				headers["Host"] = c.host
			}
			_, page := d.page(t, "/s/"+c.path, headers)
			page.checkSafe(t)
			page.one(t, "html", "lang", c.code)
			if got := textOf(page.all("h1")[0]); got != c.title {
				t.Errorf("title %q, want %q", got, c.title)
			}
			var offers []string
			for _, list := range page.with("ul", "class", "instead") {
				for _, link := range (document{list}).all("a") {
					offers = append(offers, attr(link, "href"))
				}
			}
			if !slices.Equal(offers, c.offers) {
				t.Errorf("offers %q, want %q", offers, c.offers)
			}
			if got := attr(page.one(t, "a", "class", "button").root, "href"); got != c.home {
				t.Errorf("home is %q, want %q", got, c.home)
			}
			if got := len(page.with("meta", "content", "noindex")); got != 1 {
				t.Errorf("%d times noindex", got)
			}
		})
	}
}

// TestCountedVisits opens links as people and machines do.
func TestCountedVisits(t *testing.T) {
	d := newLinkSuite(t)
	person := map[string]string{"User-Agent": visitorAgent, "Accept-Language": "lt", "Referer": "https://l.facebook.com/"}
	with := func(name, value string) map[string]string {
		headers := maps.Clone(person)
		headers[name] = value
		return headers
	}
	for range 3 {
		d.do(t, "GET", "/s/"+codeFound+".f", person, nil)
	}
	d.do(t, "HEAD", "/s/"+codeFound+".f", person, nil)
	d.do(t, "GET", "/s/"+codeFound+".x", with("User-Agent", "Twitterbot/1.0"), nil)
	d.do(t, "GET", "/s/"+codeFound+".f", with("Sec-GPC", "1"), nil)
	d.do(t, "GET", "/s/"+codeFound, with("Referer", `javascript:alert("x")`), nil)
	d.do(t, "GET", "/s/"+codeGone, person, nil)
	d.do(t, "GET", "/s/"+codeNone, person, nil)
	d.do(t, "POST", "/s/"+codeFound, person, nil)
	for range 30 {
		d.do(t, "GET", "/s/"+wordsFound, with("X-Forwarded-For", "198.51.100.1, "+visitorAddress), nil)
	}
	d.stop["gateway"]()
	got := make(map[string]int64)
	for _, c := range d.sharing.links.counts() {
		got[fmt.Sprintf("%s %v %v %v %v", filepath.Base(c.GetShareLink()), c.GetSource().Number(), c.GetDeviceClass().Number(),
			c.GetReferrerClass().Number(), c.GetMachineReason().Number())] += c.GetClickCount()
	}
	want := map[string]int64{
		codeFound + " 1 2 2 0": 3, // facebook, desktop, from facebook
		codeFound + " 1 2 2 1": 1, // HEAD
		codeFound + " 2 3 2 2": 1, // a preview robot
		codeFound + " 0 0 0 0": 1, // a person of whom only the total is counted
		codeFound + " 0 2 8 0": 1, // a script for a referrer
	}
	people, burst := got[wordsFound+" 0 2 2 0"], got[wordsFound+" 0 2 2 8"]
	if people+burst != 30 || people < 20 || burst == 0 {
		t.Errorf("a burst of 30 are %d people and %d times a machine", people, burst)
	}
	delete(got, wordsFound+" 0 2 2 0")
	delete(got, wordsFound+" 0 2 2 8")
	if !maps.Equal(got, want) {
		t.Errorf("counted %v, want %v", got, want)
	}
}

// TestNoTraceOfVisitors opens links in every way: no log, at whatever level, has
// anything of who came.
func TestNoTraceOfVisitors(t *testing.T) {
	d := newLinkSuite(t)
	headers := map[string]string{
		"User-Agent": visitorAgent, "Accept-Language": "lt", "X-Forwarded-For": visitorAddress, "X-Real-Ip": visitorAddress,
		"Forwarded": "for=" + visitorAddress, "X-Request-Id": visitorAddress, "Referer": "https://" + visitorAddress + "/",
	}
	open := func() {
		for _, path := range []string{codeFound, codeFound + ".f", codeGone, codeNone, mistyped(codeFound), visitorAddress, "x/" + visitorAddress} {
			for _, method := range []string{"GET", "HEAD", "POST"} {
				d.do(t, method, "/s/"+path+"?x="+visitorAddress, headers, nil)
				d.do(t, method, "/S/"+path, headers, nil)
			}
		}
	}
	open()
	d.stop["article"]()
	open()
	d.stop["sharing"]()
	open()
	raw(t, d.base, "GET /s/"+codeFound+" HTTP/1.1\r\nHost: a\r\nHost: b\r\nUser-Agent: "+visitorAgent+"\r\n\r\n")
	raw(t, d.base, "GET /s/"+codeFound+" HTTP/9.9\r\nUser-Agent: "+visitorAgent+"\r\n\r\n")
	d.stop["gateway"]()
	for _, level := range everyLevel {
		log := d.logs[level].String()
		if level < slog.LevelWarn && !strings.Contains(log, "path=/s/-") {
			t.Errorf("the log of level %v has nothing of short links; this test looks at nothing", level)
		}
		for _, trace := range []string{visitorAddress, "Unikalus", codeFound, codeGone, "facebook", visitorAddress[:9]} {
			if at := strings.Index(log, trace); at >= 0 {
				t.Errorf("the log of level %v has %q: …%s", level, trace, log[max(0, at-200):at+len(trace)])
			}
		}
	}
}

// TestLinksWhileAway opens links while others are away: the right article, or a
// page that says to come again.
func TestLinksWhileAway(t *testing.T) {
	d := newLinkSuite(t)
	if resp, _ := d.do(t, "GET", "/s/"+codeFound, nil, nil); resp.StatusCode != http.StatusFound || d.sharing.links.calls() != 0 {
		t.Errorf("%s after %d calls, want none", resp.Status, d.sharing.links.calls())
	}
	d.stop["article"]()
	if resp, _ := d.do(t, "GET", "/s/"+codeFound, nil, nil); resp.StatusCode != http.StatusFound {
		t.Errorf("without the article service: %s", resp.Status)
	}
	d.stop["sharing"]()
	d.logs[slog.LevelInfo].wait(t, "the feed of share links broke off")
	if resp, _ := d.do(t, "GET", "/s/"+codeFound, nil, nil); resp.Header.Get("Location") != "https://biblioteka.example/kelione" {
		t.Errorf("without the sharing service a link that is known leads to %q: %s", resp.Header.Get("Location"), resp.Status)
	}
	resp, body := d.do(t, "GET", "/s/"+codeNone, map[string]string{"Accept-Language": "en"}, nil)
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" ||
		!strings.Contains(string(body), "The link cannot be opened right now") {
		t.Errorf("a link that is not known: %s %v", resp.Status, resp.Header)
	}
	if resp, _ := d.do(t, "GET", "/s/"+codeGone, nil, nil); resp.StatusCode != http.StatusGone {
		t.Errorf("a withdrawn one: %s", resp.Status)
	}
}
