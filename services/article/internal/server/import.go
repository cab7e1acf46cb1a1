package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/archive"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Imports is where an import stores.
type Imports interface {
	StartImport(ctx context.Context, site string, now time.Time) (article.Importer, error)
	Imports(ctx context.Context) ([]article.Imported, error)
	ShowImported(ctx context.Context, l article.Loaded, projection *article.Encoded) error
	AdvanceImport(ctx context.Context, from article.Imported, reached string, now time.Time) error
	LoadPublished(ctx context.Context, n article.Name) (article.Loaded, error)
}

// abortTimeout bounds the removal of what an import stored that failed. What is
// left then is removed by a sweep.
const abortTimeout = 20 * time.Second

// ImportArticles implements the ArticleService.
func (s *Server) ImportArticles(stream grpc.ClientStreamingServer[articlev1.ImportArticlesRequest, articlev1.ImportArticlesResponse]) error {
	ctx := stream.Context()
	first, err := stream.Recv()
	if errors.Is(err, io.EOF) {
		err = fault.InvalidField("parent", "say in a first message which site to make")
	}
	if err != nil {
		return err
	}
	site, err := article.ParseSite("parent", first.GetParent())
	if err != nil {
		return err
	}
	if first.GetRecord() != nil {
		return fault.InvalidField("record", "the first message tells the parent alone; records follow")
	}
	w, err := write(ctx, archive.MethodImport, first.GetParent(), "", first, now())
	if err != nil {
		return err
	}
	resp, err := s.importOnce(ctx, w, site, first, stream)
	if err != nil {
		return err
	}
	return stream.SendAndClose(resp)
}

// importOnce imports, or answers what the request_id was used for: then the
// archive is read through, and nothing is stored.
func (s *Server) importOnce(ctx context.Context, w article.Write, site string, first *articlev1.ImportArticlesRequest,
	stream grpc.ClientStreamingServer[articlev1.ImportArticlesRequest, articlev1.ImportArticlesResponse],
) (*articlev1.ImportArticlesResponse, error) {
	if len(w.Request) > 0 {
		record, err := s.Store.Request(ctx, w.Request, w.Time)
		if err != nil {
			return nil, err
		}
		if record != nil {
			reader := archive.NewReader(site, discard{})
			if err := s.receive(ctx, reader, stream); err != nil {
				return nil, err
			}
			if w, err = write(ctx, w.Method, first.GetParent(), reader.Checksum(), first, w.Time); err != nil {
				return nil, err
			}
			return again(w, record, func(*recordv1.Request) (*articlev1.ImportArticlesResponse, error) {
				return s.imported(ctx, site, record.GetRevision())
			})
		}
	}
	into, err := s.Store.StartImport(ctx, site, w.Time)
	if err != nil {
		return nil, err
	}
	reader := archive.NewReader(site, into)
	err = s.receive(ctx, reader, stream)
	if err == nil {
		if w, err = write(ctx, w.Method, first.GetParent(), reader.Checksum(), first, w.Time); err == nil {
			err = into.Finish(ctx, w, reader.Site(), reader.Count())
		}
	}
	if err != nil {
		s.abort(ctx, into, site)
		return nil, err
	}
	return s.imported(ctx, site, reader.Count())
}

// receive reads the archive to its end.
func (s *Server) receive(ctx context.Context, reader *archive.Reader,
	stream grpc.ClientStreamingServer[articlev1.ImportArticlesRequest, articlev1.ImportArticlesResponse],
) error {
	for {
		m, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return reader.Whole()
		case err != nil:
			return err
		case m.GetParent() != "" || m.GetRequestId() != "":
			return fault.InvalidField("parent", "the parent and the request_id are in the first message only")
		}
		if err := reader.Add(ctx, m.GetRecord()); err != nil {
			return err
		}
		select {
		case <-s.Stopping:
			return fault.Unavailable(nil, faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "the service stops; import again later")
		default:
		}
	}
}

// abort removes what was stored, also when the caller went away.
func (s *Server) abort(ctx context.Context, into article.Importer, site string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortTimeout)
	defer cancel()
	if err := into.Abort(ctx); err != nil {
		s.Log.WarnContext(ctx, "what a failed import stored is not removed; the next sweep goes on", slog.String("site", site), slog.Any("error", err))
	}
}

// imported puts what was imported where it is found, and answers.
func (s *Server) imported(ctx context.Context, site string, count int64) (*articlev1.ImportArticlesResponse, error) {
	open, err := s.Store.Imports(ctx)
	if err != nil {
		return nil, err
	}
	for _, one := range open {
		if one.Site != site {
			continue
		}
		if err := s.finishImport(ctx, one); err != nil {
			return nil, err
		}
	}
	made, err := s.Store.Site(ctx, site)
	if err != nil {
		return nil, err
	}
	missing, err := s.missingPhotos(ctx, site)
	if err != nil {
		return nil, err
	}
	return &articlev1.ImportArticlesResponse{Site: s.publicSite(made), ArticleCount: count, MissingPhotos: missing}, nil
}
