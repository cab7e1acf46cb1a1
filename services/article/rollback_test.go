package article_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

func (s *suite) rollback(a *articlev1.Article, number string, change ...func(*articlev1.RollbackArticleRequest)) (*articlev1.Article, error) {
	s.t.Helper()
	req := &articlev1.RollbackArticleRequest{Name: a.GetName(), RevisionId: number, Etag: a.GetEtag()}
	for _, f := range change {
		f(req)
	}
	return s.editor.RollbackArticle(s.t.Context(), req)
}

func TestRollback(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	first := s.create("Pirmas", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("", "Ateikite."), figure("f", photo)}
		a.Tags, a.Annotations = []string{"mugė"}, map[string]string{"tool": "x"}
	})
	published := s.publish(first)
	a := s.saveAs(s.editor, published, "", "", func(a *articlev1.Article) {
		a.Title, a.Slug, a.Blocks, a.Tags, a.Annotations = "Antras", "antras", []*articlev1.Block{paragraph("n", "Nauja.")}, nil, map[string]string{"tool": "y"}
	})
	s.media.setAway(true) // its photo was there, so nobody is asked
	back, err := s.rollback(a, "1")
	must(t, back, err)
	s.media.setAway(false)
	want, got := article.Content(first), article.Content(back)
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("content, -want +got: %s", diff)
	}
	if back.GetRevision() != 3 || back.GetPublishedRevision() != 1 || back.GetAnnotations()["tool"] != "y" || back.GetState() != articlev1.Article_STATE_PUBLISHED {
		t.Errorf("got %v", back)
	}
	if r := s.revisions(a, "", 0)[0]; r.GetNote() != "Atkurta 1 versija" || r.GetAuthor() != testkit.PrincipalOf(auth.Editor).ID {
		t.Errorf("got revision %v", r)
	}
	again, err := s.rollback(back, "1")
	if must(t, again, err).GetRevision() != 3 {
		t.Errorf("going back to what is there made revision %d", again.GetRevision())
	}
	noted, err := s.rollback(back, "2", func(r *articlev1.RollbackArticleRequest) { r.Note = "Ona suklydo" })
	must(t, noted, err)
	if r := s.revisions(a, "", 0)[0]; r.GetNote() != "Ona suklydo" || r.GetTitle() != "Antras" {
		t.Errorf("got revision %v", r)
	}
}

func TestRollbackRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirmas")
	stale := a.GetEtag()
	a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title, a.Slug = "Antras", "antras" })
	for name, c := range map[string]struct {
		number string
		change func(*articlev1.RollbackArticleRequest)
		reason faultv1.Reason
	}{
		"no etag":      {"1", func(r *articlev1.RollbackArticleRequest) { r.Etag = "" }, faultv1.Reason_REASON_ETAG_REQUIRED},
		"a stale etag": {"1", func(r *articlev1.RollbackArticleRequest) { r.Etag = stale }, faultv1.Reason_REASON_EDIT_CONFLICT},
		"a false etag": {"2", func(r *articlev1.RollbackArticleRequest) { r.Etag = "r2-000000" }, faultv1.Reason_REASON_EDIT_CONFLICT},
		"no revision":  {"3", func(*articlev1.RollbackArticleRequest) {}, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		"no article":   {"1", func(r *articlev1.RollbackArticleRequest) { r.Name += "x" }, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		"no number":    {"", func(*articlev1.RollbackArticleRequest) {}, faultv1.Reason_REASON_INVALID_FIELD},
		"control characters": {
			"1", func(r *articlev1.RollbackArticleRequest) { r.Note = "a\x00b" }, faultv1.Reason_REASON_INVALID_TEXT,
		},
	} {
		_, err := s.rollback(a, c.number, c.change)
		t.Log(name)
		wantReason(t, err, c.reason)
	}
	_, err := s.rollback(a, "1", func(r *articlev1.RollbackArticleRequest) { r.Etag = stale })
	conflict := rpc.FromStatus(err).Details[0].(*faultv1.EditConflict) //nolint:errcheck,forcetypeassert // the test fails where it is not
	if conflict.GetCurrentRevision() != 2 || len(conflict.GetTheirs().GetFields()) != 2 || conflict.GetYours().GetFields() != nil {
		t.Errorf("got conflict %v", conflict)
	}
	same, err := s.rollback(a, "2", func(r *articlev1.RollbackArticleRequest) { r.Etag = stale })
	if must(t, same, err).GetRevision() != 2 {
		t.Errorf("got %v", same)
	}
	s.remove(a)
	_, err = s.rollback(a, "1")
	wantReason(t, err, faultv1.Reason_REASON_WRONG_STATE)
}

// TestRollbackOfTakenSlug goes back to a text whose slug another article has
// meanwhile: the newest slug stays, and the note says so.
func TestRollbackOfTakenSlug(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirmas", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{paragraph("b", "Sena.")} })
	a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title, a.Slug, a.Blocks = "Antras", "antras", nil })
	s.create("Kitas", func(a *articlev1.Article) { a.Slug = "pirmas" })
	back, err := s.rollback(a, "1")
	must(t, back, err)
	if back.GetSlug() != "antras" || back.GetTitle() != "Pirmas" || len(back.GetBlocks()) != 1 || back.GetRevision() != 3 {
		t.Errorf("got %v", back)
	}
	const told = "Adresas lieka antras: pirmas nebelaisvas"
	if r := s.revisions(a, "", 0)[0]; r.GetNote() != "Atkurta 1 versija\n"+told {
		t.Errorf("got note %q", r.GetNote())
	}
	again, err := s.rollback(back, "1") // but for the slug it is there
	if must(t, again, err).GetRevision() != 3 || again.GetEtag() != back.GetEtag() {
		t.Errorf("got %v", again)
	}
	back, err = s.rollback(back, "2")
	must(t, back, err)
	long := strings.Repeat("ž", 500)
	back, err = s.rollback(back, "1", func(r *articlev1.RollbackArticleRequest) { r.Note = long })
	must(t, back, err)
	note := s.revisions(a, "", 0)[0].GetNote()
	if utf8.RuneCountInString(note) != 500 || !strings.HasPrefix(note, long[:800]) || !strings.HasSuffix(note, "…\n"+told) {
		t.Errorf("got note %q", note)
	}
}

func TestRollbackOnce(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirmas")
	a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title = "Antras" })
	id := uuid.NewString()
	with := func(r *articlev1.RollbackArticleRequest) { r.RequestId = id }
	first, err := s.rollback(a, "1", with)
	must(t, first, err)
	second, err := s.rollback(a, "1", with)
	if must(t, second, err).GetRevision() != 3 || len(s.revisions(a, "", 0)) != 3 {
		t.Errorf("got %v", second)
	}
	_, err = s.rollback(a, "2", with)
	wantReason(t, err, faultv1.Reason_REASON_REQUEST_ID_REUSED)
}
