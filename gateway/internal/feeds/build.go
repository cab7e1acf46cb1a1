package feeds

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// document returns the document of the key: the kept one while it is right,
// else one that is asked for, once for all who want it at the time.
func (f *Feeds) document(r *http.Request, k key) (*document, error) {
	generation, seen := f.generations.Generation(k.site)
	before, kept := f.kept.GetIfPresent(k)
	if seen && kept && before.generation == generation && before.fresh(time.Now()) {
		return before, nil
	}
	flight := k.flight(generation, seen)
	made, err, _ := f.flights.Do(flight, func() (any, error) {
		// The generation was read before the document is: should the site
		// change meanwhile, it is asked for once more.
		d, err := f.build(context.WithoutCancel(r.Context()), r, k)
		if err != nil || !seen {
			return d, err
		}
		d.generation = generation
		d.keep(before, time.Now())
		f.kept.Set(k, d)
		return d, nil
	})
	if err != nil {
		return nil, err
	}
	d, ok := made.(*document)
	if !ok {
		return nil, fault.Internal(nil, "make "+flight)
	}
	return d, nil
}

// build asks for the document.
func (f *Feeds) build(ctx context.Context, r *http.Request, k key) (*document, error) {
	ctx, cancel := context.WithTimeout(ctx, buildTimeout)
	defer cancel()
	select {
	case f.builds <- struct{}{}:
		defer func() { <-f.builds }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx = reply.Anonymous(ctx, r)
	if k.kind == kindSitemap {
		return f.sitemap(ctx, k)
	}
	feed, err := f.sharing.RenderFeed(ctx, &sharingv1.RenderFeedRequest{
		Site: k.site, LanguageCode: k.language, Format: k.format, Tag: k.tag, Archive: k.archive,
	})
	if err != nil {
		return nil, err
	}
	d := newDocument(feed.GetMimeType(), feed.GetEtag(), feed.GetDocument())
	if link := links(feed.GetSelfUri(), feed.GetHubUris()); link != "" {
		d.headers.Set("Link", link)
	}
	return d, nil
}

// sitemap asks for a sitemap, which comes in pieces.
func (f *Feeds) sitemap(ctx context.Context, k key) (*document, error) {
	stream, err := f.sharing.RenderSitemap(ctx, &sharingv1.RenderSitemapRequest{Site: k.site, Kind: k.sitemap, Page: k.page})
	if err != nil {
		return nil, err
	}
	var data []byte
	etag := ""
	for {
		piece, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		data = append(data, piece.GetChunk()...)
		etag = cmp.Or(piece.GetEtag(), etag) // in one of them
		if len(data) > maxDocument {
			return nil, fault.Internal(nil, "read a sitemap of more than "+strconv.Itoa(maxDocument)+" bytes")
		}
	}
	d := newDocument("application/xml; charset=utf-8", etag, data)
	if k.sitemap == sharingv1.SitemapKind_SITEMAP_KIND_NEWS {
		d.expires = time.Now().Add(newsFresh)
	}
	return d, nil
}

// links returns the Link header by which hubs and subscribers find each other
// (W3C WebSub, section 4); empty without hubs.
func links(self string, hubs []string) string {
	if len(hubs) == 0 || !headerSafe(self) {
		return ""
	}
	parts := []string{"<" + self + `>; rel="self"`}
	for _, hub := range hubs {
		if headerSafe(hub) {
			parts = append(parts, "<"+hub+`>; rel="hub"`)
		}
	}
	return strings.Join(parts, ", ")
}

// headerSafe reports whether an address can stand between angle brackets in a
// header.
func headerSafe(uri string) bool {
	return uri != "" && reply.Printable(uri) && !strings.ContainsAny(uri, "<> \"")
}
