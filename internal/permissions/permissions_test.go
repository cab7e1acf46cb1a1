// Package permissions_test calls every method of the suite as everybody. It has
// tests only: the services are the real ones, over real stores and a real
// object store.
package permissions_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/contract"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	library = "sites/biblioteka"
	// secret is the title of everything that was not published.
	secret  = "Paslaptis"
	working = articlev1.ArticleView_ARTICLE_VIEW_WORKING
)

var ona = auth.Principal{ID: "ona@example.lt", Kind: auth.Person, Roles: map[string][]auth.Role{library: {auth.Author}}}

// person returns somebody who has one role on a site.
func person(role auth.Role, site string) auth.Principal {
	p := auth.Principal{ID: string(role) + "@example.lt", Kind: auth.Person, Roles: map[string][]auth.Role{site: {role}}}
	if role == auth.Service {
		p.Kind = auth.Machine
	}
	return p
}

// callers are who calls, in the order of the cells of the table.
func callers() []auth.Principal {
	return []auth.Principal{
		{},
		ona,
		person(auth.Author, library),
		person(auth.Editor, library),
		person(auth.Admin, library),
		person(auth.Operator, auth.EverySite),
		person(auth.Service, auth.EverySite),
		{ID: "kita@example.lt", Kind: auth.Person, Roles: map[string][]auth.Role{"sites/kita": {auth.Editor}}},
	}
}

// reasons are what a cell of the table says.
func reasons() map[rune]faultv1.Reason {
	return map[rune]faultv1.Reason{
		'y': faultv1.Reason_REASON_UNSPECIFIED, // it is done
		't': faultv1.Reason_REASON_TOKEN_REQUIRED,
		'd': faultv1.Reason_REASON_PERMISSION_DENIED,
		'h': faultv1.Reason_REASON_RESOURCE_NOT_FOUND, // as if it were not there
		'g': faultv1.Reason_REASON_RESOURCE_GONE,      // readers saw it once; or h until the sharing service is told
	}
}

// row is one way to call a method. Its call is made on an article in the state
// that prepare brings a new draft of ona's to.
type row struct {
	method  string
	how     string
	prepare func(*suite, *articlev1.Article) *articlev1.Article
	// anonymous, who made it, another author, editor, admin, operator, service,
	// editor of another site
	cells string
	call  func(context.Context, *suite, caller, *articlev1.Article) error
}

// TestEveryMethodAsEverybody calls every method of the real services as every
// role. Who is refused changes nothing and learns nothing.
func TestEveryMethodAsEverybody(t *testing.T) {
	s := newSuite(t)
	editor := s.as(person(auth.Editor, library))
	for _, r := range rows() {
		for i, principal := range callers() {
			a := s.draft()
			if r.prepare != nil {
				a = r.prepare(s, a)
			}
			want := reasons()[rune(r.cells[i])]
			err := r.call(t.Context(), s, s.as(principal), a)
			got := faultv1.Reason_REASON_UNSPECIFIED
			if err != nil {
				got = rpc.FromStatus(err).Reason
			}
			if r.cells[i] == 'g' && got == reasons()['h'] {
				want = got
			}
			if got != want {
				t.Errorf("%s %s as %q: %v, want %v; error: %v", r.method, r.how, principal.ID, got, want, err)
			}
			if err == nil {
				continue
			}
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%s %s as %q: the refusal tells the title: %v", r.method, r.how, principal.ID, err)
			}
			after, err := editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
			must(t, err)
			if !proto.Equal(after, a) {
				t.Errorf("%s %s as %q: refused, but now it is %v", r.method, r.how, principal.ID, after)
			}
		}
	}
}

// TestEveryMethodWithBadTokens calls every method with tokens that are no good:
// also what anybody may call is refused.
func TestEveryMethodWithBadTokens(t *testing.T) {
	s := newSuite(t)
	foreign, err := s.foreign.Issue(person(auth.Operator, auth.EverySite), time.Hour)
	must(t, err)
	a := s.draft()
	for what, bad := range map[string]struct {
		token  string
		reason faultv1.Reason
	}{
		"bad":     {"abc", faultv1.Reason_REASON_TOKEN_INVALID},
		"expired": {s.expired(), faultv1.Reason_REASON_TOKEN_EXPIRED},
		"revoked": {s.revoked, faultv1.Reason_REASON_TOKEN_REVOKED},
		"foreign": {foreign.Text, faultv1.Reason_REASON_TOKEN_INVALID},
	} {
		c := s.with(bad.token)
		for _, r := range rows() {
			err := r.call(t.Context(), s, c, a)
			if err == nil || rpc.FromStatus(err).Reason != bad.reason {
				t.Errorf("%s %s with a %s token: %v, want %v", r.method, r.how, what, err, bad.reason)
			}
		}
	}
}

// TestTheTableIsWhole asks that no method of the contract is forgotten.
func TestTheTableIsWhole(t *testing.T) {
	missing := make(map[string]bool)
	for _, m := range contract.Methods() {
		missing[string(m.Name())] = true
	}
	for _, r := range rows() {
		delete(missing, r.method)
		if len(r.cells) != len(callers()) {
			t.Errorf("%s %s has %d cells, want %d", r.method, r.how, len(r.cells), len(callers()))
		}
	}
	for _, method := range pending() {
		delete(missing, method)
	}
	if len(missing) > 0 {
		t.Errorf("nobody calls %v", slices.Sorted(maps.Keys(missing)))
	}
}

func newSite() *articlev1.Site {
	return &articlev1.Site{Title: "Biblioteka", DefaultLanguageCode: "lt", LanguageCodes: []string{"lt"}, TimeZone: "Europe/Vilnius"}
}

// draft makes a new draft of ona's.
func (s *suite) draft() *articlev1.Article {
	s.t.Helper()
	a, err := s.as(ona).CreateArticle(s.t.Context(), &articlev1.CreateArticleRequest{
		Parent: library, Article: &articlev1.Article{Title: secret},
	})
	must(s.t, err)
	return a
}

func published(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a, err := s.as(person(auth.Editor, library)).PublishArticle(s.t.Context(),
		&articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, err)
	return a
}

func unpublished(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a = published(s, a)
	a, err := s.as(person(auth.Editor, library)).UnpublishArticle(s.t.Context(),
		&articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, err)
	return a
}

func deleted(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a, err := s.as(person(auth.Editor, library)).DeleteArticle(s.t.Context(),
		&articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(s.t, err)
	return a
}
