package clicks

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Agents of browsers that people use.
const (
	chrome  = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
	android = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36"
)

// opened returns a request as a browser of a person sends it, with other
// headers: pairs of name and value, where an empty value takes one away.
func opened(t *testing.T, method string, pairs ...string) *http.Request {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "/s/3f7k2m9q.f", nil)
	r.Header.Set("User-Agent", chrome)
	r.Header.Set("Accept-Language", "lt,en;q=0.7")
	for i := 0; i < len(pairs); i += 2 {
		r.Header.Del(pairs[i])
		if pairs[i+1] != "" {
			r.Header.Set(pairs[i], pairs[i+1])
		}
	}
	return r
}

func TestReasons(t *testing.T) {
	cases := []struct {
		name, method string
		pairs        []string
		want         reasonKind
	}{
		{"a person", "GET", nil, person},
		{"a person on a phone", "GET", []string{"User-Agent", android}, person},
		{"opened by hand in a browser of today", "GET", []string{"Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"}, person},
		{"HEAD, as X sends with the agents of browsers", "HEAD", nil, head},
		{"HEAD of a robot that says so", "HEAD", []string{"User-Agent", "Twitterbot/1.0"}, head},
		{"prefetch", "GET", []string{"Sec-Purpose", "prefetch;prerender"}, prefetch},
		{"prefetch of older browsers", "GET", []string{"Purpose", "prefetch"}, prefetch},
		{"prefetch of Firefox", "GET", []string{"X-Moz", "prefetch"}, prefetch},
		{"preview of Safari", "GET", []string{"X-Purpose", "Preview"}, prefetch},
		{"a purpose that is none", "GET", []string{"Purpose", "reading"}, person},
		{"no agent", "GET", []string{"User-Agent", ""}, noAgent},
		{"an agent of spaces", "GET", []string{"User-Agent", "  "}, noAgent},
		{"no languages", "GET", []string{"Accept-Language", ""}, noLanguage},
		{"no languages, but a name", "GET", []string{"Accept-Language", "", "User-Agent", "curl/8.5.0"}, tool},
		{"a picture on a page", "GET", []string{"Sec-Fetch-Mode", "no-cors", "Sec-Fetch-Dest", "image"}, embedded},
		{"a script on a page", "GET", []string{"Sec-Fetch-Mode", "cors"}, embedded},
		{"not a browser, and not known", "GET", []string{"User-Agent", "Biblioteka 1.0"}, robot},
	}
	c := NewClassifier()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			if got := c.Classify(opened(t, tc.method, tc.pairs...)).Reason; got != tc.want {
				t.Errorf("reason %v, want %v", got, tc.want)
			}
		})
	}
}

