package gateway_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// articleService keeps published articles in memory: enough of the contract to
// make every kind of answer that the gateway has to pass on.
type articleService struct {
	articlev1.UnimplementedArticleServiceServer

	mu       sync.Mutex
	sites    []*articlev1.Site
	articles map[string]*articlev1.Article
	moved    map[string]string // by path
	gone     map[string]bool   // by path
	masks    []string          // of updates
	metadata []string          // keys that calls brought
	events   chan *articlev1.WatchArticlesResponse
	resumed  chan string // tokens that watches began with
	watchers chan string // whom watches were made for
	watchEnd chan struct{}
}

func newArticleService() *articleService {
	return &articleService{
		articles: map[string]*articlev1.Article{}, moved: map[string]string{}, gone: map[string]bool{},
		events: make(chan *articlev1.WatchArticlesResponse), resumed: make(chan string, 8), watchers: make(chan string, 8), watchEnd: make(chan struct{}, 8),
	}
}

// put adds articles as they are.
func (s *articleService) put(articles ...*articlev1.Article) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range articles {
		s.articles[a.GetName()] = a
	}
}

func (s *articleService) GetSite(_ context.Context, req *articlev1.GetSiteRequest) (*articlev1.Site, error) {
	for _, site := range s.sites {
		if site.GetName() == req.GetName() {
			return site, nil
		}
	}
	return nil, fault.NotFound(req.GetName())
}

func (s *articleService) ListSites(context.Context, *articlev1.ListSitesRequest) (*articlev1.ListSitesResponse, error) {
	return &articlev1.ListSitesResponse{Sites: s.sites}, nil
}

func (s *articleService) GetArticle(ctx context.Context, req *articlev1.GetArticleRequest) (*articlev1.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.noteMetadata(ctx)
	a, ok := s.articles[req.GetName()]
	if !ok {
		return nil, fault.NotFound(req.GetName())
	}
	return a, nil
}

func (s *articleService) ListArticles(_ context.Context, req *articlev1.ListArticlesRequest) (*articlev1.ListArticlesResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*articlev1.Article
	for _, a := range s.articles {
		language := fmt.Sprintf("language_code = %q", a.GetLanguageCode())
		if strings.HasPrefix(a.GetName(), req.GetParent()+"/") && (req.GetFilter() == "" || req.GetFilter() == language) && best(a, req.GetLanguageCodes()) {
			short := proto.CloneOf(a)
			short.Blocks = nil
			all = append(all, short)
		}
	}
	slices.SortFunc(all, func(a, b *articlev1.Article) int {
		return cmp.Or(b.GetPublishTime().AsTime().Compare(a.GetPublishTime().AsTime()), cmp.Compare(a.GetName(), b.GetName()))
	})
	from := 0
	if token := req.GetPageToken(); token != "" {
		if _, err := fmt.Sscanf(token, "t%d", &from); err != nil || from > len(all) {
			return nil, fault.New(faultv1.Reason_REASON_INVALID_PAGE_TOKEN, "not a token of this list; start again without it")
		}
	}
	size := int(req.GetPageSize())
	if size == 0 {
		size = 50
	}
	resp := &articlev1.ListArticlesResponse{Articles: all[from:min(len(all), from+size)]}
	if from+size < len(all) {
		resp.NextPageToken = fmt.Sprintf("t%d", from+size)
	}
	return resp, nil
}

// best reports whether an article is in the best language it has.
func best(a *articlev1.Article, codes []string) bool {
	at := slices.Index(codes, a.GetLanguageCode())
	better := slices.ContainsFunc(a.GetTranslations(), func(t *articlev1.Translation) bool {
		return slices.Contains(codes[:max(at, 0)], t.GetLanguageCode())
	})
	return len(codes) == 0 || at >= 0 && !better
}

