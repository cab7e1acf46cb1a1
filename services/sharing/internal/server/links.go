package server

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/richtext"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// CreateShareLink implements the method of the contract.
func (s *Server) CreateShareLink(ctx context.Context, req *sharingv1.CreateShareLinkRequest) (*sharingv1.ShareLink, error) {
	words, err := wordsOf(ctx, req)
	if err != nil {
		return nil, err
	}
	link, err := s.Store.AddWords(ctx, words, replay.Request{
		Principal: words.GetCreator(), Method: sharingv1.SharingService_CreateShareLink_FullMethodName,
		Target: req.GetParent(), ID: req.GetRequestId(), Digest: replay.Digest(req),
	}, now())
	if err != nil {
		return nil, err
	}
	return link.Resource(s.PublicURI), nil
}

// wordsOf reads the link that is to be made.
func wordsOf(ctx context.Context, req *sharingv1.CreateShareLinkRequest) (*recordv1.Link, error) {
	site, err := published.ParseSite("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	if err := shortcode.CheckWords("share_link_id", req.GetShareLinkId()); err != nil {
		return nil, err
	}
	article, err := published.ParseName("share_link.article", req.GetShareLink().GetArticle())
	if err != nil {
		return nil, err
	}
	if article.Site != site {
		return nil, fault.InvalidField("share_link.article", "%s is not of %s; a short address leads to an article of its own site",
			article, req.GetParent())
	}
	uid, err := uuid.NewRandom()
	if err != nil {
		return nil, fmt.Errorf("make the uid of a link: %w", err)
	}
	return &recordv1.Link{
		Id: req.GetShareLinkId(), Uid: uid.String(), Site: site, Article: article.ID, Kind: sharingv1.ShareLink_KIND_WORDS,
		Note: richtext.Line(req.GetShareLink().GetNote()), Creator: auth.FromContext(ctx).ID,
	}, nil
}

// GetShareLink implements the method of the contract.
func (s *Server) GetShareLink(ctx context.Context, req *sharingv1.GetShareLinkRequest) (*sharingv1.ShareLink, error) {
	name, err := sharelink.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	link, err := s.link(ctx, name)
	if err != nil {
		return nil, err
	}
	resource := link.Resource(s.PublicURI)
	return resource, s.count(ctx, link.Name().Site, resource)
}

// DeleteShareLink implements the method of the contract.
func (s *Server) DeleteShareLink(ctx context.Context, req *sharingv1.DeleteShareLinkRequest) (*sharingv1.ShareLink, error) {
	name, err := sharelink.ParseName("name", req.GetName())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	caller := auth.FromContext(ctx).ID
	link, err := s.Store.Retire(ctx, store.Retirement{
		Name: name, Etag: etag, Principal: caller,
		Request: replay.Request{
			Principal: caller, Method: sharingv1.SharingService_DeleteShareLink_FullMethodName,
			Target: name.String(), ID: req.GetRequestId(), Digest: replay.Digest(req, etag),
		},
	}, now())
	if err != nil {
		return nil, err
	}
	return link.Resource(s.PublicURI), nil
}

// link returns the link of a name. It fails with RESOURCE_NOT_FOUND, also for
// one that another site has.
func (s *Server) link(ctx context.Context, name sharelink.Name) (sharelink.Link, error) {
	found, err := s.Store.Links(ctx, []string{name.ID})
	if err != nil {
		return sharelink.Link{}, err
	}
	if len(found) == 0 || name.Site != sharelink.AnySite && found[0].Name().Site != name.Site {
		return sharelink.Link{}, fault.NotFound(name.String()).With("name", name.String())
	}
	return found[0], nil
}

// now is the time of a request, in the precision that is stored.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
