package server_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// TestCreateShareLink makes words, once for each request.
func TestCreateShareLink(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas")
	code := s.publish(t, a)
	req := &sharingv1.CreateShareLinkRequest{
		Parent: sharingtest.SiteName, ShareLinkId: "knygu-muge", RequestId: uuid.NewString(),
		ShareLink: &sharingv1.ShareLink{Article: a.GetName(), Note: "Plakatas\nknygų mugei"},
	}
	editor := s.as(auth.Editor)
	made, err := editor.CreateShareLink(t.Context(), req)
	must(t, err)
	want := &sharingv1.ShareLink{
		Name: sharingtest.SiteName + "/shareLinks/knygu-muge", Article: a.GetName(), Kind: sharingv1.ShareLink_KIND_WORDS,
		State: sharingv1.ShareLink_STATE_ACTIVE, Note: "Plakatas knygų mugei", Uri: "https://naujienos.biblioteka.lt/s/knygu-muge",
		Creator: testkit.PrincipalOf(auth.Editor).ID,
	}
	changing := protocmp.IgnoreFields(want, "uid", "create_time", "update_time", "etag")
	if diff := cmp.Diff(want, made, protocmp.Transform(), changing); diff != "" {
		t.Errorf("made (-want +got):\n%s", diff)
	}
	if uuid.Validate(made.GetUid()) != nil || made.GetEtag() == "" || !made.GetCreateTime().IsValid() {
		t.Errorf("made %v", made)
	}
	again, err := editor.CreateShareLink(t.Context(), req)
	must(t, err)
	read, err := editor.GetShareLink(t.Context(), &sharingv1.GetShareLinkRequest{Name: made.GetName()})
	must(t, err)
	if diff := cmp.Diff([]*sharingv1.ShareLink{made, made}, []*sharingv1.ShareLink{again, read}, protocmp.Transform()); diff != "" {
		t.Errorf("repeated and read (-want +got):\n%s", diff)
	}
	own, err := editor.GetShareLink(t.Context(), &sharingv1.GetShareLinkRequest{Name: sharingtest.SiteName + "/shareLinks/" + code})
	must(t, err)
	if own.GetKind() != sharingv1.ShareLink_KIND_GENERATED || own.GetCreator() != "" || own.GetArticle() != a.GetName() {
		t.Errorf("the code is %v", own)
	}
}

// TestCreateShareLinkRefuses words that nobody could tell from something else.
func TestCreateShareLinkRefuses(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas")
	s.publish(t, a)
	s.words(t, "knygu-muge", a)
	const invalid = faultv1.Reason_REASON_INVALID_FIELD
	tests := []struct {
		name, words, article string
		code                 codes.Code
		reason               faultv1.Reason
		field                string
	}{
		{"an address", "https:", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"an address without scheme", "//evil.lt", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"encoded slashes", "..%2f..%2f", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"a path", "../../admin", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"a header", "a\r\nlocation: b", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"markup", "<script>x", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"letters of elsewhere", "\u212anygu-muge", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"capitals", "Knygu-Muge", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"like a code", "vasara25", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"reserved", "robots", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"too short", "abc", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"too long", strings.Repeat("a", 41), a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"none", "", a.GetName(), codes.InvalidArgument, invalid, "share_link_id"},
		{"taken", "knygu-muge", a.GetName(), codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS, ""},
		{"no article", "zodziai", "", codes.InvalidArgument, invalid, "share_link.article"},
		{"an address for an article", "zodziai", "https://evil.lt", codes.InvalidArgument, invalid, "share_link.article"},
		{"an article of another site", "zodziai", "sites/kita/articles/vienas", codes.InvalidArgument, invalid, "share_link.article"},
		{"an article that was never public", "zodziai", sharingtest.SiteName + "/articles/juodrastis", codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.as(auth.Editor).CreateShareLink(t.Context(), &sharingv1.CreateShareLinkRequest{
				Parent: sharingtest.SiteName, ShareLinkId: test.words, ShareLink: &sharingv1.ShareLink{Article: test.article},
			})
			if e := testkit.WantFault(t, err, test.code, test.reason); e.Field != test.field {
				t.Errorf("field = %q, want %q; %v", e.Field, test.field, err)
			}
		})
	}
}

