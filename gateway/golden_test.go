package gateway_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

var update = flag.Bool("update", false, "rewrite the responses in testdata")

// TestGolden sends the request of each file in testdata and compares the whole
// response. A file is a comment, "-- request --" with a request line, headers
// and a body, and "-- response --". In a request, TOKEN(role) stands for a
// token.
func TestGolden(t *testing.T) {
	s := newSuite(t)
	s.articles.sites = []*articlev1.Site{library(), {Name: "sites/kita", Title: "Kita", Hosts: []string{"kita.example"}}}
	a := s.sample(t)
	a.Blocks, a.Cover = nil, nil
	s.articles.put(a)
	s.articles.moved["/senas"] = "/kelione"
	s.articles.gone["/nebera"] = true
	s.media.put(siteName+"/photos/one", 10, file{content: []byte("0123456789"), mimeType: "image/jpeg", published: true})
	s.media.put(siteName+"/photos/two", 10, file{
		content: []byte("0123456789"), mimeType: "image/jpeg", signature: "expires=9&signature=abc",
	})
	s.media.put(siteName+"/photos/evil", 10, file{content: []byte("<script>"), mimeType: "text/html", published: true})
	names, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { golden(t, s, name) })
	}
}

func golden(t *testing.T, s *suite, name string) {
	t.Helper()
	raw, err := os.ReadFile(name)
	must(t, err)
	comment, rest, ok := strings.Cut(string(raw), "-- request --\n")
	if !ok {
		t.Fatal("no request")
	}
	request, want, _ := strings.Cut(rest, "-- response --\n")
	got := s.exchange(t, strings.TrimRight(request, "\n"))
	if *update {
		must(t, os.WriteFile(name, []byte(comment+"-- request --\n"+request+"-- response --\n"+got), 0o600))
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("response differs (-want +got):\n%s", diff)
	}
}

// exchange sends a request written as text and returns the response as text.
func (s *suite) exchange(t *testing.T, text string) string {
	t.Helper()
	text = regexp.MustCompile(`TOKEN\((\w+)\)`).ReplaceAllStringFunc(text, func(m string) string {
		return s.kit.Token(principal(auth.Role(m[len("TOKEN(") : len(m)-1])))
	})
	head, body, _ := strings.Cut(text, "\n\n")
	req, err := http.ReadRequest(bufio.NewReader(strings.NewReader(strings.ReplaceAll(head, "\n", "\r\n") + "\r\n\r\n")))
	must(t, err)
	out, err := http.NewRequestWithContext(t.Context(), req.Method, s.base+req.RequestURI, strings.NewReader(body))
	must(t, err)
	out.Header, out.Host = req.Header, req.Host
	out.Header.Set("X-Request-Id", "golden")
	resp, err := client().Do(out)
	must(t, err)
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	must(t, err)
	var b strings.Builder
	fmt.Fprintln(&b, resp.Status)
	for _, key := range slices.Sorted(maps.Keys(resp.Header)) {
		if key != "Date" {
			fmt.Fprintf(&b, "%s: %s\n", key, strings.Join(resp.Header[key], ", "))
		}
	}
	fmt.Fprintf(&b, "\n%s\n", pretty(resp.Header.Get("Content-Type"), content))
	return stable(b.String())
}

// stable replaces what differs from run to run or between builds: protojson
// varies its spaces, and with them lengths and validators.
func stable(s string) string {
	s = regexp.MustCompile(`(?m)^(Content-Length: )\d+$`).ReplaceAllString(s, "${1}N")
	return regexp.MustCompile(`(?m)^(Etag: )"[A-Za-z0-9_-]{16}"$`).ReplaceAllString(s, `${1}"HASH"`)
}

func pretty(kind string, content []byte) string {
	var b bytes.Buffer
	if strings.HasPrefix(kind, "application/json") && json.Indent(&b, content, "", "  ") == nil {
		return b.String()
	}
	return strings.TrimRight(string(content), "\n")
}

// principal has the role on the site of the tests.
func principal(role auth.Role) auth.Principal {
	p := testkit.PrincipalOf(role)
	if p.Roles[testkit.Site] != nil {
		p.Roles = map[string][]auth.Role{siteName: {role}}
	}
	return p
}
