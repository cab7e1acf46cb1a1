package store_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// changed makes a photo another one, but for its name and when it came.
func changed(random *rand.Rand, p *mediav1.Photo) {
	p.Tags = nil
	for i := range random.IntN(30) {
		p.Tags = append(p.Tags, fmt.Sprintf("žyma/%d", (i+random.IntN(3))%40))
	}
	slices.Sort(p.Tags)
	p.Tags = slices.Compact(p.GetTags())
	p.Usage = mediav1.Photo_Usage(random.IntN(4))
	p.Published = p.GetUsage() == mediav1.Photo_USAGE_PUBLISHED
	p.License = nil
	if random.IntN(2) == 0 {
		p.License = &mediav1.License{ExpireTime: timestamppb.New(start().AddDate(0, 0, random.IntN(10)-5))}
	}
}

// walk reads a list with pages of some size.
func walk(t *testing.T, s *store.Store, q store.Query) []string {
	t.Helper()
	var ids []string
	for {
		items, err := s.List(t.Context(), q)
		must(t, err)
		if len(items) == 0 {
			return ids
		}
		for _, item := range items {
			ids = append(ids, strings.TrimPrefix(item.Photo.GetName(), "sites/"+site+"/photos/"))
		}
		q.After = items[len(items)-1].Position
	}
}

// model is what a list must hold: the photos it is about, all of them once and
// in order.
func model(all map[string]*mediav1.Photo, q store.Query) []string {
	var ids []string
	term := func(p *mediav1.Photo) time.Time {
		if q.Order == store.ByExpiry {
			return p.GetLicense().GetExpireTime().AsTime()
		}
		return p.GetCreateTime().AsTime()
	}
	for id, p := range all {
		switch {
		case q.Order == store.ByExpiry && p.GetLicense() == nil,
			q.SHA256 != "" && p.GetSha256() != q.SHA256,
			q.Tag != "" && !slices.Contains(p.GetTags(), q.Tag),
			q.Unused && p.GetUsage() != 0,
			q.Published && !p.GetPublished(),
			!q.From.IsZero() && term(p).Before(q.From),
			!q.Until.IsZero() && !term(p).Before(q.Until):
		default:
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		byTime := term(all[a]).Compare(term(all[b]))
		if q.Order == store.NewestFirst {
			byTime = -byTime
		}
		if byTime == 0 && q.Order == store.OldestFirst {
			return strings.Compare(b, a)
		}
		if byTime == 0 {
			return strings.Compare(a, b)
		}
		return byTime
	})
	return ids
}

// Every way to list photos holds what it is about after any number of changes.
func TestListsAgreeWithRecords(t *testing.T) {
	s, _ := open(t)
	random := rand.New(rand.NewPCG(4, 2))
	all := make(map[string]*mediav1.Photo)
	for i := range 60 {
		id := fmt.Sprintf("nuotrauka-%02d", i)
		p, err := photo.New(name(id), &mediav1.Photo{}, photo.Facts{SHA256: fmt.Sprint("aa", i%20)}, "ona", start().Add(time.Duration(i/2)*time.Minute))
		must(t, err)
		changed(random, p)
		must(t, s.Save(t.Context(), name(id), p))
		all[id] = p
	}
	for range 200 {
		id := fmt.Sprintf("nuotrauka-%02d", random.IntN(60))
		if p := all[id]; p != nil {
			changed(random, p)
			must(t, s.Save(t.Context(), name(id), p))
		}
		if len(all) > 50 && random.IntN(10) == 0 && all[id] != nil {
			must(t, s.Drop(t.Context(), name(id)))
			delete(all, id)
		}
	}
	for _, q := range []store.Query{
		{},
		{Order: store.OldestFirst},
		{Order: store.ByExpiry},
		{Order: store.ByExpiry, From: start().AddDate(0, 0, -2), Until: start().AddDate(0, 0, 2)},
		{SHA256: "aa7"},
		{Unused: true},
		{Unused: true, Order: store.OldestFirst},
		{Published: true},
		{From: start().Add(5 * time.Minute), Until: start().Add(9 * time.Minute)},
		{From: start().Add(5 * time.Minute), Until: start().Add(9 * time.Minute), Order: store.OldestFirst},
	} {
		for _, q.Limit = range []int{1, 7, 100} {
			q.Site = site
			if diff := cmp.Diff(model(all, q), walk(t, s, q)); diff != "" {
				t.Errorf("%+v: %s", q, diff)
			}
		}
	}
	for _, order := range []store.Order{store.NewestFirst, store.OldestFirst} {
		q := store.Query{Site: site, Tag: "žyma/3", Limit: 3, Order: order}
		q.Order = order
		got := slices.DeleteFunc(walk(t, s, q), func(id string) bool { return !slices.Contains(all[id].GetTags(), q.Tag) })
		if diff := cmp.Diff(model(all, q), got); diff != "" {
			t.Errorf("by tag: %s", diff)
		}
	}
	for id := range all {
		must(t, s.Drop(t.Context(), name(id)))
	}
	if n, err := s.Rows(t.Context()); n != 0 || err != nil {
		t.Errorf("%d rows are left of photos that are gone, %v", n, err)
	}
}

// All tags may be exchanged at once.
func TestTagsFitIntoATransaction(t *testing.T) {
	s, _ := open(t)
	p := create(t, s, "viena", "aa")
	for round := range 3 {
		p.Tags = nil
		for i := range 50 {
			p.Tags = append(p.Tags, strings.Repeat("ž", 95)+fmt.Sprint(100*round+i))
		}
		p.License = &mediav1.License{ExpireTime: timestamppb.New(start().AddDate(0, 0, round))}
		p.Published = !p.GetPublished()
		p.Usage = mediav1.Photo_Usage(round)
		must(t, s.Save(t.Context(), name("viena"), p))
		for _, tag := range []string{p.GetTags()[0], p.GetTags()[49]} {
			if got := walk(t, s, store.Query{Site: site, Tag: tag, Limit: 5}); len(got) != 1 {
				t.Errorf("found %v", got)
			}
		}
	}
}

func TestDuplicates(t *testing.T) {
	s, _ := open(t)
	create(t, s, "viena", "aa")
	create(t, s, "antra", "bb")
	create(t, s, "trecia", "aa")
	items, err := s.List(t.Context(), store.Query{Site: site, Limit: 10, Duplicates: true})
	must(t, err)
	got := make(map[string]bool)
	for _, item := range items {
		got[item.Photo.GetSha256()] = item.Duplicate
	}
	if diff := cmp.Diff(map[string]bool{"aa": true, "bb": false}, got); diff != "" {
		t.Error(diff)
	}
}
