package server_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// oneCode is the same code for every article, or none.
type oneCode string

func (c oneCode) Code(_ context.Context, name published.Name, _ string) (string, error) {
	if c == "" {
		return "", fault.NotFound(name.String())
	}
	return string(c), nil
}

// startSheets is a sharing server for a site and its article, with a code.
func startSheets(t *testing.T, code string, site *articlev1.Site) sharingv1.SharingServiceClient {
	t.Helper()
	upstream := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, sharingtest.NewArticleService(site, sharingtest.Article()))
	})
	reader := articles.Reader{Client: articlev1.NewArticleServiceClient(upstream.As(auth.Anonymous)), Timeout: timeout}
	sharing := testkit.Start(t, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{Reader: reader, Cards: noCards{}, ShortLinks: oneCode(code)}))
	})
	return sharingv1.NewSharingServiceClient(sharing.As(auth.Anonymous))
}

// compose returns the sheet of the article.
func compose(t *testing.T, client sharingv1.SharingServiceClient, language string) *sharingv1.ComposeShareSheetResponse {
	t.Helper()
	sheet, err := client.ComposeShareSheet(t.Context(), &sharingv1.ComposeShareSheetRequest{
		Article: sharingtest.ArticleName, LanguageCode: language,
	})
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

// ids returns the targets of a sheet in order.
func ids(sheet *sharingv1.ComposeShareSheetResponse) []string {
	var all []string
	for _, link := range sheet.GetLinks() {
		all = append(all, link.GetTarget())
	}
	return all
}

// link returns the link of a target.
func link(t *testing.T, sheet *sharingv1.ComposeShareSheetResponse, target string) *sharingv1.TargetLink {
	t.Helper()
	at := slices.Index(ids(sheet), target)
	if at < 0 {
		t.Fatalf("no link of %s among %v", target, ids(sheet))
	}
	return sheet.GetLinks()[at]
}

func TestComposeShareSheet(t *testing.T) {
	client := startSheets(t, "3f7k2m9q", sharingtest.Site())
	tests := []struct{ name, code, language, heading, email string }{
		{"the article's language", "", "lt", "Dalintis", "El. paštas"},
		{"the reader's language", "en", "en", "Share", "E-mail"},
		{"with a country", "da-DK", "da", "Del", "E-mail"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			sheet := compose(t, client, test.code)
			if sheet.GetLanguageCode() != test.language || sheet.GetHeading() != test.heading || len(sheet.GetLinks()) != 17 {
				t.Fatalf("language %q, heading %q, links %v", sheet.GetLanguageCode(), sheet.GetHeading(), ids(sheet))
			}
			if got := link(t, sheet, "email").GetTitle(); got != test.email {
				t.Errorf("title of e-mail = %q, want %q", got, test.email)
			}
			for _, l := range sheet.GetLinks() {
				checkLink(t, l)
			}
		})
	}
}

// checkLink holds a link to what the contract promises of every one.
func checkLink(t *testing.T, link *sharingv1.TargetLink) {
	t.Helper()
	uri, err := url.Parse(link.GetUri())
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains([]string{"https", "mailto", "sms", "viber"}, uri.Scheme) {
		t.Errorf("%s: scheme %q", link.GetTarget(), uri.Scheme)
	}
	switch link.GetKind() {
	case sharingv1.TargetLink_KIND_PRINT, sharingv1.TargetLink_KIND_QR:
		if uri.Host != "naujienos.biblioteka.lt" {
			t.Errorf("%s: leads to %s", link.GetTarget(), uri)
		}
	default:
		if !strings.Contains(strings.ReplaceAll(uri.String(), "%2F", "/"), "naujienos.biblioteka.lt/s/3f7k2m9q.") {
			t.Errorf("%s: %s lacks the short address", link.GetTarget(), uri)
		}
	}
	if !strings.HasPrefix(link.GetLabel(), link.GetTitle()+": ") || link.GetDisclosure() == "" {
		t.Errorf("%s: label %q, disclosure %q", link.GetTarget(), link.GetLabel(), link.GetDisclosure())
	}
	if link.GetKind() == 0 || link.GetSource() == 0 || link.GetExposure() == 0 || !strings.HasPrefix(link.GetIconSvg(), "<svg ") {
		t.Errorf("%s: something is not set: %v", link.GetTarget(), link)
	}
	if press := link.GetExposure() == sharingv1.TargetLink_EXPOSURE_PRESS; press != (link.GetRecipientHost() != "") {
		t.Errorf("%s: exposure %s to %q", link.GetTarget(), link.GetExposure(), link.GetRecipientHost())
	}
}

