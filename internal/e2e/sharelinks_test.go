package e2e_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// resolved is what anybody is told of a short address.
type resolved struct {
	State     string
	URI       string
	ShareLink struct{ Name, Article, Note, Creator string }
	Articles  []struct{ Article, Title, URI, ShareLink string }
}

// TestShareLinks follows short addresses of the real article service through
// all that can happen to an article and its site.
func TestShareLinks(t *testing.T) {
	data := t.TempDir()
	suite := e2e.Start(t, program, data)
	createSite(t, suite)
	const source = "---\nid: muge\ntitle: Knygų mugė\ntags: [Mugės]\n---\nTekstas.\n"
	dir := manuscriptDir(t, source)
	expect(t, suite, 0, []string{"created, published"}, "import", dir, "--publish")
	code := awaitLinks(t, suite, []string{"muge"})["muge"]
	code = code[strings.LastIndexByte(code, '/')+1:]
	address := func(path string) string { return suite.HTTP + path }
	awaitResolved(t, suite, code, "STATE_FOUND", address("/knygu-muge"))
	awaitResolved(t, suite, strings.ToUpper(code)+".F", "STATE_FOUND", address("/knygu-muge"))

	shareLinkWatched(t, suite, code)

	expect(t, suite, 0, []string{"/s/rudens-muge active"}, "links", "add", "rudens-muge", "muge", "--note", "Plakatas")
	expect(t, suite, 1, []string{"never given twice"}, "links", "add", "rudens-muge", "muge")
	expect(t, suite, 1, []string{"read as a code"}, "links", "add", "vasara25", "muge")
	expect(t, suite, 1, []string{"a-z, 0-9 and hyphens"}, "links", "add", "https://evil.lt", "muge")
	expect(t, suite, 0, []string{"rudens-muge", "Plakatas"}, "links", "list", "--words")
	expect(t, suite, 0, []string{code, "rudens-muge"}, "links", "list", "--of", "muge")
	expect(t, suite, 0, []string{code, "KIND_GENERATED"}, "links", "show", suite.HTTP+"/s/"+strings.ToUpper(code))
	expect(t, suite, 1, []string{"stays with it for good"}, "links", "delete", code)

	write(t, filepath.Join(dir, "index.md"), strings.Replace(source, "title: Knygų mugė", "title: Knygų mugė\nslug: muge-2027", 1))
	expect(t, suite, 0, []string{"updated"}, "import", dir, "--publish")
	awaitResolved(t, suite, code, "STATE_FOUND", address("/muge-2027"))
	awaitResolved(t, suite, "rudens-muge", "STATE_FOUND", address("/muge-2027"))
	awaitOpened(t, suite, strings.ToUpper(code)+".Q", http.StatusFound, address("/muge-2027"))
	awaitOpened(t, suite, "Rudens-Muge", http.StatusFound, address("/muge-2027"))

	english := manuscriptDir(t, "---\nid: fair\ntitle: The book fair\nlanguage: en\ntags: [Mugės]\n---\nText.\n")
	expect(t, suite, 0, []string{"created, published"}, "import", english, "--publish")
	links := awaitCodes(t, suite, 2)
	awaitResolved(t, suite, links["fair"], "STATE_FOUND", address("/en/the-book-fair"))
	awaitResolved(t, suite, code, "STATE_FOUND", address("/muge-2027"))

	setBaseURI(t, suite, "https://naujas.example")
	awaitResolved(t, suite, code, "STATE_FOUND", "https://naujas.example/muge-2027")
	awaitOpened(t, suite, "rudens-muge.f", http.StatusFound, "https://naujas.example/muge-2027")
	setBaseURI(t, suite, "")
	awaitResolved(t, suite, code, "STATE_FOUND", address("/muge-2027"))

	shareLinkGone(t, suite, code)
	shareLinkMistyped(t, suite, code)
	shareLinkReplaced(t, suite, data, code)
}

