package server_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// newDocuments makes documents of a store that has learned of the articles.
func newDocuments(t *testing.T, reader articles.Reader, site *articlev1.Site, resources ...*articlev1.Article) *documents.Maker {
	t.Helper()
	records, err := boltkv.Open(filepath.Join(t.TempDir(), "documents.db"), kv.Options{Format: store.Format()})
	must(t, err)
	t.Cleanup(func() { must(t, records.Close()) })
	rows, following := store.New(records), store.Following{Holder: "test"}
	must(t, rows.Follow(t.Context(), following.Holder, time.Now()))
	_, err = rows.LearnSites(t.Context(), []*articlev1.Site{site}, time.Now())
	must(t, err)
	for _, resource := range resources {
		name, err := published.ParseName("name", resource.GetName())
		must(t, err)
		_, err = rows.Learn(t.Context(), following, store.Event{Name: name, Article: resource}, time.Now())
		must(t, err)
	}
	must(t, rows.CompleteSnapshot(t.Context(), following, time.Now()))
	made, err := documents.New(documents.Config{
		Store: rows, Sites: reader, Bodies: reader, Fresh: reader, Hubs: hubs{}, PublicURI: publicURI,
	})
	must(t, err)
	return made
}

// hubs are one hub for every site.
type hubs struct{}

// Hubs implements documents.Hubs.
func (hubs) Hubs(context.Context, string) ([]string, error) {
	return []string{"https://hub.example/"}, nil
}

func TestRenderFeed(t *testing.T) {
	english := sharingtest.Short()
	english.Name, english.LanguageCode, english.Title = sharingtest.SiteName+"/articles/visit", "en", "A visit"
	s := start(t, sharingtest.Site(), sharingtest.Whole(), english, sharingtest.Short())
	tests := []struct {
		code string
		has  []string
		not  string
	}{
		{"", []string{"Stažuotė Danijos", "Trumpa žinia", "<language>lt</language>"}, "A visit"},
		{"en", []string{"A visit", "<language>en</language>"}, "Trumpa žinia"},
	}
	for _, test := range tests {
		t.Run(test.code, func(t *testing.T) {
			feed, err := s.client.RenderFeed(t.Context(), &sharingv1.RenderFeedRequest{Site: sharingtest.SiteName, LanguageCode: test.code})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.has {
				if !strings.Contains(string(feed.GetDocument()), want) {
					t.Errorf("feed lacks %q:\n%s", want, feed.GetDocument())
				}
			}
			if strings.Contains(string(feed.GetDocument()), test.not) {
				t.Errorf("feed holds %q:\n%s", test.not, feed.GetDocument())
			}
			if feed.GetEtag() == "" || !strings.HasPrefix(feed.GetMimeType(), "application/rss+xml") {
				t.Errorf("etag %q, mime_type %q", feed.GetEtag(), feed.GetMimeType())
			}
		})
	}
}

// TestRenderFeedFormats asks for every format over the wire.
func TestRenderFeedFormats(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Whole())
	for format, want := range map[sharingv1.FeedFormat][2]string{
		sharingv1.FeedFormat_FEED_FORMAT_UNSPECIFIED: {"application/rss+xml; charset=utf-8", "feed.xml"},
		sharingv1.FeedFormat_FEED_FORMAT_RSS:         {"application/rss+xml; charset=utf-8", "feed.xml"},
		sharingv1.FeedFormat_FEED_FORMAT_ATOM:        {"application/atom+xml; charset=utf-8", "atom.xml"},
		sharingv1.FeedFormat_FEED_FORMAT_JSON:        {"application/feed+json; charset=utf-8", "feed.json"},
	} {
		feed, err := s.client.RenderFeed(t.Context(), &sharingv1.RenderFeedRequest{Site: sharingtest.SiteName, Format: format, Tag: "Danija"})
		must(t, err)
		if feed.GetMimeType() != want[0] || feed.GetSelfUri() != "https://naujienos.biblioteka.lt/"+want[1]+"?tag=Danija" ||
			len(feed.GetHubUris()) != 1 || !feed.GetUpdateTime().AsTime().Equal(sharingtest.Article().GetUpdateTime().AsTime()) {
			t.Errorf("%s: %s, %s, %v, %v", format, feed.GetMimeType(), feed.GetSelfUri(), feed.GetHubUris(), feed.GetUpdateTime())
		}
	}
}

// sitemap reads a whole sitemap and holds its etag to be the last word.
func (s *suite) sitemap(t *testing.T, req *sharingv1.RenderSitemapRequest) (string, error) {
	t.Helper()
	req.Site = sharingtest.SiteName
	stream, err := s.client.RenderSitemap(t.Context(), req)
	must(t, err)
	var document bytes.Buffer
	etag := ""
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", err
		}
		if etag != "" || len(piece.GetChunk()) > 256<<10 {
			t.Errorf("a piece of %d bytes after the etag %q", len(piece.GetChunk()), etag)
		}
		document.Write(piece.GetChunk())
		etag = piece.GetEtag()
	}
	sum := sha256.Sum256(document.Bytes())
	if want := base64.RawURLEncoding.EncodeToString(sum[:18]); etag != want {
		t.Errorf("etag %q, want %q", etag, want)
	}
	return document.String(), nil
}

func TestRenderSitemap(t *testing.T) {
	s := start(t, sharingtest.Site(), sharingtest.Whole(), sharingtest.Short())
	for name, test := range map[string]struct {
		req  *sharingv1.RenderSitemapRequest
		want string
	}{
		"index by default": {&sharingv1.RenderSitemapRequest{}, "<loc>https://naujienos.biblioteka.lt/sitemap-2024.xml</loc>"},
		"pages": {
			&sharingv1.RenderSitemapRequest{Kind: sharingv1.SitemapKind_SITEMAP_KIND_PAGES, Page: "2024"},
			"<loc>https://naujienos.biblioteka.lt/trumpa</loc>",
		},
		"news of nothing": {&sharingv1.RenderSitemapRequest{Kind: sharingv1.SitemapKind_SITEMAP_KIND_NEWS}, "</urlset>"},
	} {
		t.Run(name, func(t *testing.T) {
			document, err := s.sitemap(t, test.req)
			must(t, err)
			if !strings.Contains(document, test.want) {
				t.Errorf("there is no %s in\n%s", test.want, document)
			}
			sharingtest.Validate(t, []byte(document), "../sitemap/testdata/sitemap.xsd")
		})
	}
	_, err := s.sitemap(t, &sharingv1.RenderSitemapRequest{Kind: sharingv1.SitemapKind_SITEMAP_KIND_PAGES, Page: "1999"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.sitemap(t, &sharingv1.RenderSitemapRequest{Kind: sharingv1.SitemapKind_SITEMAP_KIND_PAGES, Page: "../1999"})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}
