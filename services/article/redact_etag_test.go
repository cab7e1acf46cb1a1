package article_test

import (
	"regexp"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// TestRedactWhileOpen redacts an article that an editor has open: what they save
// with the etag from before is refused, whatever they changed, and does not say
// what the text was.
func TestRedactWhileOpen(t *testing.T) {
	s := newSuite(t)
	open := s.publish(s.create("Susitikimas", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("b1", "Kalbėjo "+person+"."), paragraph("b2", "Buvo arbatos.")}
	}))
	seen := s.public(open)
	done := s.redact(open)
	if done.GetEtag() == open.GetEtag() || !regexp.MustCompile("^r1-[0-9a-f]{6}$").MatchString(done.GetEtag()) {
		t.Errorf("the etag %s becomes %s", open.GetEtag(), done.GetEtag())
	}
	if shown := s.public(open); shown.GetEtag() == seen.GetEtag() || shown.GetRevision() != 1 {
		t.Errorf("readers get the etag %s as before", shown.GetEtag())
	}
	open.Blocks[1] = paragraph("b2", "Buvo arbatos ir pyrago.")
	for name, mask := range map[string]*fieldmaskpb.FieldMask{"all": nil, "the blocks": {Paths: []string{"blocks"}}} {
		_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: open, UpdateMask: mask})
		testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
		conflict := rpc.FromStatus(err).Details[0].(*faultv1.EditConflict) //nolint:errcheck,forcetypeassert // the test fails where it is not
		if conflict.GetTheirs() != nil || conflict.GetYours() != nil || conflict.GetCurrentEtag() != done.GetEtag() {
			t.Errorf("%s: the conflict tells %v", name, conflict)
		}
	}
	now := s.reread(open)
	if now.GetRevision() != 1 || now.GetEtag() != done.GetEtag() {
		t.Errorf("it is at %s", now.GetEtag())
	}
	saved := s.change(now, func(a *articlev1.Article) { a.Blocks[1] = paragraph("b2", "Buvo arbatos ir pyrago.") })
	if got := saved.GetBlocks()[0].GetParagraph().GetText().GetSpans()[0].GetText(); got != "Kalbėjo […]." {
		t.Errorf("it says %q", got)
	}
}

// public returns what readers see of an article.
func (s *suite) public(a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	got, err := s.anonymous.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	return must(s.t, got, err)
}