// shareLinkReplaced begins anew with the articles, as after a loss without a
// backup - which the operator says is none of a wrong store -, and makes another
// one under the same name: it gets another code, and the old one leads nowhere
// for ever.
func shareLinkReplaced(t *testing.T, suite *e2e.Suite, data, code string) {
	t.Helper()
	suite.Stop(t)
	for _, lost := range []string{"article.db", "article-index"} {
		if err := os.RemoveAll(filepath.Join(data, lost)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("SKAITYKLA_SHARING_WITHDRAWAL_HOLD", "0s")
	suite = e2e.Start(t, program, data)
	createSite(t, suite)
	dir := manuscriptDir(t, "---\nid: muge\ntitle: Visai kita mugė\n---\nTekstas.\n")
	expect(t, suite, 0, []string{"created, published"}, "import", dir, "--publish")
	if answer := awaitResolved(t, suite, code, "STATE_GONE", ""); answer.ShareLink.Article != "" {
		t.Errorf("the code of an article that was lost answers %+v", answer)
	}
	codes := awaitCodes(t, suite, 1)
	if codes["muge"] == code {
		t.Errorf("another article has the code %s of one that was lost", code)
	}
	awaitResolved(t, suite, codes["muge"], "STATE_FOUND", suite.HTTP+"/visai-kita-muge")
	expect(t, suite, 1, []string{"never given twice"}, "links", "add", "rudens-muge", "muge")
}

// shareLinkWatched reads the beginning of the stream over REST.
func shareLinkWatched(t *testing.T, suite *e2e.Suite, code string) {
	t.Helper()
	token, exit := tokenFor(t, suite, "ona@example.lt", "author")
	if exit != 0 {
		t.Fatal(token)
	}
	for accept, begin := range map[string]string{"": `{"result":{`, "text/event-stream": "data: {"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, suite.HTTP+"/v1/sites/kaunas/shareLinks:watch", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Accept", accept)
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(reply.Body)
		for lines.Scan() && !strings.HasPrefix(lines.Text(), begin) {
		}
		if line := lines.Text(); !strings.Contains(line, "KIND_SNAPSHOT") || !strings.Contains(line, "/shareLinks/"+code) {
			t.Errorf("%d: the watch begins with %q", reply.StatusCode, line)
		}
		_ = reply.Body.Close() // it has no end
	}
}

// shareLinkGone takes the article away and brings it back, then deletes it.
func shareLinkGone(t *testing.T, suite *e2e.Suite, code string) {
	t.Helper()
	other := manuscriptDir(t, "---\nid: kita\ntitle: Kita mugė\ntags: [Mugės]\n---\nTekstas.\n")
	expect(t, suite, 0, []string{"created, published"}, "import", other, "--publish")
	awaitCodes(t, suite, 3)
	expect(t, suite, 0, nil, "article", "unpublish", "muge")
	for _, typed := range []string{code, "rudens-muge"} {
		answer := awaitResolved(t, suite, typed, "STATE_GONE", "")
		if len(answer.Articles) != 1 || answer.Articles[0].Title != "Kita mugė" || strings.Contains(fmt.Sprint(answer), "Knygų") ||
			answer.ShareLink.Article != "" || answer.ShareLink.Note != "" {
			t.Errorf("what was withdrawn answers %+v", answer)
		}
		awaitOpened(t, suite, typed, http.StatusGone, "")
	}
	for _, path := range []string{"/-/qr/" + code + ".svg", "/-/qr/rudens-muge.png", "/-/articles/muge/print"} {
		if status, _ := get(t, suite.HTTP+path); status != http.StatusGone {
			t.Errorf("%s of what was withdrawn answers %d", path, status)
		}
	}
	expect(t, suite, 1, []string{"muge was withdrawn", "skaitykla preview check muge"}, "qr", "muge", "--out", filepath.Join(t.TempDir(), "a.svg"))
	expect(t, suite, 1, []string{"never published"}, "links", "stats", "--of", "nera-tokio")
	expect(t, suite, 0, nil, "article", "publish", "muge")
	awaitResolved(t, suite, code, "STATE_FOUND", suite.HTTP+"/muge-2027")
	awaitOpened(t, suite, "rudens-muge", http.StatusFound, suite.HTTP+"/muge-2027")
	expect(t, suite, 0, []string{"rudens-muge retired"}, "links", "delete", "rudens-muge")
	if answer := awaitResolved(t, suite, "rudens-muge", "STATE_GONE", ""); len(answer.Articles) == 0 || answer.Articles[0].Title != "Knygų mugė" {
		t.Errorf("deleted words offer %+v", answer)
	}
	expect(t, suite, 1, []string{"never given twice"}, "links", "add", "rudens-muge", "kita")
	awaitOpened(t, suite, "rudens-muge", http.StatusGone, "")
	awaitOpened(t, suite, code[:7], http.StatusNotFound, "")
}

// shareLinkMistyped makes one mistake in a code.
func shareLinkMistyped(t *testing.T, suite *e2e.Suite, code string) {
	t.Helper()
	for _, typed := range []string{code[:7], code + "7", code[1:2] + code[:1] + code[2:], "u" + code[1:], code[:4] + "-" + code[4:]} {
		if typed == code {
			continue // two alike at the beginning
		}
		answer := awaitResolved(t, suite, typed, "STATE_MISTYPED", "")
		if len(answer.Articles) != 1 || !strings.HasSuffix(answer.Articles[0].ShareLink, code) {
			t.Errorf("%s is taken for %+v, want %s", typed, answer, code)
		}
	}
	for _, typed := range []string{"zzzzzzzz", "..", "https:", "evil.lt", "\\\\evil.lt", "\u212anygos-vaikams", "%2F%2Fevil"} {
		if status, body := get(t, suite.HTTP+"/v1/sites/-/shareLinks/"+url.PathEscape(typed)+":resolve"); status != http.StatusNotFound {
			t.Errorf("%s: status %d\n%s", typed, status, body)
		}
	}
}

// awaitResolved waits until a short address leads where it should.
func awaitResolved(t *testing.T, suite *e2e.Suite, typed, state, uri string) resolved {
	t.Helper()
	for until := time.After(30 * time.Second); ; {
		status, body := get(t, suite.HTTP+"/v1/sites/-/shareLinks/"+url.PathEscape(typed)+":resolve")
		var answer resolved
		if status == http.StatusOK {
			if err := json.Unmarshal(body, &answer); err != nil {
				t.Fatal(err)
			}
		}
		if answer.State == state && answer.URI == uri {
			return answer
		}
		select {
		case <-until:
			t.Fatalf("%s answers %d %s, want %s %q", typed, status, body, state, uri)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// awaitOpened waits until whoever opens a short address is answered as wanted,
// in one step.
func awaitOpened(t *testing.T, suite *e2e.Suite, typed string, status int, location string) {
	t.Helper()
	for until := time.After(30 * time.Second); ; {
		got, to := step(t, suite.HTTP+"/s/"+typed)
		if got == status && to == location {
			return
		}
		select {
		case <-until:
			t.Fatalf("/s/%s answers %d to %q, want %d to %q", typed, got, to, status, location)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// awaitCodes waits until so many articles have codes that lead to them, and
// returns those by article.
func awaitCodes(t *testing.T, suite *e2e.Suite, n int) map[string]string {
	t.Helper()
	for until := time.After(30 * time.Second); ; {
		output, exit := suite.Run(t, "links", "list", "--json")
		codes := make(map[string]string)
		for line := range strings.Lines(output) {
			var link struct{ Name, Article, Kind, State string }
			if err := json.Unmarshal([]byte(line), &link); err != nil {
				t.Fatal(err)
			}
			if link.Kind == "KIND_GENERATED" && link.State == "STATE_ACTIVE" {
				codes[filepath.Base(link.Article)] = filepath.Base(link.Name)
			}
		}
		if exit == 0 && len(codes) == n {
			return codes
		}
		select {
		case <-until:
			t.Fatalf("there are not %d codes: exit %d\n%s", n, exit, output)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// setBaseURI moves the site, as an admin.
func setBaseURI(t *testing.T, suite *e2e.Suite, uri string) {
	t.Helper()
	token, exit := tokenFor(t, suite, "admin@example.lt", "admin")
	if exit != 0 {
		t.Fatal(token)
	}
	var site struct{ Etag string }
	_, body := get(t, suite.HTTP+"/v1/sites/kaunas")
	if err := json.Unmarshal(body, &site); err != nil {
		t.Fatal(err)
	}
	send(t, token, http.MethodPatch, suite.HTTP+"/v1/sites/kaunas?updateMask=baseUri", http.StatusOK,
		fmt.Sprintf(`{"etag": %q, "baseUri": %q}`, site.Etag, uri), nil)
}
