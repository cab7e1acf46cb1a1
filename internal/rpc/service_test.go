package rpc_test

import (
	"context"
	"testing"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const (
	articleName = testkit.Site + "/articles/stazuote-danijoje"
	photoName   = testkit.Site + "/photos/skaitykla"
)

// articles is an article service with the one method that a test needs.
type articles struct {
	articlev1.UnimplementedArticleServiceServer
	get    func(context.Context, *articlev1.GetArticleRequest) (*articlev1.Article, error)
	create func(context.Context, *articlev1.CreateArticleRequest) (*articlev1.Article, error)
	watch  func(*articlev1.WatchArticlesRequest, grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error
}

func (a *articles) register(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, a) }

func (a *articles) GetArticle(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
	if a.get == nil {
		return a.UnimplementedArticleServiceServer.GetArticle(ctx, req)
	}
	return a.get(ctx, req)
}

func (a *articles) CreateArticle(ctx context.Context, req *articlev1.CreateArticleRequest) (*articlev1.Article, error) {
	return a.create(ctx, req)
}

func (a *articles) WatchArticles(req *articlev1.WatchArticlesRequest, s grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	return a.watch(req, s)
}

// photos is a media service with the one method that a test needs.
type photos struct {
	mediav1.UnimplementedMediaServiceServer
	upload func(grpc.ClientStreamingServer[mediav1.UploadPhotoRequest, mediav1.Photo]) error
}

func (p *photos) register(r grpc.ServiceRegistrar) { mediav1.RegisterMediaServiceServer(r, p) }

func (p *photos) UploadPhoto(s grpc.ClientStreamingServer[mediav1.UploadPhotoRequest, mediav1.Photo]) error {
	return p.upload(s)
}

// getter serves GetArticle by fn and returns a client that nobody knows.
func getter(t *testing.T, fn func(context.Context) (*articlev1.Article, error)) articlev1.ArticleServiceClient {
	t.Helper()
	a := &articles{get: func(ctx context.Context, _ *articlev1.GetArticleRequest) (*articlev1.Article, error) {
		return fn(ctx)
	}}
	return articlev1.NewArticleServiceClient(testkit.Start(t, a.register).As("anonymous"))
}

func ok(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
