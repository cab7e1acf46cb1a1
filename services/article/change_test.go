package article_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// save updates the fields that change sets.
func (s *suite) save(etag string, change *articlev1.Article) (*articlev1.Article, error) {
	change.Etag = etag
	return s.editor.UpdateArticle(s.t.Context(), &articlev1.UpdateArticleRequest{Article: change})
}

func TestSave(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirma", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{paragraph("a", "x"), paragraph("b", "y")} })
	s.publish(a)
	next, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Antra"})
	if must(t, next, err); next.GetRevision() != 2 || next.GetState() != articlev1.Article_STATE_PUBLISHED || next.GetPublishedRevision() != 1 {
		t.Errorf("got %v", next)
	}
	public, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	if must(t, public, err); public.GetTitle() != "Pirma" {
		t.Errorf("saving changed what readers see to %q", public.GetTitle())
	}
	// What changes nothing succeeds with the current etag, whatever it knew.
	same, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Antra"})
	if must(t, same, err); same.GetRevision() != 2 || same.GetEtag() != next.GetEtag() {
		t.Errorf("got %v", same)
	}
	// Notes of tools are state and break no open editor.
	noted, err := s.save(next.GetEtag(), &articlev1.Article{Name: a.GetName(), Annotations: map[string]string{"k": "v"}})
	if must(t, noted, err); noted.GetEtag() != next.GetEtag() || noted.GetAnnotations()["k"] != "v" {
		t.Errorf("got %v", noted)
	}
	// Another block merges; the same field conflicts and says where.
	merged, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Blocks: []*articlev1.Block{paragraph("a", "x"), paragraph("b", "z")}})
	if must(t, merged, err); merged.GetTitle() != "Antra" || merged.GetRevision() != 3 {
		t.Errorf("got %v", merged)
	}
	_, err = s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Trečia", Blocks: []*articlev1.Block{paragraph("b", "z2"), paragraph("n", "")}})
	e := testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	want := &faultv1.EditConflict{
		CurrentRevision: 3, CurrentEtag: merged.GetEtag(), CurrentAuthor: "editor@example.lt", CurrentTime: merged.GetUpdateTime(),
		Theirs: &faultv1.EditConflict_Changes{BlockIds: []string{"b"}, Fields: []string{"title"}},
		Yours:  &faultv1.EditConflict_Changes{BlockIds: []string{"b", "n", "a"}, Fields: []string{"title"}},
	}
	if len(e.Details) != 1 {
		t.Fatalf("got the details %v", e.Details)
	}
	if diff := cmp.Diff(want, e.Details[0], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
}

// TestRequireCurrent lets a tool that owns the whole article refuse merging.
func TestRequireCurrent(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirma")
	if _, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Antra"}); err != nil {
		t.Fatal(err)
	}
	req := &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Tags: []string{"nauja"}}, RequireCurrent: true,
	}
	_, err := s.editor.UpdateArticle(t.Context(), req)
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	req.RequireCurrent = false
	merged, err := s.editor.UpdateArticle(t.Context(), req)
	if must(t, merged, err); merged.GetTitle() != "Antra" || len(merged.GetTags()) != 1 {
		t.Errorf("got %v", merged)
	}
}

// TestCreateAtOnce gives many articles of one title each its own address, and
// many saves of one article each its revision or a conflict.
func TestCreateAtOnce(t *testing.T) {
	const writers = 32
	s := newSuite(t)
	made := make([]*articlev1.Article, writers)
	var all sync.WaitGroup
	for i := range writers {
		all.Go(func() { made[i] = s.create("Vienodas pavadinimas") })
	}
	all.Wait()
	slugs := make(map[string]bool)
	for _, a := range made {
		slugs[a.GetSlug()] = true
	}
	if len(slugs) != writers {
		t.Errorf("got %d slugs for %d articles", len(slugs), writers)
	}
	a := made[0]
	var saved atomic.Int64
	for i := range writers {
		all.Go(func() {
			_, err := s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: fmt.Sprintf("Pavadinimas %d", i)})
			if err == nil {
				saved.Add(1)
				return
			}
			testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
		})
	}
	all.Wait()
	if saved.Load() != 1 {
		t.Errorf("%d different titles were saved over one revision", saved.Load())
	}
}

func TestRequestID(t *testing.T) {
	s := newSuite(t)
	req := &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "Pirma"}, RequestId: uuid.NewString()}
	first, err := s.author.CreateArticle(t.Context(), proto.CloneOf(req))
	must(t, first, err)
	again, err := s.author.CreateArticle(t.Context(), proto.CloneOf(req))
	if diff := cmp.Diff(first, must(t, again, err), protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	other := proto.CloneOf(req)
	other.Article.Title = "Antra"
	_, err = s.author.CreateArticle(t.Context(), other)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_REQUEST_ID_REUSED)
	// Ids of other people are other ids.
	theirs, err := s.editor.CreateArticle(t.Context(), proto.CloneOf(req))
	if must(t, theirs, err); theirs.GetName() == first.GetName() {
		t.Error("one person's request_id answered another")
	}
	update := &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: first.GetName(), Etag: first.GetEtag(), Title: "Kita"}, RequestId: uuid.NewString(),
	}
	saved, err := s.author.UpdateArticle(t.Context(), proto.CloneOf(update))
	must(t, saved, err)
	later, err := s.save(saved.GetEtag(), &articlev1.Article{Name: first.GetName(), Title: "Dar kita"})
	must(t, later, err)
	again, err = s.author.UpdateArticle(t.Context(), proto.CloneOf(update))
	if diff := cmp.Diff(saved, must(t, again, err), protocmp.Transform()); diff != "" {
		t.Errorf("the second answer is another: %s", diff)
	}
	// The replay asks for permission as the first did: the draft is public now.
	s.publish(later)
	_, err = s.author.UpdateArticle(t.Context(), proto.CloneOf(update))
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
}

