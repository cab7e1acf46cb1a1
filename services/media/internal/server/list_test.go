package server_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

// recorded stores a record without bytes, as change leaves it.
func (s *suite) recorded(tb testing.TB, id string, change func(*mediav1.Photo)) *mediav1.Photo {
	tb.Helper()
	name := photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: id}
	facts := photo.Facts{SHA256: strings.Repeat("a", 64), MediaType: "image/jpeg"}
	p, err := photo.New(name, &mediav1.Photo{}, facts, "ona", time.Now().UTC().Truncate(time.Microsecond))
	must(tb, err)
	p.State = mediav1.Photo_STATE_ACTIVE
	if change != nil {
		change(p)
	}
	created, err := s.store.Create(tb.Context(), p, replay.Request{}, time.Now())
	must(tb, err)
	return created
}

// listed walks a list to its end and returns the ids.
func listed(tb testing.TB, client mediav1.MediaServiceClient, req *mediav1.ListPhotosRequest) []string {
	tb.Helper()
	req.Parent = testkit.Site
	var ids []string
	for {
		page, err := client.ListPhotos(tb.Context(), req)
		must(tb, err)
		for _, p := range page.GetPhotos() {
			ids = append(ids, strings.TrimPrefix(p.GetName(), testkit.Site+"/photos/"))
		}
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			return ids
		}
	}
}

// newsroom has one photo of each kind.
func newsroom(t *testing.T) *suite {
	t.Helper()
	s := newSuite(t)
	soon, late, past := time.Now().AddDate(0, 0, 3), time.Now().AddDate(5, 0, 0), time.Now().AddDate(0, 0, -1)
	s.recorded(t, "laisva", func(p *mediav1.Photo) {
		p.License = &mediav1.License{SpdxId: "CC-BY-4.0"}
		p.Credit, p.Tags = "Ona Petraitė", []string{"knygų mugė", "vaikai"}
	})
	s.recorded(t, "baigiasi", func(p *mediav1.Photo) {
		p.License = &mediav1.License{Terms: "Bibliotekos leidiniams", ExpireTime: timestamppb.New(soon)}
		p.CaptureTime, p.Sha256 = timestamppb.New(past), strings.Repeat("b", 64)
	})
	s.recorded(t, "pasibaige", func(p *mediav1.Photo) {
		p.License = &mediav1.License{SpdxId: "CC-BY-4.0", ExpireTime: timestamppb.New(past)}
		p.Tags, p.Author = []string{"vaikai"}, "Jonas"
	})
	s.recorded(t, "ilgai", func(p *mediav1.Photo) {
		p.PeopleShown = &mediav1.PeopleShown{
			Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{"Eglė"},
			Consent: &mediav1.Consent{Basis: mediav1.Consent_BASIS_CONSENT, ExpireTime: timestamppb.New(late)},
		}
		p.Sha256, p.MimeType = strings.Repeat("c", 64), "image/png"
	})
	s.recorded(t, "istrinta", func(p *mediav1.Photo) {
		p.State, p.Sha256 = mediav1.Photo_STATE_DELETED, strings.Repeat("d", 64)
	})
	return s
}

