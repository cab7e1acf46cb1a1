package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

const library = "biblioteka"

var today = stats.DayOf(noon, time.UTC)

// atom names the clicks of one kind on one day.
type atom struct {
	site, link string
	day        stats.Day
	cell       stats.Cell
}

// ledger is a model of what was counted.
type ledger map[atom]int64

func (l ledger) take(b store.Clicks) {
	for _, c := range b.Clicks {
		l[atom{c.Site, c.Link, c.Day, c.Cell}] += c.N
	}
}

// counts is what should be told of one period of a site.
func (l ledger) counts(site string, p stats.Period) map[string]stats.Count {
	told := make(map[string]stats.Count)
	for a, n := range l {
		if a.site == site && p.Contains(a.day) {
			key := fmt.Sprint(a.link, " ", a.cell)
			told[key] = told[key].Plus(stats.Atom(n))
		}
	}
	return told
}

// reader collects counts of one step.
type reader struct{ counts map[string]stats.Count }

func (r *reader) Begin() { r.counts = make(map[string]stats.Count) }

func (r *reader) EndStep(stats.Step) {}

func (r *reader) Add(_, link string, cell stats.Cell, c stats.Count) error {
	key := fmt.Sprint(link, " ", cell)
	if sum := r.counts[key].Plus(c); sum != (stats.Count{}) {
		r.counts[key] = sum
	} else {
		delete(r.counts, key)
	}
	return nil
}

func read(tb testing.TB, s *store.Store, q store.CountQuery) map[string]stats.Count {
	tb.Helper()
	q.Site = cmp.Or(q.Site, library)
	r := &reader{}
	must(tb, s.Counts(tb.Context(), q, r))
	return r.counts
}

func planOf(p stats.Period) stats.Plan {
	return stats.Plan{Steps: []stats.Step{{Period: p, Stored: []stats.Period{p}}}}
}

// randomBatch returns clicks on a few links of two sites and some days.
func randomBatch(random *rand.Rand, n int) store.Clicks {
	b := store.Clicks{Request: fmt.Sprintf("%016x", random.Uint64()), Digest: []byte("digest"), Time: noon}
	for range 1 + random.IntN(n) {
		cell := stats.NewCell(random.Int32N(3), random.Int32N(2), random.Int32N(2), max(0, random.Int32N(4)-1))
		b.Clicks = append(b.Clicks, store.Click{
			Site: []string{library, "kita"}[random.IntN(2)],
			Link: fmt.Sprintf("link%d", random.IntN(40)), Day: today - stats.Day(random.Int32N(3)*20), Cell: cell, N: 1 + random.Int64N(3),
		})
	}
	return b
}

// wantCounts compares everything that is told with the model.
func wantCounts(t *testing.T, s *store.Store, model ledger) {
	t.Helper()
	for _, site := range []string{library, "kita"} {
		periods := []stats.Period{today.In(stats.UnitMonth), today.In(stats.UnitYear), (today - 40).In(stats.UnitMonth)}
		for d := today - 40; d <= today; d += 20 {
			periods = append(periods, d.In(stats.UnitDay))
		}
		for _, p := range periods {
			want := model.counts(site, p)
			got := read(t, s, store.CountQuery{Site: site, Plan: planOf(p), ByLink: true})
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Fatalf("%s in %v (-want +got):\n%s", site, p, diff)
			}
			if len(want) == 0 {
				continue
			}
			wantLinks(t, s, site, p, want)
		}
	}
}

// wantLinks asks for some links only.
func wantLinks(t *testing.T, s *store.Store, site string, p stats.Period, all map[string]stats.Count) {
	t.Helper()
	want := maps.Clone(all)
	maps.DeleteFunc(want, func(key string, _ stats.Count) bool {
		var link string
		var cell int
		_, err := fmt.Sscan(key, &link, &cell)
		return err != nil || link != "link3" && link != "link7"
	})
	got := read(t, s, store.CountQuery{Site: site, Plan: planOf(p), Links: []string{"link3", "link7"}})
	if diff := gocmp.Diff(want, got); diff != "" {
		t.Fatalf("two links of %s in %v (-want +got):\n%s", site, p, diff)
	}
}

// TestCount counts batches, some of them twice, and folds now and then: at no
// moment is anything told but the sum of what was counted.
func TestCount(t *testing.T) {
	s, _ := open(t)
	random := rand.New(rand.NewPCG(1, 2))
	model := make(ledger)
	for round := range 60 {
		b := randomBatch(random, 80)
		must(t, s.Count(t.Context(), b))
		model.take(b)
		if random.IntN(3) == 0 {
			must(t, s.Count(t.Context(), b))
		}
		if random.IntN(4) == 0 {
			if did, err := s.Fold(t.Context()); err != nil || !did {
				t.Fatalf("Fold() = %v, %v", did, err)
			}
			must(t, s.Count(t.Context(), b)) // the retry comes after the fold
		}
		if round%10 == 9 {
			wantCounts(t, s, model)
		}
	}
	for did := true; did; {
		var err error
		did, err = s.Fold(t.Context())
		must(t, err)
	}
	wantCounts(t, s, model)
	wantEver(t, s, model)
	wantSite(t, s, model)
}

