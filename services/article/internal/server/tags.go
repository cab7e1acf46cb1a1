package server

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// ListTags implements the ArticleService. A page stands after the tag that the
// one before ended with, wherever that stands now.
func (s *Server) ListTags(ctx context.Context, req *articlev1.ListTagsRequest) (*articlev1.ListTagsResponse, error) {
	id, err := article.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	size, err := page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage)
	if err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(req.GetParent()), Site: req.GetParent(),
		Method: articlev1.ArticleService_ListTags_FullMethodName, Query: page.Query(req),
	}
	var after []byte
	if req.GetPageToken() != "" {
		if after, err = s.Sealer.Open(binding, req.GetPageToken()); err != nil {
			return nil, err
		}
	}
	site, err := s.Store.Site(ctx, id)
	if err != nil {
		return nil, err
	}
	code := site.GetSite().GetDefaultLanguageCode()
	tags, err := s.tagsOf(ctx, id, code)
	if err != nil {
		return nil, err
	}
	if after != nil {
		before := alphabet(code)
		at, found := slices.BinarySearchFunc(tags, string(after), func(t article.Tag, text string) int { return before(t.Text, text) })
		if found {
			at++
		}
		tags = tags[at:]
	}
	resp := &articlev1.ListTagsResponse{}
	for _, t := range tags[:min(size, len(tags))] {
		resp.Tags = append(resp.Tags, &articlev1.Tag{Name: article.TagName(id, t.ID), DisplayName: t.Text, ArticleCount: t.Count})
	}
	if len(tags) > size {
		resp.NextPageToken = s.Sealer.Seal(binding, []byte(tags[size-1].Text))
	}
	return resp, nil
}

// tagCache keeps the tags of sites while nothing is written: counting them
// reads a row for each tag of each article.
type tagCache struct {
	mu    sync.Mutex
	sites map[string]countedTags
}

type countedTags struct {
	version uint64 // of the store, before they were counted
	code    string // of the language whose alphabet they are in
	tags    []article.Tag
}

// tagsOf returns the tags of a site in the alphabet of a language; they are not
// to be changed. They are counted for one caller at a time.
func (s *Server) tagsOf(ctx context.Context, site, code string) ([]article.Tag, error) {
	s.tags.mu.Lock()
	defer s.tags.mu.Unlock()
	version, err := s.Store.Version(ctx)
	if err != nil {
		return nil, err
	}
	if counted, ok := s.tags.sites[site]; ok && counted.version == version && counted.code == code {
		return counted.tags, nil
	}
	tags, err := s.Store.Tags(ctx, site)
	if err != nil {
		return nil, err
	}
	if s.tags.sites == nil {
		s.tags.sites = make(map[string]countedTags)
	}
	before := alphabet(code)
	slices.SortFunc(tags, func(a, b article.Tag) int { return before(a.Text, b.Text) })
	s.tags.sites[site] = countedTags{version: version, code: code, tags: tags}
	return tags, nil
}

// alphabet returns how two texts stand to each other in the alphabet of a
// language; texts that stand at one place there are told apart by their bytes.
func alphabet(code string) func(a, b string) int {
	tag, err := language.Parse(code)
	if err != nil {
		tag = language.Und
	}
	order := collate.New(tag)
	return func(a, b string) int { return cmp.Or(order.CompareString(a, b), cmp.Compare(a, b)) }
}
