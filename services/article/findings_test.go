package article_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// reasonOf returns the reason of a failure, REASON_UNSPECIFIED for none.
func reasonOf(err error) faultv1.Reason {
	if err == nil {
		return faultv1.Reason_REASON_UNSPECIFIED
	}
	return rpc.FromStatus(err).Reason
}

// check returns what is found in an article, by rule.
func (s *suite) check(name string) map[string]*articlev1.Finding {
	s.t.Helper()
	resp, err := s.editor.CheckArticle(s.t.Context(), &articlev1.CheckArticleRequest{Name: name})
	must(s.t, resp, err)
	found := make(map[string]*articlev1.Finding)
	for _, f := range resp.GetFindings() {
		found[f.GetRule()] = f
	}
	return found
}

// working reads the working copy.
func (s *suite) working(name string) *articlev1.Article {
	s.t.Helper()
	a, err := s.editor.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: name, View: working})
	return must(s.t, a, err)
}

// junk is an article with a figure whose alternative text is noise, and a
// paragraph.
func (s *suite) junk(words string) *articlev1.Article {
	s.t.Helper()
	photo := s.media.put("lempa")
	return s.create("Stažuotė", func(a *articlev1.Article) {
		f := figure("fig", photo)
		f.GetFigure().Placement.Alt = new("xqzt")
		a.Blocks = []*articlev1.Block{f, paragraph("par", words)}
	})
}

// TestWaiver waives the finding that stops publishing, changes the text beside
// it and then its own, publishes, and takes waivers back.
func TestWaiver(t *testing.T) {
	s := newSuite(t)
	a := s.junk("Knygos ir t.t.")
	junk := s.check(a.GetName())["alt-junk"]
	if junk.GetFingerprint() == "" || !junk.GetWaivable() || junk.GetWaived() {
		t.Fatalf("found %v", junk)
	}
	_, err := s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	if reasonOf(err) != faultv1.Reason_REASON_CHECK_FAILED {
		t.Fatalf("published with noise: %v", err)
	}
	request := &articlev1.WaiveFindingRequest{
		Article: a.GetName(), Etag: a.GetEtag(), RequestId: uuid.NewString(), Fingerprint: junk.GetFingerprint(), Reason: "Taip vadinasi lempa.",
	}
	waived, err := s.editor.WaiveFinding(t.Context(), request)
	must(t, waived, err)
	again, err := s.editor.WaiveFinding(t.Context(), request)
	if diff := cmp.Diff(waived, must(t, again, err), protocmp.Transform()); diff != "" {
		t.Errorf("sent again it answers otherwise: %s", diff)
	}
	w := s.working(a.GetName())
	want := &articlev1.FindingsSummary{WarningCount: 1, WaivedCount: 1}
	if diff := cmp.Diff(want, w.GetFindingsSummary(), protocmp.Transform()); diff != "" || w.GetEtag() != a.GetEtag() {
		t.Errorf("etag %s, was %s; summary (-want +got):\n%s", w.GetEtag(), a.GetEtag(), diff)
	}
	if len(w.GetWaivers()) != 1 || w.GetWaivers()[0].GetReason() != request.GetReason() || w.GetWaivers()[0].GetRule() != "alt-junk" ||
		w.GetWaivers()[0].GetCreator() != testkit.PrincipalOf(auth.Editor).ID || w.GetWaivers()[0].GetCreateTime() == nil {
		t.Errorf("waivers: %v", w.GetWaivers())
	}
	s.auditTells(a.GetName(), "WaiveFinding", request.GetReason())

	a.Blocks[1] = paragraph("par", "Knygos ir viskas.")
	a, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	must(t, a, err)
	if f := s.check(a.GetName())["alt-junk"]; !f.GetWaived() {
		t.Errorf("after a change beside it: %v", f)
	}
	public := s.publish(a)
	if len(public.GetWaivers()) != 1 {
		t.Errorf("publishing forgot the waiver: %v", public.GetWaivers())
	}
	shown, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName()})
	if must(t, shown, err); shown.GetWaivers() != nil || shown.GetFindingsSummary() != nil {
		t.Errorf("readers see %v %v", shown.GetWaivers(), shown.GetFindingsSummary())
	}

	a.Blocks[0].GetFigure().Placement.Alt = new("zqwx")
	a, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	must(t, a, err)
	if f := s.check(a.GetName())["alt-junk"]; f == nil || f.GetWaived() || a.GetFindingsSummary().GetErrorCount() != 1 {
		t.Errorf("after a change of its text: %v, %v", f, a.GetFindingsSummary())
	}
	a.Blocks[0].GetFigure().Placement.Alt = new("Žalia lempa ant palangės")
	a, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	if public := s.publish(must(t, a, err)); len(public.GetWaivers()) != 0 {
		t.Errorf("publishing kept the waiver of what is gone: %v", public.GetWaivers())
	}
}

