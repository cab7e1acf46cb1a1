package server

import (
	"context"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// maxBatchBytes bounds an answer of BatchGetArticles; clients take 4 MiB.
const maxBatchBytes = 4<<20 - 64<<10

func tooManyAtOnce() error {
	return fault.New(faultv1.Reason_REASON_TOO_LARGE,
		"these articles are more than %d bytes together; ask for fewer at once", maxBatchBytes)
}

// BatchGetArticles implements the ArticleService.
func (s *Server) BatchGetArticles(ctx context.Context, req *articlev1.BatchGetArticlesRequest) (*articlev1.BatchGetArticlesResponse, error) {
	names := make([]article.Name, len(req.GetNames()))
	for i, name := range req.GetNames() {
		n, err := article.ParseName("names", name)
		if err != nil {
			return nil, err
		}
		if parent := req.GetParent(); parent != "" && parent != "sites/-" && parent != article.SiteName(n.Site) {
			return nil, fault.InvalidField("names", "%s is not of %s; leave the parent empty, or name sites/-", n, parent)
		}
		names[i] = n
	}
	if req.GetView() == articlev1.ArticleView_ARTICLE_VIEW_WORKING {
		return s.batchWorking(ctx, names)
	}
	return s.batchPublished(ctx, names)
}

// batchPublished puts stored projections together.
func (s *Server) batchPublished(ctx context.Context, names []article.Name) (*articlev1.BatchGetArticlesResponse, error) {
	var parts [][]byte
	size := 0
	for _, n := range names {
		encoded, err := s.Store.Projection(ctx, n)
		if err != nil {
			return nil, err
		}
		if size += len(encoded); size > maxBatchBytes {
			return nil, tooManyAtOnce()
		}
		head := protowire.AppendTag(nil, listArticles, protowire.BytesType)
		parts = append(parts, protowire.AppendVarint(head, uint64(len(encoded))), encoded)
	}
	return rpc.Reply(ctx, &articlev1.BatchGetArticlesResponse{}, parts...)
}

func (s *Server) batchWorking(ctx context.Context, names []article.Name) (*articlev1.BatchGetArticlesResponse, error) {
	resp := &articlev1.BatchGetArticlesResponse{}
	for _, n := range names {
		loaded, err := s.Store.Load(ctx, n, 0)
		if err != nil {
			return nil, err
		}
		resp.Articles = append(resp.Articles, s.working(ctx, loaded))
	}
	if proto.Size(resp) > maxBatchBytes {
		return nil, tooManyAtOnce()
	}
	return resp, nil
}
