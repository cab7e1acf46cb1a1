package sharingtest

import (
	"context"
	"strconv"
	"strings"
	"sync"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// ArticleService is the part of the article service that sharing calls, over
// published articles in memory.
type ArticleService struct {
	articlev1.UnimplementedArticleServiceServer

	mu       sync.Mutex
	sites    map[string]*articlev1.Site
	articles []*articlev1.Article // newest first
	failure  error
	tokens   int
	reads    int

	log     []*articlev1.WatchArticlesResponse
	news    chan struct{} // closed when there is more in the log
	trimmed int           // tokens before are expired
	cut     int           // grows when watches are to end
	watches int
}

// NewArticleService returns a service with the site and articles, the newest
// first.
func NewArticleService(site *articlev1.Site, articles ...*articlev1.Article) *ArticleService {
	return &ArticleService{sites: map[string]*articlev1.Site{site.GetName(): site}, articles: articles}
}

// Fail makes every call fail with err; nil ends that.
func (s *ArticleService) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failure = err
}

// Tokens returns how many calls brought a token.
func (s *ArticleService) Tokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tokens
}

// GetSite implements the method of the contract.
func (s *ArticleService) GetSite(ctx context.Context, req *articlev1.GetSiteRequest) (*articlev1.Site, error) {
	defer s.enter(ctx)()
	if s.failure != nil {
		return nil, s.failure
	}
	site, ok := s.sites[req.GetName()]
	if !ok {
		return nil, fault.NotFound(req.GetName())
	}
	return proto.CloneOf(site), nil
}

// GetArticle implements the method of the contract.
func (s *ArticleService) GetArticle(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
	defer s.enter(ctx)()
	if s.failure != nil {
		return nil, s.failure
	}
	s.reads++
	for _, article := range s.articles {
		if article.GetName() == req.GetName() {
			return proto.CloneOf(article), nil
		}
	}
	return nil, fault.NotFound(req.GetName())
}

// ListArticles implements the method of the contract for filters by language.
func (s *ArticleService) ListArticles(ctx context.Context, req *articlev1.ListArticlesRequest) (*articlev1.ListArticlesResponse, error) {
	defer s.enter(ctx)()
	if s.failure != nil {
		return nil, s.failure
	}
	found := &articlev1.ListArticlesResponse{}
	for _, article := range s.articles {
		listed := strings.HasPrefix(article.GetName(), req.GetParent()+"/") &&
			req.GetFilter() == "language_code = "+strconv.Quote(article.GetLanguageCode())
		if listed && len(found.GetArticles()) < int(req.GetPageSize()) {
			article = proto.CloneOf(article)
			article.Blocks = nil
			found.Articles = append(found.Articles, article)
		}
	}
	return found, nil
}

// enter locks the service, counts tokens and returns the unlock.
func (s *ArticleService) enter(ctx context.Context) func() {
	s.mu.Lock()
	if len(metadata.ValueFromIncomingContext(ctx, rpc.HeaderAuthorization)) > 0 {
		s.tokens++
	}
	return s.mu.Unlock
}

func decimal(n int32) string { return strconv.Itoa(int(n)) }