// TestRequestIDAtOnce sends one request many times at once: one article is made
// and all answers are the same.
func TestRequestIDAtOnce(t *testing.T) {
	s := newSuite(t)
	req := &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "Pirma"}, RequestId: uuid.NewString()}
	answers := make([]*articlev1.Article, 32)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			var err error
			if answers[i], err = s.editor.CreateArticle(t.Context(), proto.CloneOf(req)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, a := range answers {
		if diff := cmp.Diff(answers[0], a, protocmp.Transform()); diff != "" {
			t.Fatal(diff)
		}
	}
}

func TestWhoMayChange(t *testing.T) {
	s := newSuite(t)
	theirs := s.create("Redaktorės")
	byline := s.create("Bendra", func(a *articlev1.Article) {
		a.Bylines = []*articlev1.Byline{{DisplayName: "Rasa", Principal: testkit.PrincipalOf(auth.Author).ID}}
	})
	save := func(a *articlev1.Article) error {
		_, err := s.author.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
			Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: "Kita"},
		})
		return err
	}
	testkit.WantFault(t, save(theirs), codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	if err := save(byline); err != nil {
		t.Errorf("an author in a byline: %v", err)
	}
	own, err := s.author.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "Sava"}})
	must(t, own, err)
	if err := save(own); err != nil {
		t.Errorf("an author's own draft: %v", err)
	}
	_, err = s.author.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: own.GetName(), Etag: own.GetEtag()})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	long := timestamppb.New(time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC))
	_, err = s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: theirs.GetName(), Etag: theirs.GetEtag(), PublishTime: long})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	_, err = s.admin.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{
		Name: theirs.GetName(), Etag: theirs.GetEtag(), PublishTime: timestamppb.New(time.Now().Add(time.Hour)),
	})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	dated, err := s.admin.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: theirs.GetName(), Etag: theirs.GetEtag(), PublishTime: long})
	if must(t, dated, err); !dated.GetPublishTime().AsTime().Equal(long.AsTime()) || dated.GetFirstPublicTime().AsTime().Equal(long.AsTime()) {
		t.Errorf("got %v", dated)
	}
}

func TestPublishChecks(t *testing.T) {
	s := newSuite(t)
	junk := s.media.put("hblkb", func(p *photo) { p.Alts = map[string]string{"lt": "hblkb"} })
	a := s.create("Pirma", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", junk)} })
	found, err := s.author.CheckArticle(t.Context(), &articlev1.CheckArticleRequest{Name: a.GetName()})
	must(t, found, err)
	_, err = s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	e := testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_CHECK_FAILED)
	if diff := cmp.Diff(&articlev1.CheckFailure{Findings: found.GetFindings()}, e.Details[0], protocmp.Transform()); diff != "" {
		t.Error(diff)
	}
	f := found.GetFindings()[0]
	if f.GetRule() != "alt-junk" || f.GetBlockId() != "f" || f.GetField() != "figure.placement.alt" || f.GetExcerpt() != "hblkb" {
		t.Errorf("got %v", f)
	}
	_, err = s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestDelete(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirma")
	s.publish(a)
	gone, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	if must(t, gone, err); gone.GetState() != articlev1.Article_STATE_DELETED || gone.GetPurgeTime() == nil {
		t.Errorf("got %v", gone)
	}
	_, err = s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.save(a.GetEtag(), &articlev1.Article{Name: a.GetName(), Title: "Kita"})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	names := func(deleted bool) []string {
		list, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working, ShowDeleted: deleted})
		var got []string
		for _, a := range must(t, list, err).GetArticles() {
			got = append(got, a.GetName())
		}
		return got
	}
	if slices.Contains(names(false), a.GetName()) || !slices.Contains(names(true), a.GetName()) {
		t.Errorf("lists hold %v, with deleted %v", names(false), names(true))
	}
	back, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	if must(t, back, err); back.GetState() != articlev1.Article_STATE_UNPUBLISHED || back.GetPurgeTime() != nil {
		t.Errorf("got %v", back)
	}
	// Deleted for good after 30 days; the address stays gone and taken.
	_, err = s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	if err != nil {
		t.Fatal(err)
	}
	swept, err := s.parts.Store.Sweep(t.Context(), time.Now().Add(31*24*time.Hour))
	if must(t, swept, err); swept.Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	_, err = s.editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	resolved, err := s.anonymous.ResolvePath(t.Context(), &articlev1.ResolvePathRequest{Site: testkit.Site, Path: "/pirma"})
	if must(t, resolved, err); resolved.GetResolution() != articlev1.ResolvePathResponse_RESOLUTION_GONE {
		t.Errorf("got %v", resolved)
	}
	if again := s.create("Pirma"); again.GetSlug() != "pirma-2" {
		t.Errorf("a slug that was public was given away: %q", again.GetSlug())
	}
}