// TestShareSheetFacts writes out one target of each kind.
func TestShareSheetFacts(t *testing.T) {
	site := sharingtest.Site()
	site.FacebookAppId = "42"
	sheet := compose(t, startSheets(t, "3f7k2m9q", site), "en")
	const origin = "https://naujienos.biblioteka.lt"
	want := map[string]*sharingv1.TargetLink{
		"messenger": {
			Title: "Messenger", Kind: sharingv1.TargetLink_KIND_LINK, Source: sharingv1.ShareSource_SHARE_SOURCE_MESSENGER,
			RecipientHost: "facebook.com", Recipient: "Meta", Exposure: sharingv1.TargetLink_EXPOSURE_PRESS,
			AppUri: "fb-messenger://share?link=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fs%2F3f7k2m9q.g",
			Uri: "https://www.facebook.com/dialog/send?app_id=42&link=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fs%2F3f7k2m9q.g" +
				"&redirect_uri=https%3A%2F%2Fnaujienos.biblioteka.lt%2Fstazuote-danijos-bibliotekose",
		},
		"copy": {
			Title: "Copy link", Kind: sharingv1.TargetLink_KIND_COPY, Source: sharingv1.ShareSource_SHARE_SOURCE_COPY,
			Uri: origin + "/s/3f7k2m9q.c", Exposure: sharingv1.TargetLink_EXPOSURE_NONE,
		},
		"device": {
			Title: "Another app", Kind: sharingv1.TargetLink_KIND_DEVICE, Source: sharingv1.ShareSource_SHARE_SOURCE_DEVICE,
			Uri: origin + "/s/3f7k2m9q.d", Exposure: sharingv1.TargetLink_EXPOSURE_SEND,
		},
		"print": {
			Title: "Print a leaflet", Kind: sharingv1.TargetLink_KIND_PRINT, Source: sharingv1.ShareSource_SHARE_SOURCE_PRINT,
			Uri: origin + "/-/articles/stazuote/print", Exposure: sharingv1.TargetLink_EXPOSURE_NONE,
		},
		"qr": {
			Title: "QR code", Kind: sharingv1.TargetLink_KIND_QR, Source: sharingv1.ShareSource_SHARE_SOURCE_QR,
			Uri: origin + "/-/qr/3f7k2m9q.svg", Exposure: sharingv1.TargetLink_EXPOSURE_NONE,
		},
	}
	for target, facts := range want {
		facts.Target = target
		ignored := protocmp.IgnoreFields(&sharingv1.TargetLink{}, "label", "disclosure", "icon_svg")
		if diff := cmp.Diff(facts, link(t, sheet, target), protocmp.Transform(), ignored); diff != "" {
			t.Errorf("%s (-want +got):\n%s", target, diff)
		}
	}
	if sheet.GetShareLink() != sharingtest.SiteName+"/shareLinks/3f7k2m9q" || sheet.GetShortUri() != origin+"/s/3f7k2m9q" {
		t.Errorf("share_link %q, short_uri %q", sheet.GetShareLink(), sheet.GetShortUri())
	}
	if lines := strings.Split(sheet.GetText(), "\n"); len(lines) != 3 || lines[0] != sharingtest.Article().GetTitle() || lines[2] != "Bibliotekos naujienos" {
		t.Errorf("text = %q", sheet.GetText())
	}
}

// TestShareSheetWithoutCode passes on the long address, and offers no code and
// no leaflet.
func TestShareSheetWithoutCode(t *testing.T) {
	sheet := compose(t, startSheets(t, "", sharingtest.Site()), "")
	const address = "https://naujienos.biblioteka.lt/stazuote-danijos-bibliotekose"
	if sheet.GetShortUri() != address || sheet.GetShareLink() != "" || link(t, sheet, "copy").GetUri() != address {
		t.Errorf("short_uri %q, share_link %q", sheet.GetShortUri(), sheet.GetShareLink())
	}
	if got := ids(sheet); slices.Contains(got, "qr") || slices.Contains(got, "print") || slices.Contains(got, "messenger") {
		t.Errorf("targets are %v", got)
	}
}

// TestSiteTargets shows what a site has listed, in its order, with its own.
func TestSiteTargets(t *testing.T) {
	site := sharingtest.Site()
	site.ShareTargets = []*articlev1.ShareTarget{
		{Id: "viber"},
		{
			Id: "pasidalink", UriTemplate: "https://www.pasidalink.example/?u={uri}&t={title}&x={text}",
			Titles: map[string]string{"lt": "Pasidalink"}, Disclosures: map[string]string{"lt": "Sužinos „Pasidalink“."},
		},
		{Id: "from-the-future"},
		{Id: "copy"},
	}
	client := startSheets(t, "3f7k2m9q", site)
	sheet := compose(t, client, "lt")
	if got, want := ids(sheet), []string{"viber", "pasidalink", "copy"}; !slices.Equal(got, want) {
		t.Fatalf("targets are %v, want %v", got, want)
	}
	want := &sharingv1.TargetLink{
		Target: "pasidalink", Title: "Pasidalink", Label: "Pasidalink: Dalintis (atveria pasidalink.example)",
		Disclosure: "Sužinos „Pasidalink“.", Kind: sharingv1.TargetLink_KIND_LINK, Source: sharingv1.ShareSource_SHARE_SOURCE_OTHER,
		RecipientHost: "pasidalink.example", Recipient: "pasidalink.example", Exposure: sharingv1.TargetLink_EXPOSURE_PRESS,
	}
	own := sheet.GetLinks()[1]
	if diff := cmp.Diff(want, own, protocmp.Transform(), protocmp.IgnoreFields(own, "uri", "icon_svg")); diff != "" {
		t.Errorf("own target (-want +got):\n%s", diff)
	}
	uri, err := url.Parse(own.GetUri())
	if err != nil {
		t.Fatal(err)
	}
	query := uri.Query()
	if query.Get("u") != "https://naujienos.biblioteka.lt/s/3f7k2m9q.o" || query.Get("t") != sharingtest.Article().GetTitle() ||
		query.Get("x") != sheet.GetText() || len(query) != 3 {
		t.Errorf("own link = %s", uri)
	}
	english := link(t, compose(t, client, "en"), "pasidalink")
	if english.GetTitle() != "Pasidalink" || !strings.HasPrefix(english.GetDisclosure(), "Opens pasidalink.example.") {
		t.Errorf("in English: %v", english)
	}
}
