package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const (
	found    = sharingv1.ResolveShareLinkResponse_STATE_FOUND
	gone     = sharingv1.ResolveShareLinkResponse_STATE_GONE
	mistyped = sharingv1.ResolveShareLinkResponse_STATE_MISTYPED
)

// resolve asks as anybody where something that was typed leads.
func (s *linkSuite) resolve(t *testing.T, typed string) (*sharingv1.ResolveShareLinkResponse, error) {
	t.Helper()
	return s.as(auth.Anonymous).ResolveShareLink(t.Context(), &sharingv1.ResolveShareLinkRequest{Name: "sites/-/shareLinks/" + typed})
}

func (s *linkSuite) wantResolved(t *testing.T, typed string, state sharingv1.ResolveShareLinkResponse_State, uri string) *sharingv1.ResolveShareLinkResponse {
	t.Helper()
	response, err := s.resolve(t, typed)
	must(t, err)
	if response.GetState() != state || response.GetUri() != uri {
		t.Errorf("%s: %s %q, want %s %q", typed, response.GetState(), response.GetUri(), state, uri)
	}
	return response
}

// TestResolveFound follows an article wherever it goes, from whatever was typed.
func TestResolveFound(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas")
	code := s.publish(t, a)
	s.words(t, "knygu-muge", a)
	for _, typed := range []string{
		code, strings.ToUpper(code), code + ".f", strings.ToUpper(code) + ".Q", code + ".", strings.NewReplacer("0", "O", "1", "l").Replace(code),
		"knygu-muge", "KNYGU-MUGE.x",
	} {
		response := s.wantResolved(t, typed, found, "https://naujienos.biblioteka.lt/vienas")
		link := response.GetShareLink()
		if link.GetArticle() != a.GetName() || link.GetNote() != "" || link.GetCreator() != "" || link.GetEtag() != "" || response.GetLanguageCode() != "lt" {
			t.Errorf("%s: %v", typed, response)
		}
	}
	a.LanguageCode, a.Path = "en", "/en/one"
	s.publish(t, a)
	s.wantResolved(t, code, found, "https://naujienos.biblioteka.lt/en/one")
	site := sharingtest.Site()
	site.BaseUri = ""
	s.sites(t, site)
	s.wantResolved(t, code, found, publicURI+"/en/one")
	site.BaseUri = "https://nauja.lt"
	s.sites(t, site)
	s.wantResolved(t, "knygu-muge", found, "https://nauja.lt/en/one")
	if response, err := s.as(auth.Anonymous).ResolveShareLink(t.Context(), &sharingv1.ResolveShareLinkRequest{
		Name: sharingtest.SiteName + "/shareLinks/" + code,
	}); err != nil || response.GetState() != found {
		t.Errorf("by its site: %v, %v", response, err)
	}
	_, err := s.as(auth.Anonymous).ResolveShareLink(t.Context(), &sharingv1.ResolveShareLinkRequest{Name: "sites/kita/shareLinks/" + code})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// TestResolveNeverLeavesTheSite gives articles paths that no article service
// would, and wants no link to lead elsewhere.
func TestResolveNeverLeavesTheSite(t *testing.T) {
	s := startLinks(t)
	for i, path := range []string{"//evil.lt/x", "/\\evil.lt", "evil.lt", "", "javascript:alert(1)", "/a\r\nSet-Cookie: b"} {
		a := piece("straipsnis-" + string(rune('a'+i)))
		a.Path = path
		s.wantResolved(t, s.publish(t, a), found, "https://naujienos.biblioteka.lt/")
	}
}

// TestResolveGone says that an article is gone and nothing of what it said, and
// offers what is like it.
func TestResolveGone(t *testing.T) {
	s := startLinks(t)
	a := piece("paslaptis", "mugė", "knygos")
	a.Title = "Slapta antraštė"
	code := s.publish(t, a)
	s.words(t, "knygu-muge", a)
	var others []string
	for _, other := range []*articlev1.Article{
		piece("be-zymu"), piece("viena-zyma", "mugė"), piece("dvi-zymos", "knygos", "mugė"),
	} {
		others = append([]string{other.GetName()}, others...)
		s.publish(t, other)
	}
	english := piece("in-english", "mugė", "knygos")
	english.LanguageCode = "en"
	s.publish(t, english)
	s.withdraw(t, a)
	for _, typed := range []string{code, "knygu-muge"} {
		response := s.wantResolved(t, typed, gone, "")
		if text := protojson.Format(response); strings.Contains(text, "Slapta") || strings.Contains(text, "paslaptis") {
			t.Errorf("%s tells of what was withdrawn: %s", typed, text)
		}
		var got []string
		for _, other := range response.GetArticles() {
			got = append(got, other.GetArticle())
		}
		if diff := cmp.Diff(others, got); diff != "" || response.GetLanguageCode() != "lt" {
			t.Errorf("%s offers in %s (-want +got):\n%s", typed, response.GetLanguageCode(), diff)
		}
	}
	s.publish(t, a)
	s.wantResolved(t, code, found, "https://naujienos.biblioteka.lt/paslaptis")
}

// TestResolveRetired offers the article itself where only the words were deleted.
func TestResolveRetired(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas", "mugė")
	code := s.publish(t, a)
	s.publish(t, piece("kitas", "mugė"))
	link := s.words(t, "knygu-muge", a)
	_, err := s.as(auth.Editor).DeleteShareLink(t.Context(), &sharingv1.DeleteShareLinkRequest{Name: link.GetName(), Etag: link.GetEtag()})
	must(t, err)
	response := s.wantResolved(t, "knygu-muge", gone, "")
	articles := response.GetArticles()
	if len(articles) != 2 || articles[0].GetArticle() != a.GetName() || !strings.HasSuffix(articles[0].GetShareLink(), code) {
		t.Errorf("offers %v", articles)
	}
	s.wantResolved(t, code, found, "https://naujienos.biblioteka.lt/vienas")
	s.sites(t) // the site is no more
	if response := s.wantResolved(t, code, gone, ""); len(response.GetArticles()) > 0 {
		t.Errorf("a site that was removed offers %v", response)
	}
}

// TestResolveMistyped asks what was meant, of what is public, and opens nothing.
func TestResolveMistyped(t *testing.T) {
	s := startLinks(t)
	a, hidden := piece("vienas"), piece("slaptas")
	code, secret := s.publish(t, a), s.publish(t, hidden)
	s.withdraw(t, hidden)
	wrong := func(code string) []string {
		other := byte('7')
		if code[3] == other {
			other = '8'
		}
		return []string{
			code[:3] + string(other) + code[4:], code[:3] + "u" + code[4:], code[:7], code + "7", code[:4] + "-" + code[4:], code + ")",
			strings.ToUpper(code[:3]+string(other)+code[4:]) + ".F",
		}
	}
	for _, typed := range wrong(code) {
		response := s.wantResolved(t, typed, mistyped, "")
		want := []*sharingv1.LinkedArticle{{
			Article: a.GetName(), Title: a.GetTitle(), Uri: "https://naujienos.biblioteka.lt/vienas", LanguageCode: "lt",
			PublishTime: a.GetPublishTime(), ShareLink: sharingtest.SiteName + "/shareLinks/" + code,
		}}
		if diff := cmp.Diff(want, response.GetArticles(), protocmp.Transform()); diff != "" || response.GetShareLink() != nil {
			t.Errorf("%s (-want +got):\n%s", typed, diff)
		}
	}
	for _, typed := range wrong(secret) {
		_, err := s.resolve(t, typed)
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
}

// TestResolveNothing finds nothing for what is no short address.
func TestResolveNothing(t *testing.T) {
	s := startLinks(t)
	s.publish(t, piece("vienas"))
	for _, typed := range []string{
		"k7m29qz9", "nera-tokiu", "robots", "https:", "..", "%2e%2e%2f", "\\\\evil.lt", "evil.lt", "ｋ７ｍ２９ｑｚ９", "a", "k7m29qz9.f.f", "\u212anygu-muge",
	} {
		_, err := s.resolve(t, typed)
		testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	}
	for _, typed := range []string{"", "a/b", "../x", "//evil.lt", strings.Repeat("a", 65)} {
		_, err := s.resolve(t, typed)
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	}
}
