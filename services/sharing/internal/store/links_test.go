package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/shortcode"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// links returns all links of the store.
func links(tb testing.TB, s *store.Store) []sharelink.Link {
	tb.Helper()
	var all []sharelink.Link
	for link, err := range s.WalkLinks(tb.Context(), sharelink.AnySite) {
		must(tb, err)
		all = append(all, link)
	}
	return all
}

// codeOf returns the code of an article, which there must be.
func codeOf(tb testing.TB, s *store.Store, a *articlev1.Article) string {
	tb.Helper()
	name, err := published.ParseName("name", a.GetName())
	must(tb, err)
	code, err := s.Code(tb.Context(), name, a.GetUid())
	must(tb, err)
	if !shortcode.Valid(code) {
		tb.Errorf("%s has the code %q, which is none", name, code)
	}
	return code
}

func wantState(tb testing.TB, s *store.Store, code string, state sharingv1.ShareLink_State, target string) {
	tb.Helper()
	link, err := s.Link(tb.Context(), code)
	must(tb, err)
	if link.State() != state || link.Target("https://biblioteka.lt") != target {
		tb.Errorf("%s is %s and leads to %q, want %s, %q", code, link.State(), link.Target("https://biblioteka.lt"), state, target)
	}
}

// TestCodeStays follows the one code of an article through its life.
func TestCodeStays(t *testing.T) {
	s, _ := open(t)
	const active, gone, retired = sharingv1.ShareLink_STATE_ACTIVE, sharingv1.ShareLink_STATE_GONE, sharingv1.ShareLink_STATE_RETIRED
	a := piece("vienas", noon)
	learn(t, s, a)
	code := codeOf(t, s, a)
	wantState(t, s, code, active, "https://biblioteka.lt/vienas")

	a.Path = "/pervadintas"
	learn(t, s, a)
	wantState(t, s, code, active, "https://biblioteka.lt/pervadintas")

	a.LanguageCode, a.Path, a.TranslationGroup = "en", "/en/renamed", "grupe"
	learn(t, s, a)
	wantState(t, s, code, active, "https://biblioteka.lt/en/renamed")

	site := sharingtest.Site()
	site.BaseUri = "https://naujas.lt"
	_, err := s.LearnSites(t.Context(), []*articlev1.Site{site}, noon)
	must(t, err)
	wantState(t, s, code, active, "https://naujas.lt/en/renamed")

	learnAs(t, s, a.GetName(), nil)
	wantState(t, s, code, gone, "")
	learn(t, s, a)
	wantState(t, s, code, active, "https://naujas.lt/en/renamed")
	want(t, "codes", len(links(t, s)), 1)

	// Purged, and another article under the name.
	learnAs(t, s, a.GetName(), nil)
	other := piece("vienas", noon)
	other.Uid = "another"
	learn(t, s, other)
	if second := codeOf(t, s, other); second == code {
		t.Errorf("another article has the code %s of one that was removed", code)
	}
	wantState(t, s, code, retired, "")
	learnAs(t, s, other.GetName(), nil)
	if state := mustLink(t, s, code).State(); state == active {
		t.Errorf("the code of a removed article is %s", state)
	}
	want(t, "codes", len(links(t, s)), 2)
}

func mustLink(tb testing.TB, s *store.Store, id string) sharelink.Link {
	tb.Helper()
	link, err := s.Link(tb.Context(), id)
	must(tb, err)
	return link
}

