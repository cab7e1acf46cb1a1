package article_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// sweep does what is due at a time.
func (s *suite) sweep(at time.Time) {
	s.t.Helper()
	s.parts.Scheduler.Sweep(s.t.Context(), at)
}

// title is what readers see of an article; empty for nothing.
func (s *suite) title(a *articlev1.Article) string {
	s.t.Helper()
	got, err := s.anonymous.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	if err != nil {
		return ""
	}
	return got.GetTitle()
}

// TestScheduledPublish shows the revision that was pinned, although there is
// newer work in hand, and takes it away again. Watchers are told as if a person
// had done it, and open editors go on.
func TestScheduledPublish(t *testing.T) {
	s := newSuite(t)
	a := s.create("Suplanuota")
	at := soon()
	publish := s.schedule(a, at)
	unpublish := s.scheduleAs(a, &articlev1.Schedule{Action: toUnpublish, FireTime: timestamppb.New(at.Add(time.Hour))})
	newer, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Naujesnė", Slug: "kita"})
	must(t, newer, err)
	readers := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	readers.want("END")
	desk := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	desk.want("SNAPSHOT Naujesnė", "END")

	s.sweep(at.Add(-time.Microsecond))
	s.wantSchedule(publish, pending, "")
	if got := s.title(a); got != "" {
		t.Errorf("before its time readers see %q", got)
	}
	s.sweep(at)
	one := s.wantSchedule(publish, done, "")
	if one.GetAttemptCount() != 1 || !one.GetDoneTime().AsTime().Equal(at) || one.GetLate() || one.GetLateness().AsDuration() != 0 {
		t.Errorf("got %v", one)
	}
	readers.want("PUBLISHED Suplanuota")
	desk.want("PUBLISHED Naujesnė")
	if got := s.resolvePath("/suplanuota"); got != "found" || s.title(a) != "Suplanuota" {
		t.Errorf("the address answers %s, readers see %q", got, s.title(a))
	}
	seen := s.now(a)
	if seen.GetPublishedRevision() != 1 || seen.GetRevision() != 2 || seen.GetEtag() != newer.GetEtag() || !seen.GetPublishTime().AsTime().Equal(at) {
		t.Errorf("got %v", seen)
	}
	// What was open before is saved after.
	if _, err := s.save(newer.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Dar naujesnė"}); err != nil {
		t.Error(err)
	}
	desk.want("UPDATED Dar naujesnė")

	s.sweep(at.Add(3 * time.Hour))
	one = s.wantSchedule(unpublish, done, "")
	if !one.GetLate() || one.GetLateness().AsDuration() != 2*time.Hour {
		t.Errorf("got %v", one)
	}
	readers.want("UNPUBLISHED -")
	if got := s.now(a); got.GetState() != articlev1.Article_STATE_UNPUBLISHED || s.title(a) != "" {
		t.Errorf("got %v", got)
	}
	// Whatever the clock does then, nothing is done twice.
	for _, then := range []time.Time{at, at.Add(-time.Hour), at.AddDate(1, 0, 0)} {
		s.sweep(then)
	}
	if s.again(publish).GetAttemptCount() != 1 || s.again(unpublish).GetAttemptCount() != 1 {
		t.Error("something was tried twice")
	}
}

// TestScheduledTooLate finds at its time that somebody was faster, or that the
// article is gone.
func TestScheduledTooLate(t *testing.T) {
	s := newSuite(t)
	at := soon()
	draft := func(title string) (*articlev1.Article, *articlev1.Schedule) {
		a := s.create(title)
		return a, s.schedule(a, at)
	}
	same, sameOne := draft("Ta pati")
	s.publish(same)
	newer, newerOne := draft("Sena")
	saved, err := s.save(newer.GetEtag(), &articlev1.Article{Name: newer.GetName(), Title: "Nauja"})
	s.publish(must(t, saved, err))
	taken, takenOne := draft("Atsiimta")
	s.publish(taken)
	if _, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: taken.GetName(), Etag: taken.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	gone, goneOne := draft("Ištrinta")
	back, backOne := draft("Grąžinta")
	for _, a := range []*articlev1.Article{gone, back} {
		if _, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()}); err != nil {
			t.Fatal(err)
		}
	}
	s.sweep(at.Add(-time.Minute)) // what is deleted only waits
	s.wantSchedule(goneOne, pending, "")
	if _, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: back.GetName(), Etag: back.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	away := s.scheduleAs(same, &articlev1.Schedule{Action: toUnpublish, FireTime: timestamppb.New(at.Add(time.Hour))})
	never := s.scheduleAs(back, &articlev1.Schedule{Action: toUnpublish, FireTime: timestamppb.New(at.Add(-time.Second))})
	desk := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	for desk.next() != "END" {
	}

	s.sweep(at)
	s.wantSchedule(sameOne, superseded, "")
	s.wantSchedule(newerOne, superseded, "")
	s.wantSchedule(takenOne, done, "")
	s.wantSchedule(goneOne, failed, "WRONG_STATE")
	s.wantSchedule(backOne, done, "")
	s.wantSchedule(never, superseded, "")
	if s.title(newer) != "Nauja" || s.title(gone) != "" || s.title(back) != "Grąžinta" {
		t.Errorf("readers see %q, %q and %q", s.title(newer), s.title(gone), s.title(back))
	}
	told := map[string]int{}
	for range 6 {
		told[desk.next()]++
	}
	if told["UPDATED Ištrinta"] != 1 || told["PUBLISHED Grąžinta"] != 1 || told["PUBLISHED Atsiimta"] != 1 {
		t.Errorf("the desk was told %v", told)
	}
	list, err := s.editor.ListSchedules(t.Context(), &articlev1.ListSchedulesRequest{Parent: "sites/biblioteka/articles/-", Filter: "state = FAILED"})
	if must(t, list, err); len(list.GetSchedules()) != 1 || list.GetSchedules()[0].GetName() != goneOne.GetName() {
		t.Errorf("got %v", list)
	}
	// A restored article stays as it is: what failed is over.
	if _, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: gone.GetName(), Etag: gone.GetEtag()}); err != nil {
		t.Fatal(err)
	}
	s.sweep(at.Add(time.Hour))
	s.wantSchedule(goneOne, failed, "WRONG_STATE")
	s.wantSchedule(away, done, "")
}

