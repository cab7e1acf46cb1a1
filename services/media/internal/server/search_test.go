package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

// found walks a search to its end, once the index knows all that was written,
// and returns the ids.
func (s *suite) found(tb testing.TB, client mediav1.MediaServiceClient, req *mediav1.SearchPhotosRequest) []string {
	tb.Helper()
	must(tb, s.finder.CatchUp(tb.Context()))
	req.Parent = testkit.Site
	var ids []string
	for {
		page, err := client.SearchPhotos(tb.Context(), req)
		must(tb, err)
		for _, p := range page.GetPhotos() {
			ids = append(ids, strings.TrimPrefix(p.GetName(), testkit.Site+"/photos/"))
		}
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			return ids
		}
	}
}

// exhibition has photos with words in every field.
func exhibition(t *testing.T) *suite {
	t.Helper()
	s := newSuite(t)
	s.recorded(t, "muge", func(p *mediav1.Photo) {
		p.Captions = map[string]string{"lt": "Knygų mugė", "en": "The book fair"}
		p.Alts = map[string]string{"lt": "Vaikai skaito ant grindų"}
		p.Credit, p.Tags = "Ona Petraitė", []string{"renginiai", "Vilniaus Litexpo"}
		p.Filename, p.Source = "DSC_0042-kazimieras_slaptasis.jpg", "Asmeninis archyvas"
	})
	s.recorded(t, "portretas", func(p *mediav1.Photo) {
		p.Captions = map[string]string{"lt": "Skaitytoja prie lentynos"}
		p.PeopleShown = &mediav1.PeopleShown{
			Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{"Eglė Žalgirienė"},
			Consent: &mediav1.Consent{Basis: mediav1.Consent_BASIS_CONSENT, Purpose: "parodai"},
		}
		p.License = &mediav1.License{SpdxId: "CC-BY-4.0"}
	})
	s.recorded(t, "slapta", func(p *mediav1.Photo) { p.Captions = map[string]string{"lt": "Nepaskelbta mugė"} })
	s.recorded(t, "pasibaige", func(p *mediav1.Photo) {
		p.Captions = map[string]string{"lt": "Senoji mugė"}
		p.License = &mediav1.License{Terms: "Iki vakar", ExpireTime: timestamppb.New(time.Now().Add(-time.Hour))}
	})
	s.recorded(t, "istrinta", func(p *mediav1.Photo) {
		p.Captions = map[string]string{"lt": "Ištrinta mugė"}
		p.State = mediav1.Photo_STATE_DELETED
	})
	return s
}

