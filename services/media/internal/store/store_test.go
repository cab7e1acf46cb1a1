package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

const site = "biblioteka"

func start() time.Time { return time.Date(2026, 6, 7, 9, 0, 0, 0, time.UTC) }

func open(t *testing.T) (*store.Store, kv.Store) {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "media.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	return store.New(records), records
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// create stores a photo with the id; its content is that of the seed.
func create(t *testing.T, s *store.Store, id, sha256 string) *mediav1.Photo {
	t.Helper()
	p, err := photo.New(name(id), &mediav1.Photo{Credit: "Ona"}, photo.Facts{SHA256: sha256}, "ona", start())
	must(t, err)
	stored, err := s.Create(t.Context(), p, replay.Request{}, start())
	must(t, err)
	return stored
}

func name(id string) photo.Name { return photo.Name{Site: site, ID: id} }

func TestUsagesOfALargeGallery(t *testing.T) {
	s, _ := open(t)
	var gallery []photo.Name
	for i := range 100 {
		id := fmt.Sprintf("nuotrauka-%03d", i)
		gallery = append(gallery, name(id))
		if i%2 == 0 { // the others do not exist yet
			create(t, s, id, "aa")
		}
	}
	const article = "sites/biblioteka/articles/galerija"
	storetest.Use(t, s, start(), article, true, gallery...)
	public := count(t, s, store.Query{Site: site, Published: true, Limit: 200})
	if public != 50 {
		t.Errorf("%d photos are public, want 50", public)
	}
	if p := create(t, s, gallery[1].ID, "bb"); !p.GetPublished() {
		t.Error("a photo that a published article waits for is not public from the start")
	}
	articles, err := s.UsingArticles(t.Context())
	must(t, err)
	if diff := cmp.Diff([]string{article}, articles); diff != "" {
		t.Errorf("articles (-want +got):\n%s", diff)
	}

	// Another article uses one of them too; it stays public without the first.
	storetest.Use(t, s, start(), article+"-kita", true, gallery[:1]...)
	storetest.Use(t, s, start(), article, false)
	if public := count(t, s, store.Query{Site: site, Published: true, Limit: 200}); public != 1 {
		t.Errorf("%d photos are public, want 1", public)
	}
}

func count(t *testing.T, s *store.Store, q store.Query) int {
	t.Helper()
	photos, err := s.List(t.Context(), q)
	must(t, err)
	return len(photos)
}

func TestUsageTellsWatchersOnlyOfChanges(t *testing.T) {
	s, _ := open(t)
	create(t, s, "viena", "aa")
	before, err := s.Now(t.Context())
	must(t, err)
	names := []photo.Name{name("viena")}
	storetest.Use(t, s, start(), "sites/biblioteka/articles/aaa", true, names...)
	storetest.Use(t, s, start(), "sites/biblioteka/articles/aaa", true, names...)
	storetest.Use(t, s, start(), "sites/biblioteka/articles/bbb", true, names...)
	storetest.Use(t, s, start(), "sites/biblioteka/articles/aaa", false)
	for event, err := range s.Watch(t.Context(), site, before) {
		must(t, err)
		if event.Photo == nil {
			t.Fatal("the publication was not told")
		}
		if !event.Photo.GetPublished() || event.Kind != mediav1.WatchPhotosResponse_KIND_UPDATED {
			t.Errorf("event = %+v", event)
		}
		before = event.Position
		break
	}
	for event, err := range s.Watch(t.Context(), site, before) {
		must(t, err)
		if event.Photo != nil {
			t.Errorf("a usage that changes nothing was told: %v", event.Photo)
		}
		break
	}
}

func TestEditsAreThinned(t *testing.T) {
	s, _ := open(t)
	first := create(t, s, "viena", "aa")
	p := first
	allow := func(*mediav1.Photo) error { return nil }
	edit := func(etag, credit string) (*mediav1.Photo, error) {
		e := photo.Edit{Content: &mediav1.Photo{Credit: credit}, Fields: []string{"credit"}, Etag: etag}
		return s.Update(t.Context(), name("viena"), e, "jonas", replay.Request{}, start(), allow)
	}
	var err error
	for i := range 55 {
		p, err = edit(p.GetEtag(), fmt.Sprint(i))
		must(t, err)
	}
	_, err = edit(first.GetEtag(), "Eglė")
	e := testkit.WantReason(t, err, faultv1.Reason_REASON_EDIT_CONFLICT)
	if len(e.Details) != 1 {
		t.Errorf("details = %v", e.Details)
	}
}

func TestRequestsAreForgotten(t *testing.T) {
	s, _ := open(t)
	request := replay.Request{Principal: "ona", Method: "m", Target: "t", ID: "id"}
	p, err := photo.New(name("viena"), nil, photo.Facts{SHA256: "aa"}, "ona", start())
	must(t, err)
	_, err = s.Create(t.Context(), p, request, start())
	must(t, err)
	for _, test := range []struct {
		after time.Duration
		known bool
	}{{0, true}, {24*time.Hour - time.Second, true}, {24 * time.Hour, false}} {
		got, err := s.Replayed(t.Context(), request, start().Add(test.after))
		if err != nil || (got != nil) != test.known {
			t.Errorf("after %s: %v, %v; want known = %v", test.after, got, err, test.known)
		}
	}
	for _, want := range []int{1, 0} {
		n, err := s.ForgetRequests(t.Context(), start().Add(25*time.Hour))
		if err != nil || n != want {
			t.Errorf("ForgetRequests = %d, %v; want %d", n, err, want)
		}
	}
	if got, err := s.Replayed(t.Context(), request, start()); got != nil || err != nil {
		t.Errorf("Replayed after ForgetRequests = %v, %v", got, err)
	}
}

// Uploads and the sweeper must not take each other's objects.
func TestCondemn(t *testing.T) {
	s, _ := open(t)
	condemn := func(after time.Duration) bool {
		t.Helper()
		ok, err := s.Condemn(t.Context(), "aa", start().Add(after))
		must(t, err)
		return ok
	}
	must(t, s.Announce(t.Context(), "aa", name("viena"), start()))
	if condemn(time.Minute) {
		t.Error("objects of an upload in work were condemned")
	}
	if !condemn(time.Hour) {
		t.Error("objects of an abandoned upload were not condemned")
	}
	err := s.Announce(t.Context(), "aa", name("viena"), start().Add(time.Hour+time.Minute))
	testkit.WantReason(t, err, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE)
	if condemn(time.Hour + time.Minute) {
		t.Error("two sweepers condemned the same")
	}
	must(t, s.Acquit(t.Context(), "aa"))
	must(t, s.Announce(t.Context(), "aa", name("viena"), start().Add(2*time.Hour)))
	create(t, s, "viena", "aa")
	if condemn(24 * time.Hour) {
		t.Error("objects of a photo were condemned")
	}
}

// A photo whose bytes somebody else uploads at the same time is created and
// purged meanwhile; the objects of the other stay.
func TestCondemnSparesOtherUploads(t *testing.T) {
	s, _ := open(t)
	must(t, s.Announce(t.Context(), "aa", name("viena"), start()))
	must(t, s.Announce(t.Context(), "aa", name("kita"), start()))
	create(t, s, "viena", "aa")
	p, err := s.Get(t.Context(), name("viena"))
	must(t, err)
	_, err = s.Remove(t.Context(), name("viena"), store.Removal{
		Etag: p.GetEtag(), Kind: mediav1.WatchPhotosResponse_KIND_WITHDRAWN, Permit: func(*mediav1.Photo) error { return nil },
		Change: func(p *mediav1.Photo) (*mediav1.Photo, error) { return photo.Withdraw(p, "Klaida", 0, start()) },
	}, start())
	must(t, err)
	if purged, err := s.Purge(t.Context(), name("viena"), start()); err != nil || !purged {
		t.Fatalf("Purge = %v, %v", purged, err)
	}
	if condemned, err := s.Condemn(t.Context(), "aa", start()); err != nil || condemned {
		t.Errorf("Condemn = %v, %v while the other upload is in work", condemned, err)
	}
	if condemned, err := s.Condemn(t.Context(), "aa", start().Add(time.Hour)); err != nil || !condemned {
		t.Errorf("Condemn = %v, %v when the other upload was abandoned", condemned, err)
	}
}

func TestClosedStoreIsUnavailable(t *testing.T) {
	s, records := open(t)
	must(t, records.Close())
	_, err := s.Get(t.Context(), name("viena"))
	testkit.WantReason(t, err, faultv1.Reason_REASON_STORE_UNAVAILABLE)
	if !errors.Is(err, kv.ErrClosed) {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestSecretIsKept(t *testing.T) {
	s, _ := open(t)
	one, err := s.Secret(t.Context(), "signing", []byte("first"))
	must(t, err)
	two, err := s.Secret(t.Context(), "signing", []byte("second"))
	must(t, err)
	if string(one) != "first" || string(two) != "first" {
		t.Errorf("secrets = %q, %q", one, two)
	}
}
