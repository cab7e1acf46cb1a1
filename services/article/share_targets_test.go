package article_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// ownTarget is a target that a library may have added.
func ownTarget(template string) *articlev1.ShareTarget {
	return &articlev1.ShareTarget{
		Id: "pasidalink", UriTemplate: template,
		Titles:      map[string]string{"lt": "Pasidalink", "en": "Sharealot"},
		Disclosures: map[string]string{"lt": "Atveriama svetainė pasidalink.example."},
	}
}

// setTargets changes the test site from what it is now.
func (s *suite) setTargets(appID string, rows ...*articlev1.ShareTarget) (*articlev1.Site, error) {
	s.t.Helper()
	site, err := s.anonymous.GetSite(s.t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	must(s.t, site, err)
	return s.admin.UpdateSite(s.t.Context(), &articlev1.UpdateSiteRequest{
		Site:       &articlev1.Site{Name: testkit.Site, Etag: site.GetEtag(), ShareTargets: rows, FacebookAppId: appID},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"share_targets", "facebook_app_id"}},
	})
}

// TestShareTargets sets, reads, keeps and empties the targets of a site.
func TestShareTargets(t *testing.T) {
	s := newSuite(t)
	want := []*articlev1.ShareTarget{
		{Id: "viber"}, ownTarget("https://www.pasidalink.example/add?lang=lt&u={uri}&t={title}&x={text}"), {Id: "messenger"}, {Id: "copy"},
	}
	site, err := s.setTargets("123456", want...)
	must(t, site, err)
	site, err = s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: testkit.Site})
	if diff := cmp.Diff(want, must(t, site, err).GetShareTargets(), protocmp.Transform()); diff != "" || site.GetFacebookAppId() != "123456" {
		t.Errorf("app id %q, targets (-want +got):\n%s", site.GetFacebookAppId(), diff)
	}
	if site.GetTitle() != newSite().GetTitle() {
		t.Errorf("the title became %q", site.GetTitle())
	}
	copied, err := s.importAs("sites/kopija", uuid.NewString(), s.export()...)
	must(t, copied, err)
	other, err := s.anonymous.GetSite(t.Context(), &articlev1.GetSiteRequest{Name: "sites/kopija"})
	if diff := cmp.Diff(want, must(t, other, err).GetShareTargets(), protocmp.Transform()); diff != "" || other.GetFacebookAppId() != "123456" {
		t.Errorf("after export and import: app id %q, targets (-want +got):\n%s", other.GetFacebookAppId(), diff)
	}
	site, err = s.setTargets("")
	if len(must(t, site, err).GetShareTargets()) != 0 || site.GetFacebookAppId() != "" {
		t.Errorf("emptied: %v", site)
	}
}

func TestShareTargetsRefused(t *testing.T) {
	s := newSuite(t)
	const ok = "https://pasidalink.example/?u={uri}"
	titled := func(titles, disclosures map[string]string) *articlev1.ShareTarget {
		return &articlev1.ShareTarget{Id: "pasidalink", UriTemplate: ok, Titles: titles, Disclosures: disclosures}
	}
	tests := []struct {
		name   string
		rows   []*articlev1.ShareTarget
		fields string
		says   string
	}{
		{"unknown id", []*articlev1.ShareTarget{{Id: "fbook"}}, "site.share_targets[0].id", "facebook, x, email"},
		{"the word for own ones", []*articlev1.ShareTarget{{Id: "own"}}, "site.share_targets[0].id", "uri_template"},
		{"twice", []*articlev1.ShareTarget{{Id: "x"}, {Id: "copy"}, {Id: "x"}}, "site.share_targets[2].id", "target 0"},
		{"own twice", []*articlev1.ShareTarget{ownTarget(ok), ownTarget(ok)}, "site.share_targets[1].id", "remove one"},
		{"known with an address", []*articlev1.ShareTarget{{Id: "x", UriTemplate: ok}}, "site.share_targets[0].id", "another id"},
		{"known with a name", []*articlev1.ShareTarget{{Id: "x", Titles: map[string]string{"lt": "Iksas"}}}, "site.share_targets[0].id", "titles"},
		{"messenger without an app", []*articlev1.ShareTarget{{Id: "copy"}, {Id: "messenger"}}, "site.facebook_app_id", "remove the target"},
		{"no name", []*articlev1.ShareTarget{titled(nil, nil)}, "site.share_targets[0].titles", `"lt"`},
		{"no name in the site's language", []*articlev1.ShareTarget{titled(map[string]string{"en": "A"}, nil)}, "site.share_targets[0].titles", "default language"},
		{"name in no language", []*articlev1.ShareTarget{titled(map[string]string{"lt": "A", "fr": "B"}, nil)}, `site.share_targets[0].titles["fr"]`, "lt, da, en"},
		{"blank name", []*articlev1.ShareTarget{titled(map[string]string{"lt": " "}, nil)}, `site.share_targets[0].titles["lt"]`, "one line"},
		{
			"two lines",
			[]*articlev1.ShareTarget{titled(map[string]string{"lt": "A"}, map[string]string{"lt": "B\nC"})},
			`site.share_targets[0].disclosures["lt"]`, "one line",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := s.setTargets("", test.rows...)
			e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
			if got := violations(&e); got != test.fields {
				t.Errorf("fields %s, want %s", got, test.fields)
			}
			if got := fault.Violations(&e)[0].Message; !strings.Contains(got, test.says) {
				t.Errorf("message %q does not say %q", got, test.says)
			}
		})
	}
}

// TestShareTargetAddresses: nothing of an article can change where a target's
// link leads.
func TestShareTargetAddresses(t *testing.T) {
	s := newSuite(t)
	for _, template := range []string{
		"https://pasidalink.example/?u={uri}", "https://pasidalink.example:8443/a/b?x=1&t={title}&u={uri}&c={text}", "https://a.lt?u={uri}&e=%20%25",
	} {
		if _, err := s.setTargets("", ownTarget(template)); err != nil {
			t.Errorf("%s: %v", template, err)
		}
	}
	for template, says := range map[string]string{
		"http://a.lt/?u={uri}":             "",
		"javascript:alert(1)//{uri}":       "",
		"https://?u={uri}":                 "absolute https",
		"https://a@b.lt/?u={uri}":          "absolute https",
		"https://{uri}/?u={uri}":           "absolute https",
		"https://a.lt/{uri}?u={uri}":       "behind the question mark",
		"https://a.lt/#{uri}":              "behind the question mark",
		"https://a.lt/?u={uri}#x":          "behind the question mark",
		"https://a.lt/":                    "{uri}",
		"https://a.lt/?u={title}":          "{uri}",
		"https://a.lt/?u={uri}&v={what}":   "whole value",
		"https://a.lt/?u={uri}&v={uri":     "whole value",
		"https://a.lt/?u=x{uri}":           "whole value",
		"https://a.lt/?u={uri}&{title}=a":  "no braces",
		"https://a.lt/?u={uri}&p=5%":       "%25",
		"https://a.lt/?u={uri}&p=a b":      "percent-encode",
		"https://a.lt/?u={uri}&p=ą":        "percent-encode",
		"https://a.lt/\"><script>?u={uri}": "percent-encode",
		"https://a.lt\\@b.lt/?u={uri}":     "percent-encode",
	} {
		_, err := s.setTargets("", ownTarget(template))
		e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
		if got := fault.Violations(&e); says != "" && (len(got) != 1 || got[0].Field != "site.share_targets[0].uri_template" || !strings.Contains(got[0].Message, says)) {
			t.Errorf("%s: %v does not say %q", template, got, says)
		}
	}
}