func TestSearchFindsForms(t *testing.T) {
	s := exhibition(t)
	author := s.client(auth.Author)
	for query, want := range map[string][]string{
		"knygu muges": {"muge"}, "knygų mugėje": {"muge"}, "book fairs": {"muge"}, "vaikas skaitė": {"muge"}, "petraites": {"muge"},
		"renginys": {"muge"}, "litexpo": {"muge"}, "dsc 0042": {"muge"}, "slaptasis": {"muge"}, "archyve": {"muge"},
		"zalgiriene": {"portretas"}, "Eglės Žalgirienės": {"portretas"}, "lentynos skaitytojos": {"portretas"}, "parodai": nil, "baltas lokys": nil,
		`"mugė knygų"`: nil, `„knygų mugė“`: {"muge"}, "skaityt": {"muge", "portretas"}, "ištrinta": nil,
	} {
		got := s.found(t, author, &mediav1.SearchPhotosRequest{Query: query, View: working, PageSize: 1})
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

func TestSearchOrdersAndFilters(t *testing.T) {
	s := exhibition(t)
	author := s.client(auth.Author)
	for _, test := range []struct {
		query, order, filter string
		want                 []string
	}{
		{"mugė", "", "", []string{"muge", "pasibaige", "slapta"}},
		{"mugė", "create_time desc", "", []string{"pasibaige", "slapta", "muge"}},
		{"mugė", "create_time desc", "cleared = true", []string{"slapta", "muge"}},
		{"mugė", "", `tags:renginiai`, []string{"muge"}},
		{"mugė", "", `license = other`, []string{"pasibaige"}},
		{"skaitytoja", "", `people_shown = NAMED AND license = "CC-BY-4.0"`, []string{"portretas"}},
		{"mugė", "", `NOT usage:* duplicate = true create_time > "2020-01-01T00:00:00Z" -license = other`, []string{"muge", "slapta"}},
		{"mugė", "", "state = FAILED", nil},
	} {
		got := s.found(t, author, &mediav1.SearchPhotosRequest{Query: test.query, OrderBy: test.order, Filter: test.filter, View: working, PageSize: 1})
		if test.order == "" {
			slices.Sort(got)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%+v: %s", test, diff)
		}
	}
	for _, test := range []struct {
		req  *mediav1.SearchPhotosRequest
		want faultv1.Reason
	}{
		{&mediav1.SearchPhotosRequest{Query: "mugė", OrderBy: "credit"}, faultv1.Reason_REASON_INVALID_ORDER_BY},
		{&mediav1.SearchPhotosRequest{Query: "mugė", Filter: "people_shown = NAMED"}, faultv1.Reason_REASON_INVALID_FILTER},
		{&mediav1.SearchPhotosRequest{Query: "mugė", Filter: "creator = ona"}, faultv1.Reason_REASON_INVALID_FILTER},
		{&mediav1.SearchPhotosRequest{Query: "..."}, faultv1.Reason_REASON_INVALID_QUERY},
		{&mediav1.SearchPhotosRequest{Query: "mugė", PageToken: "abc"}, faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
	} {
		test.req.Parent = testkit.Site
		_, err := author.SearchPhotos(t.Context(), test.req)
		testkit.WantFault(t, err, codes.InvalidArgument, test.want)
	}
}

// Readers find what is public by what they are shown, whatever they try.
func TestSearchRevealsNothing(t *testing.T) {
	s := exhibition(t)
	reader := s.client(auth.Anonymous)
	public := func(query string) []string {
		t.Helper()
		got := s.found(t, reader, &mediav1.SearchPhotosRequest{Query: query, PageSize: 1})
		slices.Sort(got)
		return got
	}
	for _, query := range []string{"mugė", "skaitytoja", "Petraitė"} {
		if got := public(query); len(got) > 0 {
			t.Errorf("before anything is published %s finds %v", query, got)
		}
	}
	var used []photo.Name
	for _, id := range []string{"muge", "portretas", "pasibaige", "istrinta"} {
		used = append(used, photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: id})
	}
	article := testkit.Site + "/articles/naujiena"
	storetest.Use(t, s.store, time.Now(), article, true, used...)
	if diff := cmp.Diff([]string{"muge"}, public("mugė")); diff != "" {
		t.Errorf("published: %s", diff)
	}
	if diff := cmp.Diff([]string{"portretas"}, public("skaitytojos")); diff != "" {
		t.Errorf("published: %s", diff)
	}
	// Names, by word, beginning, error, phrase and together with what is public.
	for _, query := range []string{
		"Eglė", "Žalgirienė", "zalg", "zalgiriena", `"Eglė Žalgirienė"`, "egle zalgiriene", "skaitytoja Žalgirienė", "lentynos Eglė",
		"kazimieras", "slaptasis", "DSC", "0042", "mugė kazimieras", "asmeninis", "archyvas", "nepaskelbta", "ištrinta", "senoji", "parodai",
	} {
		if got := public(query); len(got) > 0 {
			t.Errorf("%s finds %v", query, got)
		}
	}
	_, err := reader.SearchPhotos(t.Context(), &mediav1.SearchPhotosRequest{Parent: testkit.Site, Query: "Eglė", View: working})
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	for _, id := range []string{"skaitytoja", "mugė"} {
		page, err := reader.SearchPhotos(t.Context(), &mediav1.SearchPhotosRequest{Parent: testkit.Site, Query: id})
		must(t, err)
		for _, p := range page.GetPhotos() {
			if p.GetPeopleShown() != nil || p.GetSuggestions() != nil {
				t.Errorf("%s shows %v", id, p)
			}
		}
	}
	// What is taken away is gone at once, whether the index knows or not.
	storetest.Use(t, s.store, time.Now(), article, false)
	for _, query := range []string{"mugė", "skaitytoja"} {
		page, err := reader.SearchPhotos(t.Context(), &mediav1.SearchPhotosRequest{Parent: testkit.Site, Query: query})
		must(t, err)
		if len(page.GetPhotos()) > 0 {
			t.Errorf("%s still finds %v", query, page.GetPhotos())
		}
	}
}

// Other sites have photos of their own.
func TestSearchKeepsSitesApart(t *testing.T) {
	s := exhibition(t)
	must(t, s.finder.CatchUp(t.Context()))
	page, err := s.client(auth.Anonymous).SearchPhotos(t.Context(), &mediav1.SearchPhotosRequest{Parent: "sites/kita", Query: "mugė"})
	must(t, err)
	if len(page.GetPhotos()) > 0 {
		t.Errorf("found %v", page.GetPhotos())
	}
}

// Pages neither double nor miss a photo while others come.
func TestSearchPagesAreStable(t *testing.T) {
	s := newSuite(t)
	add := func(id string) {
		s.recorded(t, id, func(p *mediav1.Photo) { p.Captions = map[string]string{"lt": "Knygų mugė"} })
	}
	var want []string
	for i := range 40 {
		id := fmt.Sprintf("sena-%02d", i)
		add(id)
		want = append(want, id)
	}
	slices.Reverse(want)
	must(t, s.finder.CatchUp(t.Context()))
	for _, order := range []string{"", "create_time desc"} {
		req := &mediav1.SearchPhotosRequest{Parent: testkit.Site, Query: "mugės", OrderBy: order, View: working, PageSize: 7}
		var got []string
		for page := 0; ; page++ {
			resp, err := s.client(auth.Author).SearchPhotos(t.Context(), req)
			must(t, err)
			for _, p := range resp.GetPhotos() {
				got = append(got, strings.TrimPrefix(p.GetName(), testkit.Site+"/photos/"))
			}
			if req.PageToken = resp.GetNextPageToken(); req.GetPageToken() == "" {
				break
			}
			add(fmt.Sprintf("nauja-%d-%d", page, len(order)))
			must(t, s.finder.CatchUp(t.Context()))
		}
		got = slices.DeleteFunc(got, func(id string) bool { return strings.HasPrefix(id, "nauja") })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", order, diff)
		}
	}
}
