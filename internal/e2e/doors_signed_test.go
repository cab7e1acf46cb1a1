package e2e_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Caching rules of files; see the package files of the gateway.
const (
	cachedByAll  = "public, max-age=3600, stale-while-revalidate=86400"
	cachedByNone = "private, no-store"
)

// headers looks at what caches are told of the files of a photo.
func (h house) headers(t *testing.T, p *displayed, state string) {
	t.Helper()
	open, removed := state == "published", state == "withdrawn" || state == "purged"
	for _, ask := range []struct {
		method string
		header [2]string
		status int
	}{
		{http.MethodGet, [2]string{}, http.StatusOK},
		{http.MethodHead, [2]string{}, http.StatusOK},
		{http.MethodGet, [2]string{"Range", "bytes=5-9"}, http.StatusPartialContent},
		{http.MethodGet, [2]string{"If-None-Match", p.etag}, http.StatusNotModified},
		{http.MethodHead, [2]string{"If-None-Match", p.etag}, http.StatusNotModified},
		{http.MethodGet, [2]string{"If-None-Match", "*"}, http.StatusNotModified},
	} {
		for _, from := range []struct {
			address, token, cache string
			closed                bool // to whoever asks so, unless the photo is public
		}{
			{p.file, "", cachedByAll, true},
			{p.file, h.editor(), cachedByAll, false},
			{p.signed, "", cachedByNone, false},
			{p.signed, h.editor(), cachedByNone, false},
		} {
			status, cache := ask.status, from.cache
			switch {
			case removed:
				status, cache = http.StatusGone, "no-store"
			case from.closed && !open:
				status, cache = http.StatusNotFound, "no-store"
			case !open:
				cache = cachedByNone
			}
			reply := h.ask(t, from.token, door{method: ask.method, path: from.address, header: ask.header})
			got := reply.Header.Get("Cache-Control")
			if reply.StatusCode != status || got != cache || reply.Body.Close() != nil {
				t.Errorf("%s %s, %v, token %v: %s, %q, want %d, %q", ask.method, from.address, ask.header, from.token != "", reply.Status, got, status, cache)
			}
		}
	}
}

// forge tries to get in with signatures that are not of the address.
func (h house) forge(t *testing.T, p *displayed) {
	t.Helper()
	path, query, _ := strings.Cut(p.signed, "?")
	otherPath, otherQuery, _ := strings.Cut(h.other, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	expires, err := strconv.ParseInt(values.Get("expires"), 10, 64)
	if left := time.Until(time.Unix(expires, 0)); err != nil || left <= 0 || left > 15*time.Minute {
		t.Errorf("%s works for %v, want at most 15 minutes; %v", p.signed, left, err)
	}
	signature := values.Get("signature")
	with := func(expires int64, signature string) string {
		return "expires=" + strconv.FormatInt(expires, 10) + "&signature=" + signature
	}
	width, extension, _ := strings.Cut(path[strings.LastIndex(path, "/")+1:], ".")
	file := func(name string) string { return strings.TrimSuffix(path, width+"."+extension) + name }
	for name, address := range map[string]string{
		"other width":             file("640.jpg") + "?" + query,
		"width that is not":       file("321.jpg") + "?" + query,
		"other format":            file(width+".webp") + "?" + query,
		"cut":                     file(width+"-wide.jpg") + "?" + query,
		"generation before":       p.old + "?" + query,
		"generation to come":      strings.Replace(p.old, "/r1-", "/r9-", 1) + "?" + query,
		"other site":              strings.Replace(path, "/kaunas/", "/kita/", 1) + "?" + query,
		"of another photo":        path + "?" + otherQuery,
		"for another photo":       otherPath + "?" + query,
		"longer":                  path + "?" + with(expires+1, signature),
		"shorter":                 path + "?" + with(expires-1, signature),
		"for ever":                path + "?" + with(1<<40, signature),
		"ended":                   path + "?" + with(1, signature),
		"cut off":                 path + "?" + with(expires, signature[:len(signature)-4]),
		"other signature":         path + "?" + with(expires, strings.Repeat("A", len(signature))),
		"no signature":            path + "?" + with(expires, ""),
		"no end":                  path + "?signature=" + signature,
		"another end before":      path + "?expires=" + strconv.FormatInt(expires+60, 10) + "&" + query,
		"another signature first": path + "?signature=AAAA&" + query,
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			reply := h.ask(t, "", door{method: method, path: address})
			if cache := reply.Header.Get("Cache-Control"); reply.StatusCode != http.StatusForbidden || cache != "no-store" || reply.Body.Close() != nil {
				t.Errorf("forged, %s: %s %s: %s, %q, want 403, not stored", name, method, address, reply.Status, cache)
			}
		}
	}
}

// export takes everything the site has, as the operator may: the names of
// photos, and none of their addresses.
func (h house) export(t *testing.T, p *displayed) {
	t.Helper()
	token, err := os.ReadFile(h.suite.TokenFile)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{p.folder(): "n", "signature=": "n", `"` + p.name + `"`: "y"} {
		if p.article == "" && want == "y" {
			want = "n"
		}
		got := h.knock(t, strings.TrimSpace(string(token)), door{path: "/v1/sites/kaunas/articles:export", shows: text})
		if got != want {
			t.Errorf("the export shows %s: %s, want %s", text, got, want)
		}
	}
}

// decode reads a JSON answer.
func decode(t *testing.T, reply *http.Response, v any) {
	t.Helper()
	if err := json.NewDecoder(reply.Body).Decode(v); err != nil {
		t.Fatal(err)
	}
}
