package server

import (
	"context"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// CreateSite implements the ArticleService.
func (s *Server) CreateSite(ctx context.Context, req *articlev1.CreateSiteRequest) (*articlev1.Site, error) {
	at := now()
	w, err := write(ctx, "CreateSite", req.GetSiteId(), "", req, at)
	if err != nil {
		return nil, err
	}
	if !article.ValidID(req.GetSiteId()) {
		return nil, fault.InvalidField("site_id", "an id has 3 to 63 characters of a-z, 0-9 and -, and begins with a letter")
	}
	site, err := cleanSite(&articlev1.Site{}, req.GetSite())
	if err != nil {
		return nil, err
	}
	site.Name, site.Uid = article.SiteName(req.GetSiteId()), article.NewUID()
	site.CreateTime, site.UpdateTime = timestamppb.New(at), timestamppb.New(at)
	return once(ctx, s, w, s.replaySite(ctx), func() (*articlev1.Site, error) {
		after := &recordv1.Site{Site: site}
		if err := s.Store.PutSite(ctx, w, nil, after); err != nil {
			return nil, err
		}
		return s.publicSite(after), nil
	})
}

// replaySite answers what a request_id made of a site.
func (s *Server) replaySite(ctx context.Context) func(*recordv1.Request) (*articlev1.Site, error) {
	return func(record *recordv1.Request) (*articlev1.Site, error) {
		id, err := article.ParseSite("name", record.GetName())
		if err != nil {
			return nil, err
		}
		site, err := s.Store.Site(ctx, id)
		if err != nil {
			return nil, err
		}
		return s.publicSite(site), nil
	}
}

// cleanSite returns base with what a caller may set of a site, checked.
func cleanSite(base, given *articlev1.Site) (*articlev1.Site, error) {
	site, err := article.ApplyMask(base, given, nil, article.SiteFields())
	if err != nil {
		return nil, err
	}
	return site, checkSite(site)
}

func checkSite(site *articlev1.Site) error {
	if err := article.CleanTexts("site", site.ProtoReflect()); err != nil {
		return err
	}
	return article.CheckSite(site)
}

// GetSite implements the ArticleService.
func (s *Server) GetSite(ctx context.Context, req *articlev1.GetSiteRequest) (*articlev1.Site, error) {
	id, err := article.ParseSite("name", req.GetName())
	if err != nil {
		return nil, err
	}
	site, err := s.Store.Site(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.publicSite(site), nil
}

// ListSites implements the ArticleService.
func (s *Server) ListSites(ctx context.Context, req *articlev1.ListSitesRequest) (*articlev1.ListSitesResponse, error) {
	size, err := page.Size(req.GetPageSize(), list.StandardPage, list.MaxPage)
	if err != nil {
		return nil, err
	}
	binding := page.Binding{
		Purpose: page.Page, Class: auth.FromContext(ctx).Class(auth.EverySite), Site: "sites/-",
		Method: articlev1.ArticleService_ListSites_FullMethodName, Query: page.Query(req),
	}
	var after []byte
	if req.GetPageToken() != "" {
		if after, err = s.Sealer.Open(binding, req.GetPageToken()); err != nil {
			return nil, err
		}
	}
	sites, err := s.Store.Sites(ctx, string(after), size+1)
	if err != nil {
		return nil, err
	}
	resp := &articlev1.ListSitesResponse{}
	for _, site := range sites[:min(size, len(sites))] {
		resp.Sites = append(resp.Sites, s.publicSite(site))
	}
	if len(sites) > size {
		last := resp.GetSites()[size-1].GetName()
		resp.NextPageToken = s.Sealer.Seal(binding, []byte(last[len("sites/"):]))
	}
	return resp, nil
}

// UpdateSite implements the ArticleService.
func (s *Server) UpdateSite(ctx context.Context, req *articlev1.UpdateSiteRequest) (*articlev1.Site, error) {
	id, err := article.ParseSite("site.name", req.GetSite().GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetSite().GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "UpdateSite", req.GetSite().GetName(), etag, req, now())
	if err != nil {
		return nil, err
	}
	return once(ctx, s, w, s.replaySite(ctx), func() (*articlev1.Site, error) {
		before, err := s.Store.Site(ctx, id)
		if err != nil {
			return nil, err
		}
		next, err := article.ApplyMask(before.GetSite(), req.GetSite(), req.GetUpdateMask(), article.SiteFields())
		if err != nil {
			return nil, err
		}
		if err := checkSite(next); err != nil {
			return nil, err
		}
		if proto.Equal(next, before.GetSite()) {
			return s.publicSite(before), nil
		}
		if etag != before.GetSite().GetEtag() {
			return nil, siteConflict(before)
		}
		next.UpdateTime = timestamppb.New(w.Time)
		after := &recordv1.Site{Site: next}
		if err := s.Store.PutSite(ctx, w, before, after); err != nil {
			return nil, err
		}
		return s.publicSite(after), nil
	})
}

// DeleteSite implements the ArticleService.
func (s *Server) DeleteSite(ctx context.Context, req *articlev1.DeleteSiteRequest) (*emptypb.Empty, error) {
	id, err := article.ParseSite("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "DeleteSite", req.GetName(), etag, req, now())
	if err != nil {
		return nil, err
	}
	replay := func(*recordv1.Request) (*emptypb.Empty, error) { return &emptypb.Empty{}, nil }
	return once(ctx, s, w, replay, func() (*emptypb.Empty, error) {
		before, err := s.Store.Site(ctx, id)
		if err != nil {
			return nil, err
		}
		if etag != before.GetSite().GetEtag() {
			return nil, siteConflict(before)
		}
		return &emptypb.Empty{}, s.Store.DeleteSite(ctx, w, id, before)
	})
}

func siteConflict(current *recordv1.Site) error {
	return fault.Conflict(current.GetSite().GetName(), &faultv1.EditConflict{
		CurrentRevision: current.GetVersion(),
		CurrentEtag:     current.GetSite().GetEtag(),
		CurrentTime:     current.GetSite().GetUpdateTime(),
	})
}
