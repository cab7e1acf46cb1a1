package e2e_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// TestHistory saves an article three times, looks at what was before, goes back
// and reads what readers saw, all over REST.
func TestHistory(t *testing.T) {
	suite := e2e.Start(t, program, t.TempDir())
	createSite(t, suite)
	token, exit := tokenFor(t, suite, "rasa@example.lt", "admin")
	if exit != 0 {
		t.Fatalf("token: %s", token)
	}
	r := &restCaller{t: t, base: suite.HTTP + "/v1/sites/kaunas", token: token}

	a := &articlev1.Article{}
	r.call(http.MethodPost, "/articles?articleId=muge", "", `{"title":"Knygų mugė","blocks":[{"id":"a","paragraph":{"text":{"spans":[{"text":"Ateikite visi."}]}}}]}`, a)
	r.call(http.MethodPost, "/articles/muge:publish", a.GetEtag(), `{}`, a)
	shown := time.Now()
	r.call(http.MethodPatch, "/articles/muge?editSession=rytas", a.GetEtag(), `{"title":"Didžioji knygų mugė"}`, a)
	r.call(http.MethodPost, "/articles/muge:rollback", a.GetEtag(), `{"revisionId":"1"}`, a)
	if a.GetTitle() != "Knygų mugė" || a.GetRevision() != 3 {
		t.Errorf("going back gave %v", a)
	}
	list := &articlev1.ListArticleRevisionsResponse{}
	r.call(http.MethodGet, "/articles/muge/revisions?filter="+url.QueryEscape(`edit_session = "rytas"`), "", "", list)
	if len(list.GetArticleRevisions()) != 1 || list.GetArticleRevisions()[0].GetTitle() != "Didžioji knygų mugė" {
		t.Errorf("got revisions %v", list)
	}
	revision := &articlev1.ArticleRevision{}
	r.call(http.MethodGet, "/articles/muge/revisions/1", "", "", revision)
	if revision.GetArticle().GetTitle() != "Knygų mugė" || len(revision.GetPublishTimes()) != 1 {
		t.Errorf("got revision %v", revision)
	}
	diff := &articlev1.DiffArticleRevisionsResponse{}
	r.call(http.MethodGet, "/articles/muge/revisions:diff?baseRevisionId=1&revisionId=2", "", "", diff)
	if len(diff.GetFields()) != 1 || len(diff.GetFields()[0].GetTexts()[0].GetSegments()) != 3 || len(diff.GetBlocks()) != 0 {
		t.Errorf("got diff %v", diff)
	}
	r.call(http.MethodPost, "/articles/muge:unpublish", a.GetEtag(), `{}`, a)
	r.call(http.MethodGet, "/articles/muge?readTime="+url.QueryEscape(shown.UTC().Format(time.RFC3339Nano)), "", "", a)
	if a.GetRevision() != 1 || a.GetPath() != "/knygu-muge" {
		t.Errorf("readers saw %v", a)
	}
	audit := &articlev1.ListAuditEventsResponse{}
	r.call(http.MethodGet, "/auditEvents?filter="+url.QueryEscape(`method = "RollbackArticle"`), "", "", audit)
	if len(audit.GetAuditEvents()) != 1 || audit.GetAuditEvents()[0].GetNote() != "Atkurta 1 versija" {
		t.Errorf("got events %v", audit)
	}
}

// restCaller calls REST methods below an address with a token.
type restCaller struct {
	t           *testing.T
	base, token string
}

// call stops the test unless the answer is a good one, and reads it into m.
func (r *restCaller) call(method, path, etag, body string, m proto.Message) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	request.Header.Set("Content-Type", "application/json")
	if etag != "" {
		request.Header.Set("If-Match", etag)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if reply.StatusCode != http.StatusOK {
		r.t.Fatalf("%s %s answers %d: %s", method, path, reply.StatusCode, answer)
	}
	proto.Reset(m)
	if err := protojson.Unmarshal(answer, m); err != nil {
		r.t.Fatalf("%s %s: %v", method, path, err)
	}
}