func (s *articleService) ResolvePath(_ context.Context, req *articlev1.ResolvePathRequest) (*articlev1.ResolvePathResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if to, ok := s.moved[req.GetPath()]; ok {
		return &articlev1.ResolvePathResponse{Resolution: articlev1.ResolvePathResponse_RESOLUTION_MOVED, Path: to}, nil
	}
	if s.gone[req.GetPath()] {
		return &articlev1.ResolvePathResponse{Resolution: articlev1.ResolvePathResponse_RESOLUTION_GONE}, nil
	}
	path, _, _ := strings.Cut(req.GetPath(), "?")
	for _, a := range s.articles {
		if a.GetPath() == path && strings.HasPrefix(a.GetName(), req.GetSite()+"/") {
			return &articlev1.ResolvePathResponse{
				Resolution: articlev1.ResolvePathResponse_RESOLUTION_FOUND, Article: a.GetName(), Path: a.GetPath(),
			}, nil
		}
	}
	return nil, fault.NotFound(req.GetSite())
}

func (s *articleService) UpdateArticle(ctx context.Context, req *articlev1.UpdateArticleRequest) (*articlev1.Article, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	name := req.GetArticle().GetName()
	a, ok := s.articles[name]
	if !ok {
		return nil, fault.NotFound(name)
	}
	etag, err := rpc.Etag(ctx, req.GetArticle().GetEtag())
	if err != nil {
		return nil, err
	}
	if etag != a.GetEtag() {
		return nil, fault.Conflict(name, &faultv1.EditConflict{
			CurrentRevision: a.GetRevision(), CurrentEtag: a.GetEtag(), CurrentAuthor: "ona@example.lt",
			CurrentTime: timestamppb.New(time.Date(2024, 6, 7, 9, 0, 0, 0, time.UTC)),
			Theirs:      &faultv1.EditConflict_Changes{Fields: []string{"title"}},
			Yours:       &faultv1.EditConflict_Changes{Fields: []string{"title"}},
		})
	}
	s.masks = append(s.masks, strings.Join(req.GetUpdateMask().GetPaths(), ","))
	changed := proto.CloneOf(a)
	changed.Title, changed.Revision = req.GetArticle().GetTitle(), a.GetRevision()+1
	changed.Etag = fmt.Sprintf("r%d", changed.GetRevision())
	s.articles[name] = changed
	return changed, nil
}

func (s *articleService) PublishArticle(_ context.Context, req *articlev1.PublishArticleRequest) (*articlev1.Article, error) {
	return nil, fault.New(faultv1.Reason_REASON_CHECK_FAILED, "mend what the findings name, then publish").
		WithDetail(&articlev1.CheckFailure{Findings: []*articlev1.Finding{{Rule: "photo.alt.missing", BlockId: "b1"}}})
}

func (s *articleService) DeleteArticle(context.Context, *articlev1.DeleteArticleRequest) (*articlev1.Article, error) {
	return nil, fault.Unavailable(nil, faultv1.Reason_REASON_STORE_UNAVAILABLE, "the store cannot serve now; try again").
		RetryAfter(7 * time.Second)
}

// WatchArticles sends what the test puts into events.
func (s *articleService) WatchArticles(req *articlev1.WatchArticlesRequest, stream grpc.ServerStreamingServer[articlev1.WatchArticlesResponse]) error {
	switch req.GetResumeToken() {
	case "old":
		return fault.New(faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED, "watch without a token to take a fresh snapshot")
	case "many":
		return fault.New(faultv1.Reason_REASON_TOO_MANY_WATCHERS, "too many watchers; try again later")
	}
	s.watchers <- strings.Join(metadata.ValueFromIncomingContext(stream.Context(), "x-forwarded-for"), ";")
	s.resumed <- req.GetResumeToken()
	defer func() { s.watchEnd <- struct{}{} }()
	for {
		select {
		case <-stream.Context().Done():
			return stream.Context().Err()
		case m, ok := <-s.events:
			if !ok {
				return fault.New(faultv1.Reason_REASON_WATCHER_TOO_SLOW, "resume with the last token")
			}
			if err := stream.Send(m); err != nil {
				return err
			}
		}
	}
}

// noteMetadata remembers which metadata a call brought.
func (s *articleService) noteMetadata(ctx context.Context) {
	md, _ := metadata.FromIncomingContext(ctx)
	s.metadata = slices.Sorted(maps.Keys(md))
}
