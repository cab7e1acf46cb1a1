package server

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/documents"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// RenderFeed implements the method of the contract.
func (s *Server) RenderFeed(ctx context.Context, req *sharingv1.RenderFeedRequest) (*sharingv1.RenderFeedResponse, error) {
	site, err := published.ParseSite("site", req.GetSite())
	if err != nil {
		return nil, err
	}
	document, modified, err := s.Documents.Feed(ctx, documents.Feed{
		Site: site, Language: req.GetLanguageCode(), Tag: req.GetTag(), Archive: req.GetArchive(), Format: formatOf(req.GetFormat()),
	})
	if err != nil {
		return nil, err
	}
	return &sharingv1.RenderFeedResponse{
		MimeType: document.MIMEType, Document: document.Bytes, Etag: document.Etag,
		UpdateTime: moment(modified), SelfUri: document.URI, HubUris: document.Hubs,
	}, nil
}

func formatOf(format sharingv1.FeedFormat) syndication.Format {
	switch format {
	case sharingv1.FeedFormat_FEED_FORMAT_ATOM:
		return syndication.FormatAtom
	case sharingv1.FeedFormat_FEED_FORMAT_JSON:
		return syndication.FormatJSON
	case sharingv1.FeedFormat_FEED_FORMAT_RSS, sharingv1.FeedFormat_FEED_FORMAT_UNSPECIFIED:
	}
	return syndication.FormatRSS
}

// RenderSitemap implements the method of the contract.
func (s *Server) RenderSitemap(req *sharingv1.RenderSitemapRequest, stream grpc.ServerStreamingServer[sharingv1.RenderSitemapResponse]) error {
	site, err := published.ParseSite("site", req.GetSite())
	if err != nil {
		return err
	}
	pieces := &pieces{stream: stream, sum: sha256.New()}
	out := bufio.NewWriterSize(pieces, maxPiece)
	var modified time.Time
	switch req.GetKind() {
	case sharingv1.SitemapKind_SITEMAP_KIND_NEWS:
		modified, err = s.Documents.News(stream.Context(), site, time.Now(), out)
	case sharingv1.SitemapKind_SITEMAP_KIND_PAGES:
		modified, err = s.Documents.Pages(stream.Context(), site, req.GetPage(), out)
	case sharingv1.SitemapKind_SITEMAP_KIND_INDEX, sharingv1.SitemapKind_SITEMAP_KIND_UNSPECIFIED:
		modified, err = s.Documents.Index(stream.Context(), site, out)
	}
	if err != nil {
		return err
	}
	if err := out.Flush(); err != nil {
		return err
	}
	return stream.Send(&sharingv1.RenderSitemapResponse{
		Etag: base64.RawURLEncoding.EncodeToString(pieces.sum.Sum(nil)[:18]), UpdateTime: moment(modified),
	})
}

// maxPiece is how many bytes of a document one message holds.
const maxPiece = 64 << 10

// pieces sends what is written to it, and sums it up.
type pieces struct {
	stream grpc.ServerStreamingServer[sharingv1.RenderSitemapResponse]
	sum    hash.Hash
}

// Write implements io.Writer.
func (p *pieces) Write(data []byte) (int, error) {
	_, _ = p.sum.Write(data) // never fails
	return len(data), p.stream.Send(&sharingv1.RenderSitemapResponse{Chunk: data})
}

// moment returns the time as a message; nil for the zero time.
func moment(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
