package article_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// bar is a change of a photo that may no longer be shown.
func bar(problem mediav1.Rights_Problem) func(*photo) {
	return func(p *photo) { p.Rights = &mediav1.Rights{Problems: []mediav1.Rights_Problem{problem}} }
}

func allow(p *photo) { p.Rights = &mediav1.Rights{Cleared: true} }

// TestRightsStopPublishing holds that no article with a photo that may not be
// shown gets out: by hand, by schedule, or with a waiver.
func TestRightsStopPublishing(t *testing.T) {
	s := newSuite(t)
	name := s.media.put("vaikai")
	a := s.create("Vaikų skaitymai", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", name)} })
	at := soon()
	one := s.schedule(a, at)
	s.media.end(mediav1.WatchPhotosResponse_KIND_UPDATED, name, bar(mediav1.Rights_PROBLEM_GUARDIAN_CONSENT_MISSING))

	finding := s.check(a.GetName())["guardian-consent-missing"]
	if finding.GetBlockId() != "f" || finding.GetWaivable() || finding.GetMessages()["lt"] == "" {
		t.Fatalf("found %v", finding)
	}
	_, err := s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	refused(t, err, faultv1.Reason_REASON_CHECK_FAILED)
	_, err = s.editor.CreateSchedule(t.Context(), &articlev1.CreateScheduleRequest{
		Parent: a.GetName(), Schedule: &articlev1.Schedule{Action: toPublish, Revision: 1, FireTime: one.GetFireTime()},
	})
	refused(t, err, faultv1.Reason_REASON_CHECK_FAILED)
	_, err = s.editor.WaiveFinding(t.Context(), &articlev1.WaiveFindingRequest{
		Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: finding.GetFingerprint(), Reason: "Visi sutinka.",
	})
	refused(t, err, faultv1.Reason_REASON_WRONG_STATE)

	// The schedule was made while the photo was in order; it looks again.
	s.sweep(at)
	if got := s.wantSchedule(one, held, "CHECK_FAILED"); len(got.GetFindings()) != 1 {
		t.Errorf("held back by %v", got.GetFindings())
	}
	if s.title(a) != "" {
		t.Error("it was published all the same")
	}
	public := s.create("Kita", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", s.media.put("langas"))} })
	s.publish(public)
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("SNAPSHOT Kita", "END")
	s.media.end(mediav1.WatchPhotosResponse_KIND_UPDATED, name, allow)
	s.media.put("langas", func(p *photo) { p.Credit = "Kita" })
	w.want("UPDATED Kita") // so the photo before it was heard of, too
	s.sweep(at.Add(time.Minute))
	s.wantSchedule(one, done, "")
}

// TestRightsFollowThePhoto takes a photo from a published article by every kind
// of event, and gives it back.
func TestRightsFollowThePhoto(t *testing.T) {
	s := newSuite(t)
	name := s.media.put("vaikai")
	a := s.create("Vaikų skaitymai", func(a *articlev1.Article) {
		b := figure("f", name)
		b.GetFigure().GetPlacement().Caption = new("Jonukas su mama")
		a.Cover, a.Blocks = &articlev1.PhotoPlacement{Photo: name, Caption: new("Jonukas")}, []*articlev1.Block{b}
	})
	s.publish(a)
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	w.want("SNAPSHOT Vaikų skaitymai", "END")
	// seen is what readers get of the photo: captions, and how many pictures.
	seen := func() string {
		t.Helper()
		got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
		figure := must(t, got, err).GetBlocks()[0].GetFigure().GetPlacement()
		list, err := s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site})
		listed := must(t, list, err).GetArticles()[0].GetCover()
		return fmt.Sprintf("%s|%s|%d|%d|%d", figure.GetCaption(), listed.GetCaption(), len(figure.GetPlaced().GetRenditions()),
			len(got.GetCover().GetPlaced().GetRenditions()), len(listed.GetPlaced().GetRenditions()))
	}
	const all, nothing = "Jonukas su mama|Jonukas|1|1|1", "||0|0|0"
	if got := seen(); got != all {
		t.Fatalf("readers get %s", got)
	}
	kept := s.media.photos[name]
	for _, test := range []struct {
		kind   mediav1.WatchPhotosResponse_Kind
		change func(*photo)
	}{
		{mediav1.WatchPhotosResponse_KIND_EXPIRED, bar(mediav1.Rights_PROBLEM_CONSENT_EXPIRED)},
		{mediav1.WatchPhotosResponse_KIND_WITHDRAWN, bar(mediav1.Rights_PROBLEM_WITHDRAWN)},
		{mediav1.WatchPhotosResponse_KIND_DELETED, bar(mediav1.Rights_PROBLEM_DELETED)},
		{mediav1.WatchPhotosResponse_KIND_UPDATED, bar(mediav1.Rights_PROBLEM_CONSENT_MISSING)},
		{mediav1.WatchPhotosResponse_KIND_PURGED, nil},
		{mediav1.WatchPhotosResponse_Kind(99), bar(mediav1.Rights_PROBLEM_LICENSE_EXPIRED)}, // of a later version
	} {
		s.media.end(test.kind, name, test.change)
		w.want("UPDATED Vaikų skaitymai")
		if got := seen(); got != nothing {
			t.Errorf("after %s readers get %s", test.kind, got)
		}
		s.media.mu.Lock()
		s.media.photos[name] = kept
		s.media.mu.Unlock()
		s.media.end(mediav1.WatchPhotosResponse_KIND_UPDATED, name, allow)
		w.want("UPDATED Vaikų skaitymai")
		if got := seen(); got != all {
			t.Errorf("given back after %s readers get %s", test.kind, got)
		}
	}
}