// auditTells asks that the newest event of an article is of a method, with a
// note.
func (s *suite) auditTells(name, method, note string) {
	s.t.Helper()
	resp, err := s.admin.ListAuditEvents(s.t.Context(), &articlev1.ListAuditEventsRequest{Parent: testkit.Site})
	must(s.t, resp, err)
	for _, e := range resp.GetAuditEvents() {
		if e.GetResource() == name {
			if e.GetMethod() != method || e.GetNote() != note {
				s.t.Errorf("the audit tells %v, want %s with %q", e, method, note)
			}
			return
		}
	}
	s.t.Errorf("the audit tells nothing of %s", name)
}

// TestRestoreFinding takes a waiver back.
func TestRestoreFinding(t *testing.T) {
	s := newSuite(t)
	a := s.junk("Knygos.")
	mark := s.check(a.GetName())["alt-junk"].GetFingerprint()
	_, err := s.editor.WaiveFinding(t.Context(), &articlev1.WaiveFindingRequest{
		Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: mark, Reason: "Vardas.",
	})
	if err != nil {
		t.Fatal(err)
	}
	request := &articlev1.RestoreFindingRequest{Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: mark}
	restored, err := s.editor.RestoreFinding(t.Context(), request)
	if must(t, restored, err); len(restored.GetFindings()) != 1 || restored.GetFindings()[0].GetWaived() {
		t.Errorf("found %v", restored.GetFindings())
	}
	if w := s.working(a.GetName()); len(w.GetWaivers()) != 0 || w.GetFindingsSummary().GetErrorCount() != 1 {
		t.Errorf("left: %v %v", w.GetWaivers(), w.GetFindingsSummary())
	}
	if _, err := s.editor.RestoreFinding(t.Context(), request); reasonOf(err) != faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
		t.Errorf("restored twice: %v", err)
	}
}

// TestWaiveRefuses holds what may not be waived.
func TestWaiveRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.junk("Knygos.")
	missing := s.create("Be aprašymo", func(a *articlev1.Article) {
		f := figure("fig", s.media.put("tuscia"))
		f.GetFigure().Placement.Alt = new("")
		a.Blocks = []*articlev1.Block{f}
	})
	mark := s.check(a.GetName())["alt-junk"].GetFingerprint()
	for _, c := range []struct {
		name   string
		client articlev1.ArticleServiceClient
		change func(*articlev1.WaiveFindingRequest)
		want   faultv1.Reason
	}{
		{"an author", s.author, func(*articlev1.WaiveFindingRequest) {}, faultv1.Reason_REASON_PERMISSION_DENIED},
		{"no etag", s.editor, func(r *articlev1.WaiveFindingRequest) { r.Etag = "" }, faultv1.Reason_REASON_ETAG_REQUIRED},
		{"an old etag", s.editor, func(r *articlev1.WaiveFindingRequest) { r.Etag = "r9-000000" }, faultv1.Reason_REASON_EDIT_CONFLICT},
		{"no such finding", s.editor, func(r *articlev1.WaiveFindingRequest) { r.Fingerprint = "alt-junk-0000000000000000" }, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		{"no reason", s.editor, func(r *articlev1.WaiveFindingRequest) { r.Reason = " \u00a0" }, faultv1.Reason_REASON_INVALID_FIELD},
		{"a reason with a bell", s.editor, func(r *articlev1.WaiveFindingRequest) { r.Reason = "a\a" }, faultv1.Reason_REASON_INVALID_TEXT},
		{"what must be mended", s.editor, func(r *articlev1.WaiveFindingRequest) {
			r.Article, r.Etag = missing.GetName(), missing.GetEtag()
			r.Fingerprint = s.check(missing.GetName())["alt-missing"].GetFingerprint()
		}, faultv1.Reason_REASON_WRONG_STATE},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := &articlev1.WaiveFindingRequest{Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: mark, Reason: "Vardas."}
			c.change(r)
			if _, err := c.client.WaiveFinding(t.Context(), r); reasonOf(err) != c.want {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if w := s.working(a.GetName()); len(w.GetWaivers()) != 0 {
		t.Errorf("refused, but now there is %v", w.GetWaivers())
	}
}

// TestSummaryFollows asks that the counts of a working copy are always those of
// its check.
func TestSummaryFollows(t *testing.T) {
	s := newSuite(t)
	a := s.junk("Knygos ir t.t.  - viskas")
	count := func(want *articlev1.FindingsSummary) {
		t.Helper()
		got := &articlev1.FindingsSummary{}
		for _, f := range s.check(a.GetName()) {
			if f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR {
				got.ErrorCount++
			} else {
				got.WarningCount++
			}
		}
		if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
			t.Errorf("checked (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, s.working(a.GetName()).GetFindingsSummary(), protocmp.Transform()); diff != "" {
			t.Errorf("stored (-want +got):\n%s", diff)
		}
	}
	count(&articlev1.FindingsSummary{ErrorCount: 1, WarningCount: 3})
	list, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working})
	if must(t, list, err); list.GetArticles()[0].GetFindingsSummary().GetWarningCount() != 3 {
		t.Errorf("listed with %v", list.GetArticles()[0].GetFindingsSummary())
	}
	clean := s.create("Be klaidų")
	for filter, want := range map[string]string{"has_findings = true": a.GetName(), "has_findings = false": clean.GetName()} {
		list, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working, Filter: filter})
		if must(t, list, err); len(list.GetArticles()) != 1 || list.GetArticles()[0].GetName() != want {
			t.Errorf("%s lists %v", filter, list.GetArticles())
		}
	}
	s.media.setAway(true)
	a.Blocks = []*articlev1.Block{a.GetBlocks()[0], paragraph("par", "Knygos.")}
	a, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: a})
	must(t, a, err)
	s.media.setAway(false)
	count(&articlev1.FindingsSummary{ErrorCount: 1})
}

