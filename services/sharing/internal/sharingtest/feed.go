package sharingtest

import (
	"context"
	"slices"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Publish shows an article to readers, or anew when they see it already, and
// tells the feed.
func (s *ArticleService) Publish(article *articlev1.Article) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(article.GetName())
	article = proto.CloneOf(article)
	s.articles = slices.Insert(s.articles, 0, article)
	s.tell(articlev1.WatchArticlesResponse_KIND_PUBLISHED, article.GetName(), article)
}

// Unpublish takes an article away and tells the feed.
func (s *ArticleService) Unpublish(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(name)
	s.tell(articlev1.WatchArticlesResponse_KIND_UNPUBLISHED, name, nil)
}

// SetSite changes a site, or adds one.
func (s *ArticleService) SetSite(site *articlev1.Site) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sites[site.GetName()] = proto.CloneOf(site)
}

// Interrupt ends all watches with an error, as a connection that is lost; with
// expire no token that was given so far can be used any more.
func (s *ArticleService) Interrupt(expire bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cut++
	if expire {
		s.trimmed = len(s.log)
	}
	s.wake()
}

// Watches returns how many watches were begun.
func (s *ArticleService) Watches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.watches
}

func (s *ArticleService) remove(name string) {
	s.articles = slices.DeleteFunc(s.articles, func(a *articlev1.Article) bool { return a.GetName() == name })
}

func (s *ArticleService) tell(kind articlev1.WatchArticlesResponse_Kind, name string, article *articlev1.Article) {
	s.log = append(s.log, &articlev1.WatchArticlesResponse{
		Kind: kind, Name: name, Article: article, ResumeToken: strconv.Itoa(len(s.log) + 1),
	})
	s.wake()
}

// wake tells watches that there is something new.
func (s *ArticleService) wake() {
	if s.news != nil {
		close(s.news)
		s.news = nil
	}
}

// WatchArticles implements the method of the contract; heartbeats come with
// Heartbeat only.
func (s *ArticleService) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	s.mu.Lock()
	s.watches++
	at, cut, failure, trimmed := len(s.log), s.cut, s.failure, s.trimmed
	articles := slices.Clone(s.articles)
	s.mu.Unlock()
	if failure != nil {
		return failure
	}
	if req.GetResumeToken() != "" {
		var err error
		if at, err = strconv.Atoi(req.GetResumeToken()); err != nil || at < trimmed {
			return fault.New(faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED, "the log does not reach back")
		}
	}
	if err := stream.SendHeader(metadata.MD{}); err != nil {
		return err
	}
	if req.GetResumeToken() == "" {
		if err := snapshot(stream, articles, at); err != nil {
			return err
		}
	}
	for {
		event, err := s.next(stream.Context(), at, cut)
		if err != nil {
			return err
		}
		if err := stream.Send(event); err != nil {
			return err
		}
		at++
	}
}

func snapshot(stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse], articles []*articlev1.Article, at int) error {
	for _, article := range articles {
		event := &articlev1.WatchArticlesResponse{
			Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT, Name: article.GetName(), Article: article,
		}
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return stream.Send(&articlev1.WatchArticlesResponse{
		Kind: articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END, ResumeToken: strconv.Itoa(at),
	})
}

// Heartbeat has all watches hear that nothing happened.
func (s *ArticleService) Heartbeat() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(articlev1.WatchArticlesResponse_KIND_HEARTBEAT, "", nil)
}

// next returns the event at a place of the log, when it is there.
func (s *ArticleService) next(ctx context.Context, at, cut int) (*articlev1.WatchArticlesResponse, error) {
	for {
		s.mu.Lock()
		if s.news == nil {
			s.news = make(chan struct{})
		}
		news, broken := s.news, s.cut != cut
		if !broken && at < len(s.log) {
			event := s.log[at]
			s.mu.Unlock()
			return event, nil
		}
		s.mu.Unlock()
		if broken {
			return nil, fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "the service stops")
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// ListSites implements the method of the contract, in one page.
func (s *ArticleService) ListSites(ctx context.Context, _ *articlev1.ListSitesRequest) (*articlev1.ListSitesResponse, error) {
	defer s.enter(ctx)()
	if s.failure != nil {
		return nil, s.failure
	}
	found := &articlev1.ListSitesResponse{}
	for _, site := range s.sites {
		found.Sites = append(found.Sites, proto.CloneOf(site))
	}
	return found, nil
}

// BatchGetArticles implements the method of the contract.
func (s *ArticleService) BatchGetArticles(ctx context.Context, req *articlev1.BatchGetArticlesRequest) (*articlev1.BatchGetArticlesResponse, error) {
	defer s.enter(ctx)()
	if s.failure != nil {
		return nil, s.failure
	}
	s.reads++
	found := &articlev1.BatchGetArticlesResponse{}
	for _, name := range req.GetNames() {
		at := slices.IndexFunc(s.articles, func(a *articlev1.Article) bool { return a.GetName() == name })
		if at < 0 {
			return nil, fault.NotFound(name)
		}
		found.Articles = append(found.Articles, proto.CloneOf(s.articles[at]))
	}
	return found, nil
}

// Reads returns how many calls read articles, one or several.
func (s *ArticleService) Reads() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reads
}
