package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

const news = "sites/biblioteka/articles/naujiena"

// set replaces content fields of the photo, as an editor at the given time.
func set(t *testing.T, s *store.Store, content *mediav1.Photo, at time.Time, fields ...string) *mediav1.Photo {
	t.Helper()
	now, err := s.Get(t.Context(), name("viena"))
	must(t, err)
	edit := photo.Edit{Content: content, Fields: fields, Etag: now.GetEtag()}
	p, err := s.Update(t.Context(), name("viena"), edit, "ona", replay.Request{}, at, func(*mediav1.Photo) error { return nil })
	must(t, err)
	return p
}

func licensed(until time.Time) *mediav1.Photo {
	return &mediav1.Photo{License: &mediav1.License{ExpireTime: timestamppb.New(until)}}
}

// told collects the kinds of events since a position, until the store is quiet.
func told(t *testing.T, s *store.Store, after store.Position) []string {
	t.Helper()
	var kinds []string
	for event, err := range s.Watch(t.Context(), site, after) {
		must(t, err)
		if event.Kind == mediav1.WatchPhotosResponse_KIND_HEARTBEAT {
			return kinds
		}
		kinds = append(kinds, strings.ToLower(strings.TrimPrefix(event.Kind.String(), "KIND_")))
	}
	return kinds
}

func TestRightsDecideWhatIsPublic(t *testing.T) {
	s, _ := open(t)
	create(t, s, "viena", "aa")
	public := func(at time.Time) bool {
		t.Helper()
		p, err := s.Get(t.Context(), name("viena"))
		must(t, err)
		listed := count(t, s, store.Query{Site: site, Published: true, Limit: 10}) == 1
		if listed != p.GetPublished() {
			t.Errorf("in the list: %v, by its record: %v", listed, p.GetPublished())
		}
		return photo.Public(p, at)
	}
	named := &mediav1.Photo{PeopleShown: &mediav1.PeopleShown{Presence: mediav1.PeopleShown_PRESENCE_NAMED}}
	set(t, s, named, start(), "people_shown")
	storetest.Use(t, s, start(), news, true, name("viena"))
	if public(start()) {
		t.Error("a photo of people who were not asked is public")
	}
	named.PeopleShown.Consent = &mediav1.Consent{Basis: mediav1.Consent_BASIS_CONSENT}
	set(t, s, named, start(), "people_shown")
	if !public(start()) {
		t.Error("with a basis it is not public")
	}
	end := start().Add(time.Hour)
	set(t, s, licensed(end), start(), "license")
	if !public(end.Add(-time.Microsecond)) || public(end) {
		t.Error("whether it is public does not follow the time")
	}

	// Between the end and the scheduler an article changes: the flag follows.
	storetest.Use(t, s, end, news+"-kita", true, name("viena"))
	p, err := s.Get(t.Context(), name("viena"))
	must(t, err)
	if p.GetPublished() {
		t.Error("another usage after the end left it public")
	}
	set(t, s, licensed(end.Add(time.Hour)), end, "license")
	if !public(end) {
		t.Error("the longer license did not bring it back")
	}
	storetest.Use(t, s, end, news, false)
	storetest.Use(t, s, end, news+"-kita", false)
	if public(end) {
		t.Error("it is public although no article uses it")
	}
	if p := createWith(t, s, "antra", licensed(start())); p.GetPublished() {
		t.Error("a photo is public although its license had ended at the upload")
	}
}

// createWith stores a photo that an article waits for.
func createWith(t *testing.T, s *store.Store, id string, content *mediav1.Photo) *mediav1.Photo {
	t.Helper()
	storetest.Use(t, s, start(), news, true, name(id))
	p, err := photo.New(name(id), content, photo.Facts{SHA256: "bb"}, "ona", start())
	must(t, err)
	stored, err := s.Create(t.Context(), p, replay.Request{}, start())
	must(t, err)
	return stored
}

func TestExpire(t *testing.T) {
	s, _ := open(t)
	end := start().Add(time.Hour)
	createWith(t, s, "viena", licensed(end))
	rows, err := s.Due(t.Context(), store.Due{}, 10)
	must(t, err)
	want := []store.Due{{Name: name("viena"), Time: end}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Fatalf("due (-want +got):\n%s", diff)
	}
	before, err := s.Now(t.Context())
	must(t, err)
	for _, test := range []struct {
		at   time.Time
		want bool
	}{{end.Add(-time.Microsecond), false}, {end, true}, {end, false}} { // the last is the other replica
		got, err := s.Expire(t.Context(), rows[0], test.at)
		must(t, err)
		if got != test.want {
			t.Errorf("Expire at %s = %v", test.at, got)
		}
	}
	if diff := cmp.Diff([]string{"expired"}, told(t, s, before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
	p, err := s.Get(t.Context(), name("viena"))
	must(t, err)
	if p.GetPublished() || count(t, s, store.Query{Site: site, Published: true, Limit: 10}) != 0 {
		t.Error("the photo is still public")
	}
	articles, err := s.Affected(t.Context(), name("viena"))
	must(t, err)
	if diff := cmp.Diff([]string{news}, articles); diff != "" {
		t.Errorf("affected (-want +got):\n%s", diff)
	}
	if rows, err = s.Due(t.Context(), store.Due{}, 10); err != nil || len(rows) != 0 {
		t.Errorf("rows are left: %v, %v", rows, err)
	}
}

// TestDueFollowsEdits holds that there is one row for a photo whose rights will
// end, at the right time, and that an editor who ends them is told of as time
// is.
func TestDueFollowsEdits(t *testing.T) {
	s, _ := open(t)
	create(t, s, "viena", "aa")
	consent := func(until time.Time) *mediav1.Photo {
		return &mediav1.Photo{PeopleShown: &mediav1.PeopleShown{Consent: &mediav1.Consent{ExpireTime: timestamppb.New(until)}}}
	}
	day := func(n int) time.Time { return start().AddDate(0, 0, n) }
	before, err := s.Now(t.Context())
	must(t, err)
	for _, test := range []struct {
		name    string
		content *mediav1.Photo
		field   string
		want    int // the day in the row, 0 for no row
	}{
		{"a license", licensed(day(9)), "license", 9},
		{"the same again", licensed(day(9)), "license", 9},
		{"an earlier consent", consent(day(5)), "people_shown", 5},
		{"a later license", licensed(day(20)), "license", 5},
		{"a consent that was taken back", consent(day(-1)), "people_shown", 0},
		{"no consent needed", &mediav1.Photo{}, "people_shown", 20},
		{"no end", &mediav1.Photo{}, "license", 0},
	} {
		set(t, s, test.content, start(), test.field)
		rows, err := s.Due(t.Context(), store.Due{}, 10)
		must(t, err)
		var want []store.Due
		if test.want > 0 {
			want = []store.Due{{Name: name("viena"), Time: day(test.want)}}
		}
		if diff := cmp.Diff(want, append([]store.Due(nil), rows...)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.name, diff)
		}
	}
	want := []string{"updated", "updated", "updated", "expired", "updated", "updated"}
	if diff := cmp.Diff(want, told(t, s, before)); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestRightsAreNotStored(t *testing.T) {
	s, _ := open(t)
	p := proto.CloneOf(create(t, s, "viena", "aa"))
	photo.Judge(p, start())
	p.Name, p.Uid = name("antra").String(), "u"
	stored, err := s.Create(t.Context(), p, replay.Request{}, start())
	must(t, err)
	if stored.GetRights() != nil {
		t.Errorf("the record holds %v, which is true only now", stored.GetRights())
	}
}
