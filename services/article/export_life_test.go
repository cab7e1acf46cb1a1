package article_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// life does something at random to an article at random. What the state of the
// article forbids is refused, which is a part of life too.
func (s *suite) life(r *rand.Rand, step int) error {
	ctx := s.t.Context()
	list, err := s.editor.ListArticles(ctx, &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working, ShowDeleted: true, PageSize: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	all := list.GetArticles()
	if len(all) < 3 || len(all) < 8 && r.IntN(8) == 0 {
		_, err := s.editor.CreateArticle(ctx, &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{
			Title: fmt.Sprintf("Naujiena %d", step), Tags: []string{fmt.Sprint("žyma ", r.IntN(4))},
			LanguageCode: []string{"lt", "en", "da"}[r.IntN(3)], TranslationGroup: []string{"", "grupe-a", "grupe-b"}[r.IntN(3)],
		}})
		return err
	}
	read, err := s.editor.GetArticle(ctx, &articlev1.GetArticleRequest{Name: all[r.IntN(len(all))].GetName(), View: working})
	if err != nil {
		s.t.Fatal(err)
	}
	name, etag := read.GetName(), read.GetEtag()
	switch r.IntN(10) {
	case 0, 1, 2:
		_, err = s.editor.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: name, Etag: etag})
	case 3:
		_, err = s.editor.UnpublishArticle(ctx, &articlev1.UnpublishArticleRequest{Name: name, Etag: etag})
	case 4:
		_, err = s.editor.DeleteArticle(ctx, &articlev1.DeleteArticleRequest{Name: name, Etag: etag})
	case 5:
		_, err = s.editor.UndeleteArticle(ctx, &articlev1.UndeleteArticleRequest{Name: name, Etag: etag})
	case 6:
		_, err = s.editor.CreateSchedule(ctx, &articlev1.CreateScheduleRequest{Parent: name, Schedule: &articlev1.Schedule{
			Action: toPublish, Revision: 1 + r.Int64N(read.GetRevision()), FireTime: timestamppb.New(time.Now().Add(time.Duration(1+r.IntN(999)) * time.Hour)),
		}})
	case 7:
		_, err = s.editor.SubmitArticle(ctx, &articlev1.SubmitArticleRequest{Name: name, Etag: etag, Note: "Prašau"})
	default:
		read.Blocks = append(read.Blocks, paragraph("", fmt.Sprintf("Pastraipa %d.", step)))
		switch r.IntN(5) {
		case 0:
			read.Slug = fmt.Sprintf("adresas-%d", r.IntN(6))
		case 1:
			read.Aliases = []string{fmt.Sprintf("/?p=%d", r.IntN(20))}
		case 2:
			read.Title = fmt.Sprintf("Pavadinimas %d", step)
		}
		_, err = s.editor.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
			Article: read, EditSession: fmt.Sprint("popiete-", r.IntN(3)), TakeOverSlug: r.IntN(2) == 0,
		})
	}
	return err
}

// TestExportOfAnyLife lets sites live at random and finds that what is imported
// exports the same bytes and answers the same.
func TestExportOfAnyLife(t *testing.T) {
	const steps = 120
	for seed := range uint64(3) {
		one := newSuite(t)
		r := rand.New(rand.NewPCG(seed, 7))
		done := 0
		for step := range steps {
			if one.life(r, step) == nil {
				done++
			}
		}
		all := one.export()
		two := start(t, t.TempDir())
		if _, err := two.importAs(testkit.Site, "", one.export()...); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !bytes.Equal(encodeArchive(t, all), encodeArchive(t, two.export())) {
			t.Errorf("seed %d: the site that was imported exports other bytes", seed)
		}
		same(t, one, two)
		if done < steps/3 {
			t.Errorf("seed %d: only %d of %d steps were done", seed, done, steps)
		}
		// Both go on alike.
		for step := range steps / 4 {
			_, _ = one.life(rand.New(rand.NewPCG(seed, uint64(step))), step), two.life(rand.New(rand.NewPCG(seed, uint64(step))), step)
		}
		if a, b := one.slugs(), two.slugs(); a != b {
			t.Errorf("seed %d: afterwards %s, want %s", seed, b, a)
		}
	}
}

// slugs tells of each article how it stands.
func (s *suite) slugs() (text string) {
	s.t.Helper()
	list, err := s.editor.ListArticles(s.t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working, ShowDeleted: true, PageSize: 100})
	for _, a := range must(s.t, list, err).GetArticles() {
		text += fmt.Sprintf("%s %s %s %s %d %d\n", a.GetTitle(), a.GetSlug(), a.GetLanguageCode(), a.GetState(), a.GetRevision(), a.GetPublishedRevision())
	}
	return text
}

// TestImportWithoutPhotos imports a site whose photos come later: they show as
// soon as they are there.
func TestImportWithoutPhotos(t *testing.T) {
	one := newSuite(t)
	var blocks []*articlev1.Block
	for i := range 60 {
		blocks = append(blocks, figure(fmt.Sprintf("b%d", i), one.media.put(fmt.Sprintf("kate-%d", i))))
	}
	a := one.publish(one.create("Daug kačių", func(a *articlev1.Article) { a.Blocks = blocks }))

	two := start(t, t.TempDir())
	w := two.watch(two.as(auth.Operator), &articlev1.WatchArticlesRequest{Parent: "sites/-"})
	made, err := two.importAs(testkit.Site, "", one.export()...)
	if got := len(must(t, made, err).GetMissingPhotos()); got != 60 {
		t.Errorf("%d photos are missing, want 60", got)
	}
	shown := func() int {
		got, err := two.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
		n := 0
		for _, b := range must(t, got, err).GetBlocks() {
			if b.GetFigure().GetPlacement().GetPlaced() != nil {
				n++
			}
		}
		return n
	}
	if got := shown(); got != 0 {
		t.Errorf("%d photos show that are not there", got)
	}
	published := 0
	for i := range 60 {
		two.media.put(fmt.Sprintf("kate-%d", i))
	}
	for published == 0 || shown() < 60 { // readers may see them before the watcher is told
		if w.next() == "PUBLISHED Daug kačių" {
			published++
		}
	}
	if published != 1 {
		t.Errorf("%d times it was told that the article was published", published)
	}
}