// TestCodesOfTwoInstances lets two instances learn the same articles at the same
// time, as when one takes over from another that does not know yet.
func TestCodesOfTwoInstances(t *testing.T) {
	s, records := open(t)
	another := store.New(records)
	var racing sync.WaitGroup
	for _, instance := range []*store.Store{s, another, s} {
		racing.Go(func() {
			for i := range 40 {
				a := piece(fmt.Sprintf("straipsnis-%d", i), noon)
				name, err := published.ParseName("name", a.GetName())
				if err == nil {
					_, err = instance.Learn(context.Background(), following, store.Event{Name: name, Article: a}, noon)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	racing.Wait()
	owners := make(map[string]string)
	for _, link := range links(t, s) {
		if other, twice := owners[link.Record.GetArticleUid()]; twice {
			t.Errorf("%s has the codes %s and %s", link.ArticleName(), other, link.Record.GetId())
		}
		owners[link.Record.GetArticleUid()] = link.Record.GetId()
	}
	want(t, "codes", len(owners), 40)
}

// TestRetire lets words lead nowhere, and nobody else have them.
func TestRetire(t *testing.T) {
	s, _ := open(t)
	a := piece("vienas", noon)
	learn(t, s, a)
	learn(t, s, piece("kitas", noon))
	link, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("", ""), noon)
	must(t, err)
	retire := store.Retirement{Name: link.Name(), Etag: link.Etag(), Principal: "jonas", Request: request("r1", "a")}
	code := retire
	code.Name.ID, code.Request = codeOf(t, s, a), request("", "")
	_, err = s.Retire(t.Context(), code, noon)
	wantReason(t, "a code", err, faultv1.Reason_REASON_WRONG_STATE, codes.FailedPrecondition)
	elsewhere := retire
	elsewhere.Name.Site = "kita"
	_, err = s.Retire(t.Context(), elsewhere, noon)
	wantReason(t, "of another site", err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, codes.NotFound)
	stale := retire
	stale.Etag = "older"
	_, err = s.Retire(t.Context(), stale, noon)
	wantReason(t, "an old etag", err, faultv1.Reason_REASON_EDIT_CONFLICT, codes.Aborted)

	gone, err := s.Retire(t.Context(), retire, noon)
	must(t, err)
	if gone.State() != sharingv1.ShareLink_STATE_RETIRED || gone.Etag() == link.Etag() || gone.Record.GetRetirer() != "jonas" {
		t.Errorf("retired: %v", gone)
	}
	again, err := s.Retire(t.Context(), retire, noon.Add(time.Hour))
	must(t, err)
	want(t, "a retry", again.Record.GetRetireTime().AsTime(), noon)
	retire.Request, retire.Etag = request("", ""), gone.Etag()
	_, err = s.Retire(t.Context(), retire, noon)
	wantReason(t, "a second time", err, faultv1.Reason_REASON_WRONG_STATE, codes.FailedPrecondition)
	_, err = s.AddWords(t.Context(), words("knygu-muge", "kitas"), request("", ""), noon)
	wantReason(t, "the words again", err, faultv1.Reason_REASON_RESOURCE_EXISTS, codes.AlreadyExists)
	wantState(t, s, "knygu-muge", sharingv1.ShareLink_STATE_RETIRED, "")
}

// TestListLinks finds links of one site, newest first, in pages.
func TestListLinks(t *testing.T) {
	s, _ := open(t)
	var made []string
	for i := range 5 {
		a := piece(fmt.Sprintf("straipsnis-%d", i), noon)
		name, err := published.ParseName("name", a.GetName())
		must(t, err)
		_, err = s.Learn(t.Context(), following, store.Event{Name: name, Article: a}, noon.Add(time.Duration(i)*time.Minute))
		must(t, err)
		made = append(made, codeOf(t, s, a))
	}
	for i, id := range []string{"pirmi-zodziai", "antri-zodziai"} {
		_, err := s.AddWords(t.Context(), words(id, "straipsnis-3"), request("", ""), noon.Add(time.Duration(10+i)*time.Minute))
		must(t, err)
	}
	slices.Reverse(made)
	all := append([]string{"antri-zodziai", "pirmi-zodziai"}, made...)
	for name, test := range map[string]struct {
		query store.LinkQuery
		want  []string
	}{
		"all":        {store.LinkQuery{Site: "biblioteka"}, all},
		"words":      {store.LinkQuery{Site: "biblioteka", Words: true}, all[:2]},
		"an article": {store.LinkQuery{Site: "biblioteka", Article: "straipsnis-3"}, []string{all[0], all[1], all[3]}},
		"no site":    {store.LinkQuery{Site: "biblio"}, nil},
	} {
		var found []string
		for test.query.Limit = 2; ; {
			page, err := s.ListLinks(t.Context(), test.query)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, link := range page {
				found = append(found, link.Record.GetId())
				test.query.After = link.Position
			}
		}
		want(t, name, found, test.want)
	}
}

// TestLike offers what shares most tags first, in the same language.
func TestLike(t *testing.T) {
	s, _ := open(t)
	for i, tags := range [][]string{{"a"}, {"a", "b"}, {"c"}, {"b", "a"}, nil} {
		learn(t, s, piece(fmt.Sprintf("straipsnis-%d", i), noon.Add(time.Duration(i)*time.Hour), tags...))
	}
	english := piece("anglu", noon.Add(24*time.Hour), "a", "b")
	english.LanguageCode = "en"
	learn(t, s, english)
	rows, err := s.Like(t.Context(), "biblioteka", "lt", []string{"a", "b"}, 4)
	must(t, err)
	var found []string
	for _, row := range rows {
		found = append(found, row.GetPath()[1:])
	}
	want(t, "like it", found, []string{"straipsnis-3", "straipsnis-1", "straipsnis-0", "straipsnis-4"})
}

// TestLinkChanges tells the change log of links and articles.
func TestLinkChanges(t *testing.T) {
	s, _ := open(t)
	before, err := s.Version(t.Context())
	must(t, err)
	a := piece("vienas", noon)
	learn(t, s, a)
	link, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("", ""), noon)
	must(t, err)
	_, err = s.Retire(t.Context(), store.Retirement{Name: link.Name(), Etag: link.Etag()}, noon)
	must(t, err)
	var told []string
	for batch, err := range s.Watch(t.Context(), "biblioteka", before) {
		must(t, err)
		for _, c := range batch.Changes {
			told = append(told, c.Theme+c.Article+" "+c.What)
		}
		if len(told) >= 3 {
			break
		}
	}
	want(t, "told", told, []string{"vienas published", "link created", "link retired"})
}

// TestCodeCollides makes another code where the first one is taken, and says so
// where none can be made.
func TestCodeCollides(t *testing.T) {
	s, _ := open(t)
	bits := func(values ...byte) io.Reader {
		var all []byte
		for _, b := range values {
			all = append(all, bytes.Repeat([]byte{b}, shortcode.Length-1)...)
		}
		return bytes.NewReader(all)
	}
	transition := func(uid string) store.Transition {
		return store.Transition{
			Name: published.Name{Site: "biblioteka", ID: "vienas"}, New: &recordv1.Article{Uid: uid}, Time: noon,
		}
	}
	must(t, s.LearnLink(t.Context(), transition("a"), bits(1)))
	must(t, s.LearnLink(t.Context(), transition("a"), bits()))
	must(t, s.LearnLink(t.Context(), transition("b"), bits(1, 1, 2)))
	var codes []string
	for _, link := range links(t, s) {
		codes = append(codes, link.Record.GetId()[:shortcode.Length-1])
	}
	want(t, "codes", codes, []string{"1111111", "2222222"})
	if err := s.LearnLink(t.Context(), transition("c"), bits(1, 1, 1, 1, 1, 1, 1, 1)); err == nil || !strings.Contains(err.Error(), "repeats itself") {
		t.Errorf("a source that repeats itself: %v", err)
	}
	want(t, "codes", len(links(t, s)), 2)
}
