package article_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// events lists all audit events of the site in pages of a size.
func (s *suite) events(filter string, size int32) []*articlev1.AuditEvent {
	s.t.Helper()
	var all []*articlev1.AuditEvent
	req := &articlev1.ListAuditEventsRequest{Parent: testkit.Site, Filter: filter, PageSize: size}
	for {
		page, err := s.admin.ListAuditEvents(s.t.Context(), req)
		must(s.t, page, err)
		all = append(all, page.GetAuditEvents()...)
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			return all
		}
	}
}

// methods tells events as "Method 1>2", oldest first.
func methods(events []*articlev1.AuditEvent) string {
	var words []string
	for _, e := range events {
		words = append([]string{fmt.Sprintf("%s %d>%d", strings.TrimSuffix(e.GetMethod(), "Article"), e.GetBaseRevision(), e.GetRevision())}, words...)
	}
	return strings.Join(words, ", ")
}

// Every write leaves an event, and what changes nothing leaves none.
func TestAuditOfALife(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirmas")
	a = s.saveAs(s.editor, a, "", "Antraštė", func(a *articlev1.Article) { a.Title = "Antras" })
	a = s.saveAs(s.editor, a, "", "nieko", func(*articlev1.Article) {})
	submitted, err := s.editor.SubmitArticle(t.Context(), &articlev1.SubmitArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), Note: "Prašau"})
	must(t, submitted, err)
	returned, err := s.editor.ReturnArticle(t.Context(), &articlev1.ReturnArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), Note: "Trūksta\nnuotraukos"})
	must(t, returned, err)
	s.publish(a)
	back, err := s.rollback(a, "1")
	must(t, back, err)
	s.withdraw(back)
	s.remove(back)
	restored, err := s.admin.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: a.GetName(), Etag: back.GetEtag()})
	must(t, restored, err)
	_, err = s.rollback(a, "2") // with a stale etag
	wantReason(t, err, faultv1.Reason_REASON_EDIT_CONFLICT)

	events := s.events(`resource = "`+a.GetName()+`"`, 3)
	want := "Create 0>1, Update 1>2, Submit 2>2, Return 2>2, Publish 2>2, Rollback 2>3, Unpublish 3>3, Delete 3>3, Undelete 3>3"
	if got := methods(events); got != want {
		t.Errorf("got %s", got)
	}
	var notes []string
	for _, e := range events {
		notes = append([]string{e.GetNote()}, notes...)
	}
	if diff := cmp.Diff([]string{"", "Antraštė", "Prašau", "Trūksta\nnuotraukos", "", "Atkurta 1 versija", "", "", ""}, notes); diff != "" {
		t.Errorf("notes: %s", diff)
	}
	update := events[7]
	if update.GetPrincipal() != testkit.PrincipalOf(auth.Editor).ID || time.Since(update.GetCreateTime().AsTime()) > time.Minute {
		t.Errorf("got %v", update)
	}
	id := regexp.MustCompile(`^` + testkit.Site + `/auditEvents/[a-z][a-z0-9]{32}$`)
	if !id.MatchString(update.GetName()) {
		t.Errorf("got the name %q", update.GetName())
	}
}

func TestListAuditEvents(t *testing.T) {
	s := newSuite(t)
	site, err := s.admin.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(t, site, err).Title = "Kita"
	changed, err := s.admin.UpdateSite(t.Context(), &articlev1.UpdateSiteRequest{Site: site})
	must(t, changed, err)
	a := s.create("Pirmas")
	mark := time.Now().UTC().Format(time.RFC3339Nano)
	s.publish(a)
	s.create("Antras")
	for filter, want := range map[string]string{
		"":                                  "CreateSite 0>0, UpdateSite 0>0, Create 0>1, Publish 1>1, Create 0>1",
		`method = "CreateArticle"`:          "Create 0>1, Create 0>1",
		`resource = "` + testkit.Site + `"`: "CreateSite 0>0, UpdateSite 0>0",
		`principal = "` + testkit.PrincipalOf(auth.Admin).ID + `"`:            "UpdateSite 0>0",
		`create_time > "` + mark + `"`:                                        "Publish 1>1, Create 0>1",
		`create_time <= "` + mark + `"`:                                       "CreateSite 0>0, UpdateSite 0>0, Create 0>1",
		`create_time < ` + mark + ` AND method = CreateArticle`:               "Create 0>1",
		`create_time > "` + mark + `" OR method = UpdateSite`:                 "UpdateSite 0>0, Publish 1>1, Create 0>1",
		`create_time >= "` + mark + `" create_time <= "` + mark + `"`:         "",
		`NOT create_time > "` + mark + `" AND resource="` + a.GetName() + `"`: "Create 0>1",
	} {
		if got := methods(s.events(filter, 2)); got != want {
			t.Errorf("%s: got %s, want %s", filter, got, want)
		}
	}
	s.site("kita")
	for name, c := range map[string]struct {
		req    *articlev1.ListAuditEventsRequest
		reason faultv1.Reason
	}{
		"a site that is not there": {&articlev1.ListAuditEventsRequest{Parent: "sites/nera"}, faultv1.Reason_REASON_RESOURCE_NOT_FOUND},
		"a filter":                 {&articlev1.ListAuditEventsRequest{Parent: testkit.Site, Filter: "note:*"}, faultv1.Reason_REASON_INVALID_FILTER},
		"a token":                  {&articlev1.ListAuditEventsRequest{Parent: testkit.Site, PageToken: "AQAA"}, faultv1.Reason_REASON_INVALID_PAGE_TOKEN},
	} {
		_, err := s.as(auth.Operator).ListAuditEvents(t.Context(), c.req)
		t.Log(name)
		wantReason(t, err, c.reason)
	}
	_, err = s.editor.ListAuditEvents(t.Context(), &articlev1.ListAuditEventsRequest{Parent: testkit.Site})
	wantReason(t, err, faultv1.Reason_REASON_PERMISSION_DENIED)
}

// Events that are written while somebody reads double and hide nothing; their
// names stay.
func TestPagesOfAuditEvents(t *testing.T) {
	s := newSuite(t)
	for i := range 12 {
		s.create(fmt.Sprintf("Straipsnis %d", i))
	}
	before := s.events("", 200)
	var paged []*articlev1.AuditEvent
	req := &articlev1.ListAuditEventsRequest{Parent: testkit.Site, PageSize: 5}
	for {
		page, err := s.admin.ListAuditEvents(t.Context(), req)
		must(t, page, err)
		paged = append(paged, page.GetAuditEvents()...)
		s.create("Dar vienas")
		if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
			break
		}
	}
	if diff := cmp.Diff(before, paged, protocmp.Transform()); diff != "" || len(before) != 13 {
		t.Errorf("-at once +in pages: %s", diff)
	}
}
