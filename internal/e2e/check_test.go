package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestCheck checks, repairs, waives and restores over REST, and with the
// command line.
func TestCheck(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	token, exit := tokenFor(t, suite, "rasa@example.lt", "editor")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	r := &restCaller{t: t, base: suite.HTTP + "/v1/sites/kaunas", token: token}

	found := &articlev1.CheckArticleResponse{}
	r.call(http.MethodPost, "/articles/-:check", "", `{"article":{"title":"Mugė ir t.t."}}`, found)
	if len(found.GetFindings()) != 1 || found.GetFindings()[0].GetProposal() != "t. t." {
		t.Errorf("found %v", found)
	}
	a := &articlev1.Article{}
	r.call(http.MethodPost, "/articles?articleId=muge", "", `{"title":"Mugė ir t.t.","blocks":[{"id":"a","paragraph":{"text":{"spans":[{"text":"Programa:"}]}}}]}`, a)
	fixed := &articlev1.FixArticleResponse{}
	r.call(http.MethodPost, "/articles/muge:fix", a.GetEtag(), `{}`, fixed)
	if fixed.GetArticle().GetTitle() != "Mugė ir t. t." || len(fixed.GetRepairs()) != 1 {
		t.Errorf("repaired %v", fixed)
	}
	r.call(http.MethodGet, "/articles/muge:check", "", "", found)
	mark := found.GetFindings()[0].GetFingerprint()
	if len(found.GetFindings()) != 1 || !strings.HasPrefix(mark, "heading-fake-") {
		t.Fatalf("found %v", found)
	}
	waived := &articlev1.WaiveFindingResponse{}
	r.call(http.MethodPost, "/articles/muge:waiveFinding", fixed.GetArticle().GetEtag(), `{"fingerprint":"`+mark+`","reason":"Taip reikia."}`, waived)
	if !waived.GetFindings()[0].GetWaived() {
		t.Errorf("waived %v", waived)
	}
	restored := &articlev1.RestoreFindingResponse{}
	r.call(http.MethodPost, "/articles/muge:restoreFinding", fixed.GetArticle().GetEtag(), `{"fingerprint":"`+mark+`"}`, restored)
	if restored.GetFindings()[0].GetWaived() {
		t.Errorf("restored %v", restored)
	}

	for _, c := range []struct {
		want string
		args []string
	}{
		{"(heading-fake)\n    waive it with: article waive muge " + mark, []string{"check", "muge"}},
		{"waived: block 1", []string{"waive", "muge", mark, "--reason", "Taip reikia."}},
		{"warning: block 1", []string{"restore", "muge", mark}},
		{"nothing to repair", []string{"fix", "muge", "--dry-run"}},
	} {
		expect(t, suite, 0, []string{c.want}, append([]string{"article"}, c.args...)...)
	}
}