func TestListFilters(t *testing.T) {
	s := newsroom(t)
	s.publish(t, testkit.Site+"/photos/laisva")
	author := s.client(auth.Author)
	soon := time.Now().AddDate(0, 1, 0).UTC().Format(time.RFC3339)
	for _, test := range []struct {
		filter, order string
		want          []string
	}{
		{``, ``, []string{"ilgai", "pasibaige", "baigiasi", "laisva"}},
		{``, `create_time`, []string{"laisva", "baigiasi", "pasibaige", "ilgai"}},
		{``, ` expire_time `, []string{"pasibaige", "baigiasi", "ilgai"}},
		{`expire_time < "` + soon + `"`, `expire_time`, []string{"pasibaige", "baigiasi"}},
		{`expire_time < "` + soon + `" cleared = true`, `expire_time`, []string{"baigiasi"}},
		{`expire_time < "` + soon + `"`, ``, []string{"pasibaige", "baigiasi"}},
		{`NOT expire_time:*`, ``, []string{"laisva"}},
		{`cleared = false`, ``, []string{"pasibaige"}},
		{`tags:vaikai`, ``, []string{"pasibaige", "laisva"}},
		{`tags:vaikai`, `create_time`, []string{"laisva", "pasibaige"}},
		{`tags:"knygų mugė" OR author = Jonas`, ``, []string{"pasibaige", "laisva"}},
		{`NOT tags:*`, ``, []string{"ilgai", "baigiasi"}},
		{`license = "CC-BY-4.0"`, ``, []string{"pasibaige", "laisva"}},
		{`license = other`, ``, []string{"baigiasi"}},
		{`license = none`, ``, []string{"ilgai"}},
		{`people_shown = NAMED`, ``, []string{"ilgai"}},
		{`usage = PUBLISHED`, ``, []string{"laisva"}},
		{`NOT usage:*`, ``, []string{"ilgai", "pasibaige", "baigiasi"}},
		{`NOT usage:* tags:vaikai`, ``, []string{"pasibaige"}},
		{`duplicate = true`, ``, []string{"pasibaige", "laisva"}},
		{`duplicate = false`, ``, []string{"ilgai", "baigiasi"}},
		{`sha256 = ` + strings.Repeat("b", 64), ``, []string{"baigiasi"}},
		{`mime_type = "image/png"`, ``, []string{"ilgai"}},
		{`credit = "Ona Petraitė" creator = ona`, ``, []string{"laisva"}},
		{`capture_time:*`, ``, []string{"baigiasi"}},
		{`create_time > "2020-01-01T00:00:00Z" update_time:*`, `create_time`, []string{"laisva", "baigiasi", "pasibaige", "ilgai"}},
		{`create_time < "2020-01-01T00:00:00Z"`, ``, nil},
		{`state != FAILED`, ``, []string{"ilgai", "pasibaige", "baigiasi", "laisva"}},
		{`state = DELETED`, ``, nil},
	} {
		got := listed(t, author, &mediav1.ListPhotosRequest{Filter: test.filter, OrderBy: test.order, View: working, PageSize: 1})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s by %q: %s", test.filter, test.order, diff)
		}
	}
	got := listed(t, author, &mediav1.ListPhotosRequest{Filter: "state = DELETED", ShowDeleted: true, View: working})
	if diff := cmp.Diff([]string{"istrinta"}, got); diff != "" {
		t.Errorf("with deleted ones: %s", diff)
	}
}

// Readers see what is published, as long as its rights last.
func TestListForReaders(t *testing.T) {
	s := newsroom(t)
	var all []photo.Name
	for _, id := range []string{"laisva", "baigiasi", "pasibaige", "ilgai", "istrinta"} {
		all = append(all, photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: id})
	}
	storetest.Use(t, s.store, time.Now(), testkit.Site+"/articles/naujiena", true, all...)
	reader := s.client(auth.Anonymous)
	for filter, want := range map[string][]string{
		``: {"ilgai", "baigiasi", "laisva"}, `tags:vaikai`: {"laisva"}, `sha256 = ` + strings.Repeat("d", 64): nil,
		`license = "CC-BY-4.0"`: {"laisva"}, `state = DELETED`: nil,
	} {
		if diff := cmp.Diff(want, listed(t, reader, &mediav1.ListPhotosRequest{Filter: filter, PageSize: 1})); diff != "" {
			t.Errorf("%s: %s", filter, diff)
		}
	}
}

// A walk tells every photo that is there all the time, once, while others come
// and all of them change.
func TestListWhilePhotosChange(t *testing.T) {
	s := newSuite(t)
	var want []string
	for i := range 60 {
		id := fmt.Sprintf("sena-%02d", i)
		s.recorded(t, id, func(p *mediav1.Photo) { p.Tags = []string{"mugė"} })
		want = append(want, id)
	}
	slices.Reverse(want)
	site := strings.TrimPrefix(testkit.Site, "sites/")
	var writers sync.WaitGroup
	done := make(chan struct{})
	writers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
			}
			s.recorded(t, fmt.Sprintf("nauja-%d", i), func(p *mediav1.Photo) { p.Tags = []string{"mugė"} })
			used := []photo.Name{{Site: site, ID: fmt.Sprintf("sena-%02d", i%60)}}
			storetest.Use(t, s.store, time.Now(), testkit.Site+"/articles/naujiena", true, used...)
		}
	})
	author := s.client(auth.Author)
	for _, test := range []struct {
		filter, order string
	}{{"", ""}, {"tags:mugė", ""}, {"", "create_time"}, {"tags:mugė", "create_time"}, {"usage = PUBLISHED OR NOT usage:*", ""}} {
		req := &mediav1.ListPhotosRequest{Filter: test.filter, OrderBy: test.order, View: working, PageSize: 7}
		got := slices.DeleteFunc(listed(t, author, req), func(id string) bool { return strings.HasPrefix(id, "nauja") })
		if test.order == "create_time" {
			slices.Reverse(got)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%+v: %s", test, diff)
		}
	}
	close(done)
	writers.Wait()
}
