package article_test

import (
	"testing"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

func TestPermissions(t *testing.T) {
	testkit.WalkPermissions(t, articlev1.File_skaitykla_article_v1_article_service_proto.Services().Get(0))
}

func TestSite(t *testing.T) {
	s := newSuite(t)
	operator := s.as(auth.Operator)
	site, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(t, site, err)
	_, err = operator.CreateSite(t.Context(), &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)

	update := func(etag string, change *articlev1.Site, paths ...string) (*articlev1.Site, error) {
		change.Name, change.Etag = testkit.Site, etag
		return s.admin.UpdateSite(t.Context(), &articlev1.UpdateSiteRequest{Site: change, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths}})
	}
	_, err = update("", &articlev1.Site{Title: "Kita"})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	_, err = update(site.GetEtag(), &articlev1.Site{}, "uid")
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD_MASK)
	_, err = update(site.GetEtag(), &articlev1.Site{}, "title")
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	next, err := update(site.GetEtag(), &articlev1.Site{Hosts: []string{"biblioteka.example.lt"}})
	if must(t, next, err); next.GetEtag() == site.GetEtag() || next.GetTitle() != site.GetTitle() {
		t.Errorf("got %v", next)
	}
	same, err := update(site.GetEtag(), &articlev1.Site{Hosts: []string{"biblioteka.example.lt"}})
	if must(t, same, err); !proto.Equal(same, next) {
		t.Errorf("a change of nothing gave %v", same)
	}
	_, err = update(site.GetEtag(), &articlev1.Site{Title: "Kita"})
	e := testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	if detail, ok := e.Details[0].(*faultv1.EditConflict); !ok || detail.GetCurrentEtag() != next.GetEtag() {
		t.Errorf("got the details %v", e.Details)
	}

	other := newSite()
	other.Hosts = []string{"biblioteka.example.lt"}
	_, err = operator.CreateSite(t.Context(), &articlev1.CreateSiteRequest{SiteId: "kita", Site: other})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_HOST_TAKEN)
	freed, err := update(next.GetEtag(), &articlev1.Site{}, "hosts")
	must(t, freed, err)
	req := &articlev1.CreateSiteRequest{SiteId: "kita", Site: other, RequestId: uuid.NewString()}
	first, err := operator.CreateSite(t.Context(), req)
	must(t, first, err)
	again, err := operator.CreateSite(t.Context(), req)
	if must(t, again, err); !proto.Equal(first, again) {
		t.Errorf("the second answer is %v", again)
	}
}

func TestSitesAndDelete(t *testing.T) {
	s := newSuite(t)
	operator := s.as(auth.Operator)
	for _, id := range []string{"aaa", "aaa-bbb", "ccc"} {
		s.site(id)
	}
	var got []string
	req := &articlev1.ListSitesRequest{PageSize: 3}
	for {
		page, err := s.anonymous.ListSites(t.Context(), req)
		for _, site := range must(t, page, err).GetSites() {
			got = append(got, site.GetName())
		}
		if req.PageToken = page.GetNextPageToken(); req.PageToken == "" {
			break
		}
	}
	if len(got) != 4 || got[0] != "sites/aaa" || got[3] != "sites/ccc" {
		t.Errorf("got %v", got)
	}
	s.create("Pirma")
	site, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(t, site, err)
	_, err = operator.DeleteSite(t.Context(), &articlev1.DeleteSiteRequest{Name: testkit.Site, Etag: site.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_SITE_NOT_EMPTY)
	empty, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: "sites/ccc"})
	must(t, empty, err)
	_, err = operator.DeleteSite(t.Context(), &articlev1.DeleteSiteRequest{Name: "sites/ccc", Etag: "s9-aaaaaa"})
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	del := &articlev1.DeleteSiteRequest{Name: "sites/ccc", Etag: empty.GetEtag(), RequestId: uuid.NewString()}
	for range 2 {
		if _, err = operator.DeleteSite(t.Context(), del); err != nil {
			t.Fatal(err)
		}
	}
	_, err = s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: "sites/ccc"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.anonymous.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: "sites/ccc"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}