func wantEver(t *testing.T, s *store.Store, model ledger) {
	t.Helper()
	links := []string{"link1", "link2", "link3", "nobody"}
	want := make([]stats.Pair, len(links))
	for a, n := range model {
		if at := slices.Index(links, a.link); at >= 0 && a.site == library {
			want[at].Add(a.cell, stats.Atom(n))
		}
	}
	got, err := s.EverCounts(t.Context(), library, links)
	if diff := gocmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("EverCounts() = %v (-want +got):\n%s", err, diff)
	}
}

// wantSite compares the counts of all links together.
func wantSite(t *testing.T, s *store.Store, model ledger) {
	t.Helper()
	p := today.In(stats.UnitYear)
	want := make(map[string]stats.Count)
	for a, n := range model {
		if a.site == library && p.Contains(a.day) {
			key := fmt.Sprint(" ", a.cell)
			want[key] = want[key].Plus(stats.Atom(n))
		}
	}
	if diff := gocmp.Diff(want, read(t, s, store.CountQuery{Plan: planOf(p)})); diff != "" {
		t.Errorf("the whole site (-want +got):\n%s", diff)
	}
}

func TestCountRequestReused(t *testing.T) {
	s, _ := open(t)
	b := randomBatch(rand.New(rand.NewPCG(3, 4)), 5)
	must(t, s.Count(t.Context(), b))
	b.Digest = []byte("another")
	if err := s.Count(t.Context(), b); !fault.Has(err, faultv1.Reason_REASON_REQUEST_ID_REUSED) {
		t.Errorf("Count() of other clicks under the same id = %v", err)
	}
}

// TestCountsForgotten removes days that are kept as months.
func TestCountsForgotten(t *testing.T) {
	s, _ := open(t)
	old := today.AddMonths(-stats.KeepMonths) - 1
	b := store.Clicks{Request: "r", Digest: []byte("d"), Time: noon.Add(-30 * time.Hour)}
	for i := range 200 {
		for _, day := range []stats.Day{old, old + 1, today} {
			b.Clicks = append(b.Clicks, store.Click{Site: library, Link: fmt.Sprint("link", i), Day: day, N: 6})
		}
	}
	must(t, s.Count(t.Context(), b))
	_, err := s.Fold(t.Context())
	must(t, err)
	for n := 1; n > 0; {
		n, err = s.ForgetCounts(t.Context(), noon)
		must(t, err)
	}
	for _, test := range []struct {
		period stats.Period
		want   int64
	}{{old.In(stats.UnitDay), 0}, {(old + 1).In(stats.UnitDay), 1200}, {today.In(stats.UnitDay), 1200}, {old.In(stats.UnitMonth), 1200}} {
		var got int64
		for _, c := range read(t, s, store.CountQuery{Plan: planOf(test.period), ByLink: true}) {
			got += c.All()
		}
		if got != test.want {
			t.Errorf("%v has %d clicks, want %d", test.period, got, test.want)
		}
	}
	if err := s.Count(t.Context(), store.Clicks{Request: "r", Digest: []byte("e"), Time: b.Time}); err != nil {
		t.Errorf("the batch is still remembered: %v", err)
	}
}

// TestCountsBounded opens one link in every way there is: what is kept stays
// small, and no click is lost.
func TestCountsBounded(t *testing.T) {
	s, _ := open(t)
	random := rand.New(rand.NewPCG(9, 10))
	var sum int64
	for range 20 {
		b := store.Clicks{Request: fmt.Sprint(random.Uint64()), Digest: []byte("d"), Time: noon}
		for range 5000 {
			n := 1 + random.Int64N(6)
			sum += n
			b.Clicks = append(b.Clicks, store.Click{
				Site: library, Link: "link1", Day: today, N: n,
				Cell: stats.NewCell(random.Int32N(256), random.Int32N(16), random.Int32N(16), 0),
			})
		}
		must(t, s.Count(t.Context(), b))
		_, err := s.Fold(t.Context())
		must(t, err)
	}
	for _, unit := range []stats.Unit{stats.UnitDay, stats.UnitMonth, stats.UnitYear} {
		var got int64
		cells := read(t, s, store.CountQuery{Plan: planOf(today.In(unit)), ByLink: true})
		for key, c := range cells {
			if c.Big < 0 || c.Small < 0 {
				t.Errorf("%s: %v", key, c)
			}
			got += c.All()
		}
		if got != sum || len(cells) > 13_000 {
			t.Errorf("%d clicks in %d cells, want %d", got, len(cells), sum)
		}
	}
}