// TestInheritedTexts changes a photo that five articles use: those that inherit
// what changed follow, and no other is told of.
func TestInheritedTexts(t *testing.T) {
	s := newSuite(t)
	const sleeps, wakes = "Katė miega ant palangės prie lango", "Katė pabudo ir žiūri pro langą į kiemą"
	name := s.media.put("langas", func(p *photo) { p.Alts["lt"], p.Credit = sleeps, "Ona" })
	place := func(title string, change func(*articlev1.PhotoPlacement)) *articlev1.Article {
		a := s.create(title, func(a *articlev1.Article) {
			b := figure("f", name)
			change(b.GetFigure().GetPlacement())
			a.Blocks = []*articlev1.Block{b}
		})
		s.publish(a)
		return a
	}
	alt := new("Katė guli ant palangės, už lango sninga")
	articles := []*articlev1.Article{
		place("Perima", func(*articlev1.PhotoPlacement) {}),
		place("Parašas savas", func(p *articlev1.PhotoPlacement) { p.Caption = new("Savas parašas") }),
		place("Be parašo", func(p *articlev1.PhotoPlacement) { p.Caption = new("") }),
		place("Viskas sava", func(p *articlev1.PhotoPlacement) { p.Alt, p.Caption, p.Credit = alt, new(""), new("") }),
		place("Puošia", func(p *articlev1.PhotoPlacement) { p.Decorative, p.Credit = true, new("Sava") }),
	}
	w := s.watch(s.anonymous, &articlev1.WatchArticlesRequest{})
	for range articles {
		w.next()
	}
	w.want("END")
	texts := func() []string {
		t.Helper()
		var all []string
		for _, a := range articles {
			got, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
			p := must(t, got, err).GetBlocks()[0].GetFigure().GetPlacement().GetPlaced()
			all = append(all, p.GetAlt()+"|"+p.GetCaption()+"|"+p.GetCredit())
		}
		return all
	}
	for _, test := range []struct {
		change func(*photo)
		told   []string
		want   []string
	}{
		{
			func(p *photo) { p.Captions["lt"] = "Naujas parašas" },
			[]string{"Perima", "Puošia"},
			[]string{sleeps + "|Naujas parašas|Ona", sleeps + "|Savas parašas|Ona", sleeps + "||Ona", *alt + "||", "|Naujas parašas|Sava"},
		},
		{
			func(p *photo) { p.Credit = "Jonas" },
			[]string{"Be parašo", "Parašas savas", "Perima"},
			[]string{sleeps + "|Naujas parašas|Jonas", sleeps + "|Savas parašas|Jonas", sleeps + "||Jonas", *alt + "||", "|Naujas parašas|Sava"},
		},
		{
			func(p *photo) { p.Alts["lt"] = wakes },
			[]string{"Be parašo", "Parašas savas", "Perima"},
			[]string{wakes + "|Naujas parašas|Jonas", wakes + "|Savas parašas|Jonas", wakes + "||Jonas", *alt + "||", "|Naujas parašas|Sava"},
		},
		{func(p *photo) { p.Filename = "kita.jpg" }, nil, nil},
	} {
		s.media.end(mediav1.WatchPhotosResponse_KIND_UPDATED, name, test.change)
		var told []string
		for range test.told {
			told = append(told, strings.TrimPrefix(w.next(), "UPDATED "))
		}
		slices.Sort(told)
		if diff := cmp.Diff(test.told, told); diff != "" {
			t.Errorf("told of (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(test.want, texts()); test.want != nil && diff != "" {
			t.Errorf("alt, caption, credit (-want +got):\n%s", diff)
		}
	}
	// Behind it all stands no word that nobody waited for.
	s.media.end(mediav1.WatchPhotosResponse_KIND_UPDATED, name, func(p *photo) { p.Captions["lt"] = "Paskutinis parašas" })
	last := []string{w.next(), w.next()}
	slices.Sort(last)
	if diff := cmp.Diff([]string{"UPDATED Perima", "UPDATED Puošia"}, last); diff != "" {
		t.Errorf("at the end told of (-want +got):\n%s", diff)
	}
}
