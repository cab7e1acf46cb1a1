package server_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/server"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

const timeout = 5 * time.Second

const publicURI = "http://127.0.0.1:8080"

// suite is a sharing server before an article service, both behind the
// production chain.
type suite struct {
	articles *sharingtest.ArticleService
	server   *testkit.Server
	client   sharingv1.SharingServiceClient
}

func start(t *testing.T, site *articlev1.Site, resources ...*articlev1.Article) *suite {
	t.Helper()
	s := &suite{articles: sharingtest.NewArticleService(site, resources...)}
	upstream := testkit.Start(t, func(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, s.articles) })
	reader := articles.Reader{
		Client:    articlev1.NewArticleServiceClient(upstream.As(auth.Anonymous)),
		PublicURI: publicURI,
		Timeout:   timeout,
	}
	s.server = testkit.Start(t, func(r grpc.ServiceRegistrar) {
		sharingv1.RegisterSharingServiceServer(r, server.New(server.Config{
			Reader: reader, Cards: noCards{}, Documents: newDocuments(t, reader, site, resources...),
		}))
	})
	s.client = sharingv1.NewSharingServiceClient(s.server.As(auth.Anonymous))
	return s
}

// TestPublicURI shares an article of a site that has no address of its own.
func TestPublicURI(t *testing.T) {
	site := sharingtest.Site()
	site.BaseUri = ""
	s := start(t, site, sharingtest.Article())
	sheet, err := s.client.ComposeShareSheet(t.Context(), &sharingv1.ComposeShareSheetRequest{Article: sharingtest.ArticleName})
	if err != nil {
		t.Fatal(err)
	}
	want := publicURI + "/stazuote-danijos-bibliotekose"
	if uri, err := url.Parse(link(t, sheet, "facebook").GetUri()); err != nil || uri.Query().Get("u") != want {
		t.Errorf("facebook link = %s (%v), want it to share %s", uri, err, want)
	}
	preview, err := s.client.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName})
	if err != nil || preview.GetCanonicalUri() != want {
		t.Errorf("canonical_uri = %q (%v), want %q", preview.GetCanonicalUri(), err, want)
	}
}

func TestRenderPreview(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Article())
	preview, err := s.client.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName})
	if err != nil {
		t.Fatal(err)
	}
	if preview.GetTitle() != sharingtest.Article().GetTitle() || !strings.Contains(preview.GetHeadHtml(), preview.GetJsonLd()) {
		t.Errorf("preview = %v", preview)
	}
}

// TestAnonymous calls with the rights of an operator, who could see drafts.
func TestAnonymous(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Article())
	client := sharingv1.NewSharingServiceClient(s.server.As(auth.Operator))
	if _, err := client.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: sharingtest.ArticleName}); err != nil {
		t.Fatal(err)
	}
	if n := s.articles.Tokens(); n != 0 {
		t.Errorf("the article service was called %d times with a token", n)
	}
}

func TestFaults(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Article())
	sheet := func(article, code string) error {
		_, err := s.client.ComposeShareSheet(t.Context(), &sharingv1.ComposeShareSheetRequest{Article: article, LanguageCode: code})
		return err
	}
	preview := func(article string) error {
		_, err := s.client.RenderPreview(t.Context(), &sharingv1.RenderPreviewRequest{Article: article})
		return err
	}
	feed := func(site, code string) error {
		_, err := s.client.RenderFeed(t.Context(), &sharingv1.RenderFeedRequest{Site: site, LanguageCode: code})
		return err
	}
	const invalid, missing = faultv1.Reason_REASON_INVALID_FIELD, faultv1.Reason_REASON_RESOURCE_NOT_FOUND
	tests := []struct {
		name   string
		err    error
		code   codes.Code
		reason faultv1.Reason
		field  string
	}{
		{"sheet of nothing", sheet("", ""), codes.InvalidArgument, invalid, "article"},
		{"sheet in no language", sheet(sharingtest.ArticleName, "tlh"), codes.InvalidArgument, invalid, "language_code"},
		{"sheet of a draft", sheet(sharingtest.SiteName+"/articles/juodrastis", ""), codes.NotFound, missing, ""},
		{"preview of a bad name", preview("sites/a/articles/../x"), codes.InvalidArgument, invalid, "article"},
		{"preview of a draft", preview(sharingtest.SiteName + "/articles/juodrastis"), codes.NotFound, missing, ""},
		{"preview on no site", preview("sites/kita/articles/stazuote"), codes.NotFound, missing, ""},
		{"feed of no site", feed("sites/kita", ""), codes.NotFound, missing, ""},
		{"feed in a language of others", feed(sharingtest.SiteName, "da"), codes.InvalidArgument, invalid, "language_code"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if e := testkit.WantFault(t, test.err, test.code, test.reason); e.Field != test.field {
				t.Errorf("field = %q, want %q", e.Field, test.field)
			}
		})
	}
}

func TestArticleServiceFails(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Article())
	tests := []struct {
		name   string
		fails  error
		code   codes.Code
		reason faultv1.Reason
	}{
		{
			"store away", fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "later"),
			codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE,
		},
		{
			"defect", fault.New(faultv1.Reason_REASON_INTERNAL, "secret"),
			codes.Internal, faultv1.Reason_REASON_INTERNAL,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s.articles.Fail(test.fails)
			_, err := s.client.RenderFeed(t.Context(), &sharingv1.RenderFeedRequest{Site: sharingtest.SiteName})
			if e := testkit.WantFault(t, err, test.code, test.reason); strings.Contains(e.Error(), "secret") {
				t.Errorf("error tells too much: %v", e)
			}
		})
	}
}