// TestCheckGiven checks content that is not stored, and stores nothing of it.
func TestCheckGiven(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("lempa")
	given := &articlev1.Article{LanguageCode: "lt", Blocks: []*articlev1.Block{paragraph("", "Knygos ir t.t."), figure("", photo)}}
	resp, err := s.author.CheckArticle(t.Context(), &articlev1.CheckArticleRequest{Name: testkit.Site + "/articles/-", Article: given})
	must(t, resp, err)
	var rules []string
	for _, f := range resp.GetFindings() {
		rules = append(rules, f.GetRule())
	}
	if diff := cmp.Diff([]string{"title-empty", "abbreviation-space"}, rules); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	a := s.junk("Knygos.")
	mark := s.check(a.GetName())["alt-junk"].GetFingerprint()
	_, err = s.editor.WaiveFinding(t.Context(), &articlev1.WaiveFindingRequest{Article: a.GetName(), Etag: a.GetEtag(), Fingerprint: mark, Reason: "Vardas."})
	if err != nil {
		t.Fatal(err)
	}
	changed := proto.CloneOf(a)
	changed.Blocks[1] = paragraph("par", "Knygos 10%")
	resp, err = s.editor.CheckArticle(t.Context(), &articlev1.CheckArticleRequest{Name: a.GetName(), Article: changed})
	if must(t, resp, err); len(resp.GetFindings()) != 2 || !resp.GetFindings()[0].GetWaived() || resp.GetFindings()[1].GetProposal() != "10 %" {
		t.Errorf("found %v", resp.GetFindings())
	}
	if w := s.working(a.GetName()); w.GetRevision() != 1 {
		t.Errorf("it was stored: %v", w)
	}
	for _, c := range []struct {
		name, at string
		article  *articlev1.Article
		want     faultv1.Reason
	}{
		{"unknown photo", "/articles/-", &articlev1.Article{Blocks: []*articlev1.Block{figure("", testkit.Site+"/photos/nera")}}, faultv1.Reason_REASON_PHOTO_UNKNOWN},
		{"control character", "/articles/-", &articlev1.Article{Title: "a\u202e"}, faultv1.Reason_REASON_INVALID_TEXT},
		{"language of no article", "/articles/-", &articlev1.Article{LanguageCode: "de"}, faultv1.Reason_REASON_INVALID_FIELD},
		{"too long", "/articles/-", &articlev1.Article{Title: strings.Repeat("a", 301)}, faultv1.Reason_REASON_INVALID_FIELD},
		{"no article", "/articles/nera", &articlev1.Article{}, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		{"nothing given", "/articles/-", nil, faultv1.Reason_REASON_INVALID_FIELD},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := s.editor.CheckArticle(t.Context(), &articlev1.CheckArticleRequest{Name: testkit.Site + c.at, Article: c.article})
			if reasonOf(err) != c.want {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}