func TestRobots(t *testing.T) {
	cases := map[reasonKind][]string{
		preview: {
			"facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "facebookcatalog/1.0", "Twitterbot/1.0",
			"meta-externalfetcher/1.1", "WhatsApp/2.23.20.0 A", "TelegramBot (like TwitterBot)", "Viber/23.1.0",
			"LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
			"Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
			"Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5", "Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com)",
			"Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)", "Iframely/1.3.1 (+https://iframely.com/docs/about)",
			"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 " +
				"facebookexternalhit/1.1 Facebot Twitterbot/1.0",
			"Snap URL Preview Service; bot; snapchat; https://developers.snap.com/robots",
		},
		fediverse: {
			"Mastodon/4.5.0 (http.rb/5.3.1; +https://mastodon.example/)", "Pleroma 2.9.1; https://social.example; Bot",
			"Akkoma 3.13.2; https://ak.example", "Misskey/2026.1.0 (https://mk.example)", "gotosocial/0.20.0 (+https://gts.example)",
			"Friendica 'Interrupted Fern' 2025.07; https://fr.example", "WordPress/6.9; https://wp.example; ActivityPub",
		},
		robot: {
			"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
			"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36",
			"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.3; +https://openai.com/gptbot)",
			"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36",
			"Mozilla/5.0 (compatible; some-new-bot/0.1)", "Mozilla/5.0 (compatible; NewSpider)", "Mozilla/5.0 (+https://crawler.example)",
			"meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)", "Feedly/1.0 (+http://www.feedly.com)",
		},
		scanner: {
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Safari/537.36 BarracudaCentral",
			"Mimecast-Scanner/1.0", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
		},
		tool: {
			"curl/8.5.0", "Wget/1.21.4", "python-requests/2.32.3", "Python/3.12 aiohttp/3.9.5", "Go-http-client/2.0", "okhttp/4.12.0",
			"Java/17.0.2", "Apache-HttpClient/5.3 (Java/17)", "node", "axios/1.7.2", "PostmanRuntime/7.39", "libwww-perl/6.77",
			"MyApp/1 CFNetwork/1568.100.1 Darwin/24.0.0", "Dalvik/2.1.0 (Linux; U; Android 14)", "Ruby", "PHP/8.3.0",
		},
		person: {
			chrome, android,
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
			"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
			"Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
			"Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/142.0 Mobile Safari/537.36 " +
				"[FB_IAB/FB4A;FBAV/530.0.0.48.74;]",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22G86 Instagram 400.0.0",
			"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Mobile Safari/537.36 Viber/23.1",
			"Opera/9.80 (J2ME/MIDP; Opera Mini/9.80 (S60; SymbOS; Opera Mobi/23.348; U; en) Presto/2.5.25 Version/10.54",
			"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0 YaBrowser/25.8",
		},
	}
	c := NewClassifier()
	for want, agents := range cases {
		for _, agent := range agents {
			for _, spelled := range []string{agent, strings.ToUpper(agent)} {
				if want == person && spelled != agent {
					continue // browsers do not shout
				}
				if got := c.Classify(opened(t, "GET", "User-Agent", spelled)).Reason; got != want {
					t.Errorf("%q: reason %v, want %v", spelled, got, want)
				}
			}
		}
	}
}

// TestTokens wants every token of the table to do what it says.
func TestTokens(t *testing.T) {
	m := newMatcher(tokens())
	seen := make(map[string]bool)
	for _, token := range tokens() {
		if seen[token.text] {
			t.Errorf("%q stands twice", token.text)
		}
		seen[token.text] = true
		if token.text != strings.ToLower(token.text) || len(token.text) < 3 {
			t.Errorf("%q is not in lower case, or too short", token.text)
		}
		got, found := m.find(token.text)
		if got != token.reason && (token.reason == person || !token.weak) || found == (token.reason == person) {
			t.Errorf("%q: %v, want %v", token.text, got, token.reason)
		}
		if _, found := m.find("Mozilla/5.0 " + token.text); token.first && found {
			t.Errorf("%q is found inside another agent", token.text)
		}
	}
	if _, found := m.find(strings.Repeat("x", maxAgent) + "curl/8"); found {
		t.Error("more of an agent is looked at than is bounded")
	}
}

func TestDevices(t *testing.T) {
	for agent, want := range map[string]deviceKind{
		chrome: desktop, android: mobile,
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15": desktop,
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36":            desktop,
		"Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Safari/604.1":      mobile,
		"Mozilla/5.0 (Linux; Android 13; SM-X200) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36":            mobile,
		"Mozilla/5.0 (PlayStation 5/SmartTV) AppleWebKit/605.1.15 (KHTML, like Gecko)":                                          otherDevice,
		"Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36":                  otherDevice,
		"Mozilla/5.0 <script>alert(1)</script>": otherDevice,
	} {
		if got := device(agent); got != want {
			t.Errorf("%q: device %v, want %v", agent, got, want)
		}
	}
}

