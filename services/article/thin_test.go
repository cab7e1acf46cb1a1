package article_test

import (
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// TestThinnedEtag refuses an etag of a revision that is not kept any more, for
// a change that would have been merged before.
func TestThinnedEtag(t *testing.T) {
	s := newSuite(t)
	a := s.create("Autosaves", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{paragraph("b1", "one")} })
	etags := []string{a.GetEtag()}
	for _, word := range []string{"two", "three", "four"} {
		a.Blocks[0] = paragraph("b1", word)
		saved, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a, EditSession: "monday"})
		a = must(t, saved, err)
		etags = append(etags, a.GetEtag())
	}
	swept, err := s.parts.Store.Sweep(t.Context(), time.Now().Add(store.ThinAfter+time.Minute))
	if err != nil || swept.Revisions != 2 {
		t.Fatalf("swept %v, %v", swept, err)
	}
	retitle := func(etag string) error {
		_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
			Article:    &articlev1.Article{Name: a.GetName(), Etag: etag, Title: "Another title"},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title"}},
		})
		return err
	}
	for _, etag := range etags[1:3] {
		e := testkit.WantFault(t, retitle(etag), codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
		detail, ok := e.Details[0].(*faultv1.EditConflict)
		if !ok || detail.GetTheirs() != nil || detail.GetCurrentEtag() != etags[3] {
			t.Errorf("etag %s: got %v", etag, e.Details)
		}
	}
	if err := retitle(etags[0]); err != nil {
		t.Errorf("the first revision, which no session superseded: %v", err)
	}
}
