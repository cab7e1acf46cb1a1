package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// maxOthers is how many other articles an answer offers.
const maxOthers = 5

// ResolveShareLink implements the method of the contract. It reads rows alone,
// and what anybody may know.
func (s *Server) ResolveShareLink(ctx context.Context, req *sharingv1.ResolveShareLinkRequest) (*sharingv1.ResolveShareLinkResponse, error) {
	name, err := sharelink.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	typed, ok := shortcode.Parse(name.ID)
	if !ok {
		return nil, fault.NotFound(req.GetName()).With("name", req.GetName())
	}
	if typed.Kind != shortcode.KindOther {
		link, err := s.link(ctx, sharelink.Name{Site: name.Site, ID: typed.ID})
		if !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			if err != nil {
				return nil, err
			}
			return s.resolved(ctx, link)
		}
	}
	return s.mistyped(ctx, name, typed.ID)
}

// resolved says where a link leads.
func (s *Server) resolved(ctx context.Context, link sharelink.Link) (*sharingv1.ResolveShareLinkResponse, error) {
	response := &sharingv1.ResolveShareLinkResponse{
		State: sharingv1.ResolveShareLinkResponse_STATE_FOUND, ShareLink: link.Public(s.PublicURI), Uri: link.Target(s.PublicURI),
	}
	if response.GetShareLink().GetState() == sharingv1.ShareLink_STATE_ACTIVE {
		response.LanguageCode = link.Article.GetLanguageCode()
		return response, nil
	}
	response.State = sharingv1.ResolveShareLinkResponse_STATE_GONE
	if link.SiteGone {
		return response, nil
	}
	var err error
	response.LanguageCode, response.Articles, err = s.instead(ctx, link)
	return response, err
}

// instead returns the language of an article that its link does not lead to any
// more, and what readers may like in its place: nothing of what it said is told.
// Words that were deleted while their article is public offer that first.
func (s *Server) instead(ctx context.Context, link sharelink.Link) (string, []*sharingv1.LinkedArticle, error) {
	language, tags := link.Article.GetLanguageCode(), link.Article.GetTags()
	if link.Article == nil {
		gone, err := s.Store.GoneArticle(ctx, link)
		if err != nil {
			return "", nil, err
		}
		language, tags = gone.GetLanguageCode(), gone.GetTags()
	}
	rows, err := s.Store.Like(ctx, link.Record.GetSite(), language, tags, maxOthers)
	if err != nil {
		return "", nil, err
	}
	others := make([]*sharingv1.LinkedArticle, 0, maxOthers+1)
	site := published.Site{Resource: link.Site, PublicURI: s.PublicURI}
	if link.Article != nil {
		rows = append([]*recordv1.Article{link.Article}, rows...)
	}
	for i, row := range rows {
		if len(others) == maxOthers {
			break
		}
		if i > 0 && link.Article != nil && row.GetUid() == link.Article.GetUid() {
			continue
		}
		other, err := s.linked(ctx, site, row)
		if err != nil {
			return "", nil, err
		}
		others = append(others, other)
	}
	return language, others, nil
}

// linked returns a published article with its short link.
func (s *Server) linked(ctx context.Context, site published.Site, row *recordv1.Article) (*sharingv1.LinkedArticle, error) {
	name, err := published.ParseName("article", row.GetName())
	if err != nil {
		return nil, err
	}
	code, err := s.Store.Code(ctx, name, row.GetUid())
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return linkedArticle(site, row, ""), nil // it has an address all the same
	}
	if err != nil {
		return nil, err
	}
	return linkedArticle(site, row, sharelink.Name{Site: name.Site, ID: code}.String()), nil
}

func linkedArticle(site published.Site, row *recordv1.Article, link string) *sharingv1.LinkedArticle {
	return &sharingv1.LinkedArticle{
		Article: row.GetName(), Title: row.GetTitle(), Uri: site.Absolute(row.GetPath()), LanguageCode: row.GetLanguageCode(),
		PublishTime: row.GetPublishTime(), ShareLink: link,
	}
}

// mistyped says which published articles have codes like what was typed. It
// fails with RESOURCE_NOT_FOUND when none has.
func (s *Server) mistyped(ctx context.Context, name sharelink.Name, typed string) (*sharingv1.ResolveShareLinkResponse, error) {
	links, err := s.Store.Links(ctx, shortcode.Suggestions(typed))
	if err != nil {
		return nil, err
	}
	response := &sharingv1.ResolveShareLinkResponse{State: sharingv1.ResolveShareLinkResponse_STATE_MISTYPED}
	for _, link := range links {
		if link.State() != sharingv1.ShareLink_STATE_ACTIVE || name.Site != sharelink.AnySite && name.Site != link.Name().Site ||
			len(response.GetArticles()) == maxOthers {
			continue
		}
		site := published.Site{Resource: link.Site, PublicURI: s.PublicURI}
		response.Articles = append(response.Articles, linkedArticle(site, link.Article, link.Name().String()))
	}
	if len(response.GetArticles()) == 0 {
		return nil, fault.NotFound(name.String()).With("name", name.String())
	}
	return response, nil
}