func TestReferrers(t *testing.T) {
	sites := []string{"biblioteka.example", "naujienos.biblioteka.example"}
	for header, want := range map[string]referrerKind{
		"":                                                  direct,
		"https://www.facebook.com/":                         facebook,
		"https://lm.facebook.com/l.php?u=":                  facebook,
		"https://t.co/abc":                                  x,
		"https://X.COM":                                     x,
		"https://www.google.com/":                           search,
		"https://www.google.lt/":                            search,
		"https://www.google.co.uk/search":                   search,
		"https://mail.google.com/":                          mail,
		"https://mail.vu.lt/":                               mail,
		"https://docs.google.com/":                          elsewhere,
		"https://bsky.app/":                                 social,
		"android-app://com.google.android.gm/":              mail,
		"android-app://com.facebook.katana/":                facebook,
		"android-app://lt.example.app/":                     elsewhere,
		"https://biblioteka.example/kelione":                own,
		"https://BIBLIOTEKA.example:8443/":                  own,
		"https://biblioteka.example.evil.test/":             elsewhere,
		"https://facebook.com.evil.test/":                   elsewhere,
		"https://notfacebook.com/":                          elsewhere,
		"https://google.evil.test/":                         elsewhere,
		"https://google.com.evil.test/":                     elsewhere,
		"https://facebook.com@evil.test/":                   elsewhere,
		"https://evil.test@facebook.com/":                   elsewhere,
		"javascript:alert(1)":                               elsewhere,
		"javascript://facebook.com/%0aalert(1)":             elsewhere,
		"<script>alert(1)</script>":                         elsewhere,
		"https://<script>.facebook.com/":                    elsewhere,
		"https://facebook.com\\.evil.test/":                 elsewhere,
		"https://faceboo\u212a.com/":                        elsewhere,
		"https://":                                          elsewhere,
		"data:text/html,x":                                  elsewhere,
		"https://[::1]/":                                    elsewhere,
		"https://x.com/" + strings.Repeat("a", maxReferrer): elsewhere,
	} {
		if got := newPlaces().referrer(header, sites); got != want {
			t.Errorf("%.80q: referrer %v, want %v", header, got, want)
		}
	}
}

// TestWithheld wants nothing but the total of those who ask not to be tracked.
func TestWithheld(t *testing.T) {
	c := NewClassifier()
	for _, header := range []string{"DNT", "Sec-GPC"} {
		got := c.Classify(opened(t, "GET", header, "1", "Referer", "https://www.facebook.com/"))
		if diff := cmp.Diff(Visit{Withheld: true}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", header, diff)
		}
		told := Visit{Device: desktop, Referrer: facebook}
		got = c.Classify(opened(t, "GET", header, "0", "Referer", "https://www.facebook.com/"))
		if diff := cmp.Diff(told, got); diff != "" {
			t.Errorf("%s: 0 (-want +got):\n%s", header, diff)
		}
	}
	if got := c.Classify(opened(t, "GET", "DNT", "1", "User-Agent", "Twitterbot/1.0")); got.Reason != preview {
		t.Errorf("a robot that asks not to be tracked: %v", got)
	}
}

func FuzzClassify(f *testing.F) {
	f.Add("GET", chrome, "https://www.facebook.com/", "lt", "prefetch")
	f.Add("HEAD", "\x00bot", "javascript://x", "", "")
	c := NewClassifier()
	f.Fuzz(func(t *testing.T, method, agent, from, language, purpose string) {
		r := &http.Request{Method: method, Header: http.Header{
			"User-Agent": {agent}, "Referer": {from}, "Accept-Language": {language}, "Purpose": {purpose},
		}}
		got := c.Classify(r, "biblioteka.example")
		if got.Device < noDevice || got.Device > otherDevice || got.Referrer == noReferrer || got.Withheld {
			t.Errorf("%+v", got)
		}
		if agent == "" && got.Reason == person {
			t.Error("a person without an agent")
		}
	})
}

func BenchmarkClassify(b *testing.B) {
	r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/s/3f7k2m9q.f", nil)
	r.Header.Set("User-Agent", android)
	r.Header.Set("Accept-Language", "lt")
	r.Header.Set("Referer", "https://lm.facebook.com/")
	c := NewClassifier()
	b.ReportAllocs()
	for b.Loop() {
		if c.Classify(r, "biblioteka.example").Reason != person {
			b.Fatal("not a person")
		}
	}
}
