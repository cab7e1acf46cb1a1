package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// planned makes a schedule that publishes a revision of an article.
func planned(t *testing.T, s *store.Store, id, name string, revision int64, at time.Time) article.ScheduleWrite {
	t.Helper()
	w := article.ScheduleWrite{Name: article.ScheduleName{Article: named(id), ID: name}, After: &recordv1.Schedule{
		Schedule: &articlev1.Schedule{
			Uid: article.NewUID(), Action: articlev1.Schedule_ACTION_PUBLISH, Revision: revision,
			State: schedule.Pending, FireTime: timestamppb.New(at),
		},
	}}
	if err := s.PutSchedule(t.Context(), article.Write{Principal: "ona", Method: "CreateSchedule", Time: noon}, w); err != nil {
		t.Fatal(err)
	}
	return article.ScheduleWrite{Name: w.Name, Before: w.After}
}

// scheduleRows returns the keys of schedules there are, by their first word.
func scheduleRows(t *testing.T, db kv.Store) map[string]int {
	t.Helper()
	found := make(map[string]int)
	err := db.View(t.Context(), func(r kv.Reader) error {
		for _, base := range []string{"schedule/", "agenda/", "due/", "pin/"} {
			for _, err := range r.Scan(kv.Prefix([]byte(base))) {
				if err != nil {
					return err
				}
				found[base]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestScheduleRows keeps the rows of a schedule true to its record, through
// everything that happens to it.
func TestScheduleRows(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	at := noon.Add(time.Hour)
	w := planned(t, s, "pirma", "rytas", 1, at)
	waits := map[string]int{"schedule/": 1, "agenda/": 1, "due/": 1, "pin/": 1}
	over := map[string]int{"schedule/": 1, "agenda/": 1}
	put := func(after *recordv1.Schedule, want map[string]int) {
		t.Helper()
		w.After = after
		if err := s.PutSchedule(t.Context(), article.Write{}, w); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, scheduleRows(t, db)); diff != "" {
			t.Error(diff)
		}
		w.Before = after
	}
	if diff := cmp.Diff(waits, scheduleRows(t, db)); diff != "" {
		t.Error(diff)
	}
	put(schedule.Obstruct(w.Before, errors.New("away"), 0, at), waits)
	put(schedule.Move(w.Before, at.Add(time.Hour), at), waits)
	if items, next, err := s.Due(t.Context(), at, nil, 9); err != nil || len(items) != 0 || !next.Equal(at.Add(time.Hour)) {
		t.Errorf("got %v, %s, %v", items, next, err)
	}
	stale := w
	put(schedule.Fail(w.Before, errors.New("gone"), at), over)
	stale.After = schedule.Finish(stale.Before, at)
	if err := s.PutSchedule(t.Context(), article.Write{}, stale); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a second write of one state: got %v", err)
	}
	put(nil, map[string]int{})
	if _, err := s.Schedule(t.Context(), w.Name); err == nil {
		t.Error("it is still there")
	}
}

// TestScheduledCommit writes a schedule together with what it does, or neither.
func TestScheduledCommit(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	w := planned(t, s, "pirma", "rytas", 1, noon)
	w.After = schedule.Finish(w.Before, noon)
	change := func() article.Change {
		c := publish(t, s, "pirma", noon)
		c.Schedule, c.ScheduledBy, c.Note = &w, w.Name.String(), "šventė"
		return c
	}
	first, second := change(), change()
	other := proto.CloneOf(w.Before)
	other.Version = 7
	wrong := w
	wrong.Before = other
	first.Schedule = &wrong
	if err := s.Commit(t.Context(), first); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a schedule that changed: got %v", err)
	}
	if _, err := s.Projection(t.Context(), named("pirma")); err == nil {
		t.Error("the article was published all the same")
	}
	commit(t, s, second)
	if got, err := s.Schedule(t.Context(), w.Name); err != nil || got.GetSchedule().GetState() != schedule.Done {
		t.Errorf("got %v, %v", got, err)
	}
	third := change()
	if err := s.Commit(t.Context(), third); !errors.Is(err, article.ErrOvertaken) {
		t.Errorf("a second time: got %v", err)
	}
	var events []string
	err := db.View(t.Context(), func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Prefix([]byte("audit/biblioteka/"))) {
			event := &recordv1.Event{}
			if err := errors.Join(err, proto.Unmarshal(e.Value, event)); err != nil {
				return err
			}
			if event.GetSchedule() != "" {
				events = append(events, event.GetPrincipal()+" "+event.GetMethod()+" "+event.GetNote()+" "+event.GetSchedule())
			}
		}
		return nil
	})
	if diff := cmp.Diff([]string{"ona PublishArticle šventė " + w.Name.String()}, events); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestSchedulesRace lets many make schedules of one article at once: the limit
// holds.
func TestSchedulesRace(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	failures := make(chan error, 2*article.MaxPending)
	for i := range cap(failures) {
		go func() {
			failures <- s.PutSchedule(context.WithoutCancel(t.Context()), article.Write{Principal: "ona", Method: "CreateSchedule", Time: noon}, article.ScheduleWrite{
				Name: article.ScheduleName{Article: named("pirma"), ID: fmt.Sprintf("nr-%d", i)},
				After: &recordv1.Schedule{Schedule: &articlev1.Schedule{
					State: schedule.Pending, Revision: 1, FireTime: timestamppb.New(noon),
				}},
			})
		}()
	}
	refused := 0
	for range cap(failures) {
		if err := <-failures; err != nil {
			testkit.WantReason(t, err, faultv1.Reason_REASON_WRONG_STATE)
			refused++
		}
	}
	if refused != article.MaxPending || scheduleRows(t, db)["pin/"] != article.MaxPending {
		t.Errorf("%d were refused, %v are there", refused, scheduleRows(t, db))
	}
}

// TestScheduledRevisionStays thins out an edit session but for the revision that
// a schedule is to publish, as long as it waits.
func TestScheduledRevisionStays(t *testing.T) {
	s, _ := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	for i := range 6 { // 2 to 7
		save(t, s, "pirma", "rytas", noon.Add(time.Duration(i)*time.Minute))
	}
	planned(t, s, "pirma", "sventei", 4, noon.AddDate(1, 0, 0))
	called := planned(t, s, "pirma", "atsauktas", 5, noon.AddDate(1, 0, 0))
	if err := s.PutSchedule(t.Context(), article.Write{}, called); err != nil {
		t.Fatal(err)
	}
	sweepAt(t, s, noon.Add(time.Hour).Add(store.ThinAfter))
	if diff := cmp.Diff(upTo(7, 2, 3, 5, 6), numbers(t, s, "pirma")); diff != "" {
		t.Error(diff)
	}
	err := s.PutSchedule(t.Context(), article.Write{}, article.ScheduleWrite{
		Name:  article.ScheduleName{Article: named("pirma"), ID: "per-velai"},
		After: &recordv1.Schedule{Schedule: &articlev1.Schedule{State: schedule.Pending, Revision: 5, FireTime: timestamppb.New(noon)}},
	})
	testkit.WantReason(t, err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// TestPurgeSchedules removes many of them with their article, and no other's.
func TestPurgeSchedules(t *testing.T) {
	s, db := open(t)
	for _, id := range []string{"pirma", "pirma-2"} {
		commit(t, s, draft(id, id, noon))
		for i := range 60 {
			w := planned(t, s, id, fmt.Sprintf("nr-%d", i), 1, noon.Add(time.Duration(i)*time.Minute))
			if i%6 == 0 {
				continue
			}
			w.After = schedule.Finish(w.Before, noon)
			if err := s.PutSchedule(t.Context(), article.Write{}, w); err != nil {
				t.Fatal(err)
			}
		}
	}
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	gone := proto.CloneOf(l.State)
	if err := article.Delete(gone, noon); err != nil {
		t.Fatal(err)
	}
	commit(t, s, article.Change{Name: l.Name, Before: l.State, After: gone})
	if swept := sweepAt(t, s, noon.Add(article.Keep)); swept.Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	if diff := cmp.Diff(map[string]int{"schedule/": 60, "agenda/": 60, "due/": 10, "pin/": 10}, scheduleRows(t, db)); diff != "" {
		t.Error(diff)
	}
}

// TestDamagedSchedule tells of a record that cannot be read and reads the
// others.
func TestDamagedSchedule(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("pirma", "pirma", noon))
	for i := range 3 {
		planned(t, s, "pirma", fmt.Sprintf("nr-%d", i), 1, noon)
	}
	if _, err := db.Update(t.Context(), func(tx kv.Tx) error {
		return tx.Put([]byte("schedule/biblioteka/pirma/nr-1"), []byte("\xff damaged"))
	}); err != nil {
		t.Fatal(err)
	}
	items, _, err := s.Due(t.Context(), noon, nil, 9)
	if err != nil || len(items) != 3 {
		t.Fatalf("got %v, %v", items, err)
	}
	for i, item := range items {
		if (item.Err != nil) != (i == 1) || (item.Record == nil) != (i == 1) {
			t.Errorf("%s: got %v, %v", item.Name, item.Record, item.Err)
		}
	}
	testkit.WantReason(t, items[1].Err, faultv1.Reason_REASON_STORE_DAMAGED)
	// The same in pages of one.
	var after []byte
	for range 3 {
		page, _, err := s.Due(t.Context(), noon, after, 1)
		if err != nil || len(page) != 1 {
			t.Fatalf("got %v, %v", page, err)
		}
		after = page[0].Position
	}
	if rest, _, err := s.Due(t.Context(), noon, after, 1); err != nil || len(rest) != 0 {
		t.Errorf("got %v, %v", rest, err)
	}
}

// TestSchedulesOfAll merges those of sites whose names begin alike.
func TestSchedulesOfAll(t *testing.T) {
	s, _ := open(t)
	var want []string
	for i, site := range []string{"biblioteka-2", "biblioteka2", "bib", "zzz", "biblioteka"} {
		if site != "biblioteka" {
			record := &recordv1.Site{Site: &articlev1.Site{Name: "sites/" + site, Uid: site}}
			if err := s.PutSite(t.Context(), article.Write{Time: noon}, nil, record); err != nil {
				t.Fatal(err)
			}
		}
		n := article.Name{Site: site, ID: "pirma"}
		c := draft("pirma", "pirma", noon)
		c.Name, c.After.Name = n, n.String()
		commit(t, s, c)
		for j := range 6 {
			at := noon.Add(time.Duration((i+j)%3) * time.Minute)
			name := article.ScheduleName{Article: n, ID: fmt.Sprintf("nr-%d", j)}
			want = append(want, at.Format("15:04 ")+name.String())
			if err := s.PutSchedule(t.Context(), article.Write{}, article.ScheduleWrite{Name: name, After: &recordv1.Schedule{
				Schedule: &articlev1.Schedule{State: schedule.Pending, FireTime: timestamppb.New(at)},
			}}); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, size := range []int{1, 2, 7, 100} {
		var got []string
		var last []byte
		for {
			items, err := s.Schedules(t.Context(), article.Name{Site: "-", ID: "-"}, last, size)
			if err != nil {
				t.Fatal(err)
			}
			if len(items) == 0 {
				break
			}
			for _, item := range items {
				if bytes.Compare(item.Position, last) <= 0 {
					t.Fatalf("%s stands before the one it follows", item.Name)
				}
				last = item.Position
				got = append(got, item.Record.GetSchedule().GetFireTime().AsTime().Format("15:04 ")+item.Name.String())
			}
		}
		if len(got) != len(want) || !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
			t.Errorf("by %d: got %d of %d: %v", size, len(got), len(want), got)
		}
	}
}
