package shortlinks_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const (
	siteName = "sites/biblioteka"
	origin   = "https://naujienos.biblioteka.example"
)

// newsroom is an article service whose articles are all published.
type newsroom struct {
	articlev1.UnimplementedArticleServiceServer

	articles int
	stopping chan struct{}
	stop     func()
}

func newNewsroom(articles int) *newsroom {
	n := &newsroom{articles: articles, stopping: make(chan struct{})}
	n.stop = sync.OnceFunc(func() { close(n.stopping) })
	return n
}

func (n *newsroom) article(i int) *articlev1.Article {
	return &articlev1.Article{
		Name: fmt.Sprintf("%s/articles/naujiena-%d", siteName, i), Uid: uuid.NewSHA1(uuid.Nil, fmt.Appendf(nil, "%d", i)).String(),
		LanguageCode: "lt", Path: fmt.Sprintf("/naujiena-%d", i), Title: fmt.Sprintf("Naujiena numeris %d", i),
		State: articlev1.Article_STATE_PUBLISHED, PublishTime: timestamppb.New(timeOf(i)),
	}
}

func (n *newsroom) ListSites(context.Context, *articlev1.ListSitesRequest) (*articlev1.ListSitesResponse, error) {
	return &articlev1.ListSitesResponse{Sites: []*articlev1.Site{{
		Name: siteName, Title: "Bibliotekos naujienos", BaseUri: origin, Hosts: []string{"naujienos.biblioteka.example"},
		DefaultLanguageCode: "lt", LanguageCodes: []string{"lt", "en"}, TimeZone: "Europe/Vilnius",
	}}}, nil
}

// WatchArticles tells all articles and then nothing.
func (n *newsroom) WatchArticles(_ *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	for i := range n.articles {
		a := n.article(i)
		if err := stream.Send(&articlev1.WatchArticlesResponse{
			Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT, Name: a.GetName(), Article: a,
		}); err != nil {
			return err
		}
	}
	if err := stream.Send(&articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: "end",
	}); err != nil {
		return err
	}
	return rpc.UntilStopping(stream.Context(), n.stopping, func(ctx context.Context) error {
		<-ctx.Done()
		return ctx.Err()
	})
}
