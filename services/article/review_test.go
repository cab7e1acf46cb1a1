package article_test

import (
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// TestReview lets an author submit a draft and go on with it, and an editor
// give it back.
func TestReview(t *testing.T) {
	s := newSuite(t)
	draft, err := s.author.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "Pirma"}})
	must(t, draft, err)
	w := s.watch(s.editor, &articlev1.WatchArticlesRequest{View: working})
	w.want("SNAPSHOT Pirma", "END")

	req := &articlev1.SubmitArticleRequest{Name: draft.GetName(), Etag: draft.GetEtag(), Note: "Ar gerai?", RequestId: uuid.NewString()}
	submitted, err := s.author.SubmitArticle(t.Context(), req)
	must(t, submitted, err)
	if submitted.GetState() != articlev1.Article_STATE_IN_REVIEW || submitted.GetEtag() != draft.GetEtag() ||
		submitted.GetReview().GetSubmitter() != "author@example.lt" || submitted.GetReview().GetSubmitNote() != "Ar gerai?" {
		t.Errorf("got %v", submitted)
	}
	w.want("UPDATED Pirma")
	// What was open before is saved after.
	draft.Title = "Antra"
	saved, err := s.author.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: draft})
	if must(t, saved, err); saved.GetState() != articlev1.Article_STATE_IN_REVIEW || saved.GetReview() == nil {
		t.Errorf("got %v", saved)
	}
	w.want("UPDATED Antra")

	stale := &articlev1.ReturnArticleRequest{Name: draft.GetName(), Etag: draft.GetEtag(), Note: "Trūksta datos."}
	_, err = s.editor.ReturnArticle(t.Context(), stale)
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	for _, note := range []string{"", "  "} {
		_, err = s.editor.ReturnArticle(t.Context(), &articlev1.ReturnArticleRequest{Name: draft.GetName(), Etag: saved.GetEtag(), Note: note})
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	}
	_, err = s.editor.ReturnArticle(t.Context(), &articlev1.ReturnArticleRequest{Name: draft.GetName(), Etag: saved.GetEtag(), Note: "a\x00b"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_TEXT)
	returned, err := s.editor.ReturnArticle(t.Context(), &articlev1.ReturnArticleRequest{Name: draft.GetName(), Etag: saved.GetEtag(), Note: "Trūksta datos."})
	must(t, returned, err)
	if returned.GetState() != articlev1.Article_STATE_DRAFT || returned.GetReview().GetReviewer() != "editor@example.lt" ||
		returned.GetReview().GetReturnNote() != "Trūksta datos." || returned.GetReview().GetSubmitter() == "" {
		t.Errorf("got %v", returned)
	}
	w.want("UPDATED Antra")
	_, err = s.editor.ReturnArticle(t.Context(), &articlev1.ReturnArticleRequest{Name: draft.GetName(), Etag: saved.GetEtag(), Note: "Vėl."})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)

	// A retry of the first call has no second effect.
	again, err := s.author.SubmitArticle(t.Context(), req)
	if must(t, again, err); again.GetState() != articlev1.Article_STATE_DRAFT {
		t.Errorf("got %v", again)
	}
	public := s.publish(returned)
	if public.GetReview() == nil {
		t.Error("an editor no longer sees the review")
	}
	seen, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: draft.GetName()})
	if must(t, seen, err); seen.GetReview() != nil {
		t.Errorf("readers see the review %v", seen.GetReview())
	}
	_, err = s.editor.SubmitArticle(t.Context(), &articlev1.SubmitArticleRequest{Name: draft.GetName(), Etag: saved.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
}