// TestHeld changes a photo after its article was scheduled, so that the check
// stops it at its time.
func TestHeld(t *testing.T) {
	s := newSuite(t)
	at := soon()
	name := s.media.put("langas")
	with := func(title string) (*articlev1.Article, *articlev1.Schedule) {
		a := s.create(title, func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
		return a, s.schedule(a, at)
	}
	a, one := with("Laukia")
	b, other := with("Keičiama")
	public := s.create("Vieša", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
	s.publish(public)
	shown := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	shown.want("SNAPSHOT Vieša", "END")
	s.media.put("langas", func(p *photo) { p.Alts = nil })
	shown.want("UPDATED Vieša")

	s.sweep(at.Add(time.Second))
	first := s.wantSchedule(one, held, "CHECK_FAILED")
	if len(first.GetFindings()) != 1 || first.GetFindings()[0].GetBlockId() != "f" || first.GetNextAttemptTime() == nil {
		t.Errorf("got %v", first)
	}
	if s.title(a) != "" {
		t.Error("what the check holds back was published")
	}
	// It is not lost, and not tried all the time.
	s.sweep(at.Add(2 * time.Minute))
	if got := s.again(one); got.GetAttemptCount() != 1 {
		t.Errorf("got %v", got)
	}
	// A save asks for another look, which finds the same.
	saved, err := s.save(b.GetEtag(), &articlev1.Article{Name: b.GetName(), Title: "Pakeista"})
	must(t, saved, err)
	s.sweep(at.Add(3 * time.Minute))
	if got := s.wantSchedule(other, held, "CHECK_FAILED"); got.GetAttemptCount() != 2 || s.again(one).GetAttemptCount() != 1 {
		t.Errorf("got %v", got)
	}
	// So does a photo that was mended.
	s.media.put("langas", func(p *photo) { p.Credit = "Kita" })
	shown.want("UPDATED Vieša") // it was heard
	s.sweep(at.Add(4 * time.Minute))
	for a, title := range map[*articlev1.Schedule]string{one: "Laukia", other: "Keičiama"} {
		got := s.wantSchedule(a, done, "")
		if !got.GetLate() || got.GetFindings() != nil || got.GetLateness().AsDuration() != 4*time.Minute {
			t.Errorf("%s: got %v", title, got)
		}
	}
	if s.title(a) != "Laukia" || s.title(b) != "Keičiama" {
		t.Errorf("readers see %q and %q", s.title(a), s.title(b))
	}
}

// TestHeldWithoutPhoto publishes once the photo is there again.
func TestHeldWithoutPhoto(t *testing.T) {
	s := newSuite(t)
	at := soon()
	name := s.media.put("langas")
	a := s.create("Be nuotraukos", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
	one := s.schedule(a, at)
	s.media.mu.Lock()
	delete(s.media.photos, name)
	s.media.mu.Unlock()
	s.sweep(at)
	s.wantSchedule(one, held, "PHOTO_UNKNOWN")
	s.media.put("langas")
	s.sweep(at.Add(10 * time.Minute))
	s.wantSchedule(one, done, "")
}

// TestScheduledWhileMediaIsAway waits for the media service, longer each time, while articles
// without photos go on.
func TestScheduledWhileMediaIsAway(t *testing.T) {
	s := newSuite(t)
	at := soon()
	name := s.media.put("langas")
	a := s.create("Su nuotrauka", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
	with, without := s.schedule(a, at), s.schedule(s.create("Be jos"), at)
	s.media.setAway(true)
	now := at
	for i := range 6 {
		s.sweep(now)
		got := s.wantSchedule(with, pending, "SERVICE_UNAVAILABLE")
		if got.GetAttemptCount() != int32(i+1) {
			t.Fatalf("got %v", got)
		}
		s.sweep(got.GetNextAttemptTime().AsTime().Add(-time.Microsecond))
		if early := s.again(with); early.GetAttemptCount() != int32(i+1) {
			t.Errorf("tried too early: %v", early)
		}
		now = got.GetNextAttemptTime().AsTime()
	}
	s.wantSchedule(without, done, "")
	late, err := s.editor.ListSchedules(t.Context(), &articlev1.ListSchedulesRequest{Parent: a.GetName(), Filter: "state = PENDING"})
	if must(t, late, err); len(late.GetSchedules()) != 1 {
		t.Errorf("got %v", late)
	}
	s.media.setAway(false)
	s.sweep(now)
	got := s.wantSchedule(with, done, "")
	if !got.GetLate() || got.GetLateness().AsDuration() != now.Sub(at) || s.title(a) != "Su nuotrauka" {
		t.Errorf("got %v", got)
	}
}
