package gateway_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const articlePath = "/v1/" + siteName + "/articles/kelione"

// TestUpdateMask: a PATCH without a mask changes the top-level fields of its
// body, also those it empties, and nothing that callers cannot set.
func TestUpdateMask(t *testing.T) {
	cases := []struct{ name, query, body, want string }{
		{"one field", "", `{"title":"A"}`, "title"},
		{"nested fields", "", `{"lead":{"spans":[{"text":"x"}]},"event":{"place":"x"}}`, "event,lead"},
		{"emptied", "", `{"title":"A","tags":[],"slug":""}`, "slug,tags,title"},
		{"a whole resource", "", `{"name":"x","uid":"y","title":"A","etag":"r3","state":"STATE_PUBLISHED","revision":"3","path":"/x"}`, "title"},
		{"camel case", "", `{"fundingLines":["x"]}`, "funding_lines"},
		{"a mask of its own", "?updateMask=title,lead.spans", `{"title":"A"}`, "title,lead.spans"},
		{"a mask in JSON names", "?updateMask=fundingLines,event.startTime,annotations.aB", `{"title":"A"}`, "funding_lines,event.start_time,annotations.aB"},
		{"a mask of no field", "?updateMask=fundingLines,noField.x", `{"title":"A"}`, "funding_lines,noField.x"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := newSuite(t)
			s.articles.put(s.sample(t))
			resp, body := s.do(t, http.MethodPatch, articlePath+c.query, s.editor(`"r3"`), strings.NewReader(c.body))
			if resp.StatusCode != http.StatusOK {
				t.Fatalf("%s %s", resp.Status, body)
			}
			if got := s.articles.masks; !slices.Equal(got, []string{c.want}) {
				t.Errorf("mask %q, want %q", got, c.want)
			}
			if got := resp.Header.Get("Etag"); got != `"r4"` {
				t.Errorf("etag %s of the new revision", got)
			}
		})
	}
}

func (s *suite) editor(etag string) map[string]string {
	return map[string]string{
		"Authorization": "Bearer " + s.kit.Token(principal(auth.Editor)), "Content-Type": "application/json", "If-Match": etag,
	}
}

// TestForwardedMetadata: services get what they read and nothing that a caller
// could use to pass for the gateway.
func TestForwardedMetadata(t *testing.T) {
	s := newSuite(t)
	s.articles.put(s.sample(t))
	s.do(t, http.MethodGet, articlePath, map[string]string{
		"Authorization": "Bearer " + s.kit.Token(principal(auth.Editor)), "Accept-Language": "en", "If-Match": `"r3"`,
		"Grpc-Metadata-X-Role": "operator", "Grpc-Timeout": "1n", "X-Role": "operator", "Cookie": "a=b",
		"X-Forwarded-For": "203.0.113.9", "Grpcgateway-Authorization": "Bearer y",
	}, nil)
	want := []string{
		":authority", "accept-language", "authorization", "content-type", "grpc-accept-encoding", "if-match", "user-agent",
		"x-forwarded-for", "x-forwarded-host", "x-request-id",
	}
	got := slices.DeleteFunc(slices.Clone(s.articles.metadata), func(key string) bool { return key == "grpc-accept-encoding" })
	want = slices.DeleteFunc(want, func(key string) bool { return key == "grpc-accept-encoding" })
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metadata (-want +got):\n%s", diff)
	}
}

func TestBodyLimit(t *testing.T) {
	s := newSuite(t)
	s.articles.put(s.sample(t))
	for name, body := range map[string]io.Reader{
		"announced":   strings.NewReader(`{"title":"` + strings.Repeat("x", 1<<20) + `"}`),
		"unannounced": io.MultiReader(strings.NewReader(`{"title":"` + strings.Repeat("x", 1<<20) + `"}`)),
	} {
		t.Run(name, func(t *testing.T) {
			resp, got := s.do(t, http.MethodPatch, articlePath, s.editor(`"r3"`), body)
			if resp.StatusCode != http.StatusRequestEntityTooLarge || !bytes.Contains(got, []byte(`"TOO_LARGE"`)) {
				t.Errorf("%s %s", resp.Status, got)
			}
		})
	}
}

// TestUnavailable: REST and the health check say so while a service is away.
func TestUnavailable(t *testing.T) {
	s := newSuite(t)
	s.articles.sites = []*articlev1.Site{library()}
	s.articles.put(s.sample(t))
	s.stop["article"]()
	resp, body := s.do(t, http.MethodGet, articlePath, nil, nil)
	if resp.StatusCode != http.StatusServiceUnavailable || !bytes.Contains(body, []byte(`"SERVICE_UNAVAILABLE"`)) {
		t.Errorf("%s %s", resp.Status, body)
	}
	resp, body = s.do(t, http.MethodGet, "/healthz", nil, nil)
	if resp.StatusCode != http.StatusServiceUnavailable || !bytes.Contains(body, []byte(`"article":"UNREACHABLE"`)) {
		t.Errorf("%s %s", resp.Status, body)
	}
}