// TestListShareLinks lists by article, kind and state, in pages.
func TestListShareLinks(t *testing.T) {
	s := startLinks(t)
	first, second := piece("pirmas"), piece("antras")
	one, two := s.publish(t, first), s.publish(t, second)
	s.words(t, "pirmi-zodziai", first)
	s.words(t, "antri-zodziai", second)
	s.withdraw(t, second)
	tests := []struct {
		name, filter string
		want         []string
	}{
		{"all", "", []string{"antri-zodziai", "pirmi-zodziai", two, one}},
		{"of an article", `article = "` + first.GetName() + `"`, []string{"pirmi-zodziai", one}},
		{"words", "kind = WORDS", []string{"antri-zodziai", "pirmi-zodziai"}},
		{"no words", "kind != WORDS", []string{two, one}},
		{"codes", "kind = KIND_GENERATED", []string{two, one}},
		{"that are gone", "state = GONE", []string{"antri-zodziai", two}},
		{"either", `kind = WORDS OR article = "` + first.GetName() + `"`, []string{"antri-zodziai", "pirmi-zodziai", one}},
		{"of an article of another site", `article = "sites/kita/articles/pirmas"`, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			req := &sharingv1.ListShareLinksRequest{Parent: sharingtest.SiteName, PageSize: 1, Filter: test.filter}
			var got []string
			for {
				page, err := s.as(auth.Author).ListShareLinks(t.Context(), req)
				must(t, err)
				for _, link := range page.GetShareLinks() {
					got = append(got, strings.TrimPrefix(link.GetName(), sharingtest.SiteName+"/shareLinks/"))
				}
				if req.PageToken = page.GetNextPageToken(); req.GetPageToken() == "" {
					break
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("links (-want +got):\n%s", diff)
			}
		})
	}
	_, err := s.as(auth.Author).ListShareLinks(t.Context(), &sharingv1.ListShareLinksRequest{Parent: sharingtest.SiteName, Filter: "uri = x"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FILTER)
	_, err = s.as(auth.Author).ListShareLinks(t.Context(), &sharingv1.ListShareLinksRequest{Parent: sharingtest.SiteName, PageToken: "abc"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_PAGE_TOKEN)
}

// TestDeleteShareLink retires words, and no code.
func TestDeleteShareLink(t *testing.T) {
	s := startLinks(t)
	a := piece("vienas")
	code := s.publish(t, a)
	link := s.words(t, "knygu-muge", a)
	editor := s.as(auth.Editor)
	_, err := editor.DeleteShareLink(t.Context(), &sharingv1.DeleteShareLinkRequest{Name: link.GetName()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	_, err = editor.DeleteShareLink(t.Context(), &sharingv1.DeleteShareLinkRequest{Name: sharingtest.SiteName + "/shareLinks/" + code, Etag: "any"})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	_, err = editor.DeleteShareLink(t.Context(), &sharingv1.DeleteShareLinkRequest{Name: sharingtest.SiteName + "/shareLinks/nera-tokiu", Etag: "any"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)

	req := &sharingv1.DeleteShareLinkRequest{Name: link.GetName(), Etag: link.GetEtag(), RequestId: uuid.NewString()}
	gone, err := editor.DeleteShareLink(t.Context(), req)
	must(t, err)
	if gone.GetState() != sharingv1.ShareLink_STATE_RETIRED || gone.GetEtag() == link.GetEtag() {
		t.Errorf("deleted: %v", gone)
	}
	again, err := editor.DeleteShareLink(t.Context(), req)
	must(t, err)
	if diff := cmp.Diff(gone, again, protocmp.Transform()); diff != "" {
		t.Errorf("a retry (-want +got):\n%s", diff)
	}
	_, err = editor.CreateShareLink(t.Context(), &sharingv1.CreateShareLinkRequest{
		Parent: sharingtest.SiteName, ShareLinkId: "knygu-muge", ShareLink: &sharingv1.ShareLink{Article: a.GetName()},
	})
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
}
