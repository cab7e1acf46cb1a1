package article_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/protobuf/testing/protocmp"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const wrongWords = `Filmas "Sriuba"  ir t.t. - viskas...`

func (s *suite) wrong() *articlev1.Article {
	s.t.Helper()
	return s.create("Stažuotė", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("one", wrongWords), paragraph("two", "Knygos.")}
	})
}

func paragraphText(a *articlev1.Article, block int) string {
	return a.GetBlocks()[block].GetParagraph().GetText().GetSpans()[0].GetText()
}

// TestFixArticle repairs an article once, told twice, and finds nothing more.
func TestFixArticle(t *testing.T) {
	s := newSuite(t)
	a := s.wrong()
	dry, err := s.editor.FixArticle(t.Context(), &articlev1.FixArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), ValidateOnly: true})
	must(t, dry, err)
	if w := s.working(a.GetName()); w.GetRevision() != 1 || paragraphText(w, 0) != wrongWords {
		t.Errorf("validate_only stored %v", w)
	}
	request := &articlev1.FixArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), RequestId: uuid.NewString()}
	fixed, err := s.editor.FixArticle(t.Context(), request)
	must(t, fixed, err)
	const want = "Filmas „Sriuba“ ir t. t. – viskas…"
	if got := paragraphText(fixed.GetArticle(), 0); got != want || paragraphText(dry.GetArticle(), 0) != want || fixed.GetArticle().GetRevision() != 2 {
		t.Errorf("repaired %q, dry %q, revision %d", got, paragraphText(dry.GetArticle(), 0), fixed.GetArticle().GetRevision())
	}
	if diff := cmp.Diff(dry.GetRepairs(), fixed.GetRepairs(), protocmp.Transform()); diff != "" || len(fixed.GetRepairs()) != 5 {
		t.Errorf("repairs %v; unlike the dry run: %s", fixed.GetRepairs(), diff)
	}
	if got := s.working(a.GetName()).GetFindingsSummary(); got.GetWarningCount() != 0 {
		t.Errorf("left: %v", got)
	}
	again, err := s.editor.FixArticle(t.Context(), request)
	if diff := cmp.Diff(fixed, must(t, again, err), protocmp.Transform()); diff != "" {
		t.Errorf("sent again it answers otherwise: %s", diff)
	}
	more, err := s.editor.FixArticle(t.Context(), &articlev1.FixArticleRequest{Name: a.GetName(), Etag: fixed.GetArticle().GetEtag()})
	if must(t, more, err); len(more.GetRepairs()) != 0 || more.GetArticle().GetRevision() != 2 {
		t.Errorf("a second run repairs %v", more)
	}
	s.auditTells(a.GetName(), "FixArticle", "Sutvarkyta tipografija (taisymų: 5)")
}

// TestFixMerges repairs what the caller saw, and keeps what others wrote since.
func TestFixMerges(t *testing.T) {
	s := newSuite(t)
	a := s.wrong()
	old := a.GetEtag()
	a.Blocks[1] = paragraph("two", "Knygos ir žurnalai.")
	a, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	must(t, a, err)
	fixed, err := s.editor.FixArticle(t.Context(), &articlev1.FixArticleRequest{
		Name: a.GetName(), Etag: old, Rules: []string{"quote-mark", "space-double"},
	})
	must(t, fixed, err)
	if got := paragraphText(fixed.GetArticle(), 0) + "|" + paragraphText(fixed.GetArticle(), 1); got != "Filmas „Sriuba“ ir t.t. - viskas...|Knygos ir žurnalai." {
		t.Errorf("got %q", got)
	}
	_, err = s.editor.FixArticle(t.Context(), &articlev1.FixArticleRequest{Name: a.GetName(), Etag: old})
	if reasonOf(err) != faultv1.Reason_REASON_EDIT_CONFLICT {
		t.Errorf("repaired what somebody changed: %v", err)
	}
}

// TestFixRefuses holds what is no rule of repairs, and what may not be repaired.
func TestFixRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.wrong()
	for _, c := range []struct {
		name, etag, rule string
		client           articlev1.ArticleServiceClient
		want             faultv1.Reason
	}{
		{"no rule", a.GetEtag(), "no-such-rule", s.editor, faultv1.Reason_REASON_INVALID_FIELD},
		{"not repaired", a.GetEtag(), "alt-junk", s.editor, faultv1.Reason_REASON_INVALID_FIELD},
		{"no etag", "", "quote-mark", s.editor, faultv1.Reason_REASON_ETAG_REQUIRED},
		{"an etag of nothing", "r9-000000", "quote-mark", s.editor, faultv1.Reason_REASON_EDIT_CONFLICT},
		{"another's draft", a.GetEtag(), "quote-mark", s.author, faultv1.Reason_REASON_PERMISSION_DENIED},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.client.FixArticle(t.Context(), &articlev1.FixArticleRequest{Name: a.GetName(), Etag: c.etag, Rules: []string{c.rule}})
			if reasonOf(err) != c.want {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	gone, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	must(t, gone, err)
	_, err = s.editor.FixArticle(t.Context(), &articlev1.FixArticleRequest{Name: a.GetName(), Etag: gone.GetEtag()})
	if reasonOf(err) != faultv1.Reason_REASON_WRONG_STATE {
		t.Errorf("repaired a deleted article: %v", err)
	}
}
