// Package connect finds a running suite and calls it as the operator's
// commands do: by its data folder, or by addresses and a token.
package connect

import (
	"context"
	"errors"
	"fmt"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/ready"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Where says which suite to call.
type Where struct {
	// Data is the folder of a suite on this machine; used for what is empty
	// below.
	Data string
	// Article, Media and Sharing are gRPC addresses.
	Article, Media, Sharing string
	// TokenFile holds the token to call with.
	TokenFile string
	// CA names the authorities a suite on another machine is certified by;
	// empty means plaintext, which only works on this machine.
	CA string
}

// Suite is an open connection.
type Suite struct {
	Articles articlev1.ArticleServiceClient
	Photos   mediav1.MediaServiceClient
	// Shares is nil when the address of the sharing service is not known; see
	// Sharing.
	Shares sharingv1.SharingServiceClient
	// HTTP is where its gateway is, with scheme; empty when that is not known.
	HTTP  string
	conns []*grpc.ClientConn
}

// Open connects. Close the suite after use.
func Open(w Where) (*Suite, error) {
	s := &Suite{}
	if w.Article == "" || w.Media == "" || w.TokenFile == "" {
		found, err := ready.Read(w.Data)
		if err != nil {
			return nil, err
		}
		w, s.HTTP = w.or(found), found.HTTP
	}
	tls, err := rpc.TLSFiles{CA: w.CA}.Client()
	if err != nil {
		return nil, err
	}
	dial := func(address string) (*grpc.ClientConn, error) {
		conn, err := rpc.Dial(rpc.Target{Address: address, TLS: tls, Tokens: auth.NewTokenFile(w.TokenFile)})
		if err != nil {
			return nil, errors.Join(fmt.Errorf("connect to %s: %w", address, err), s.Close())
		}
		s.conns = append(s.conns, conn)
		return conn, nil
	}
	articles, err := dial(w.Article)
	if err != nil {
		return nil, err
	}
	photos, err := dial(w.Media)
	if err != nil {
		return nil, err
	}
	s.Articles = articlev1.NewArticleServiceClient(articles)
	s.Photos = mediav1.NewMediaServiceClient(photos)
	if w.Sharing == "" {
		return s, nil
	}
	shares, err := dial(w.Sharing)
	if err != nil {
		return nil, err
	}
	s.Shares = sharingv1.NewSharingServiceClient(shares)
	return s, nil
}

// Sharing returns the sharing service. It fails when nobody said where it is.
func (s *Suite) Sharing() (sharingv1.SharingServiceClient, error) {
	if s.Shares == nil {
		return nil, errors.New("name the gRPC address of the sharing service with --sharing")
	}
	return s.Shares, nil
}

// Close ends the connections.
func (s *Suite) Close() error {
	var err error
	for _, c := range s.conns {
		err = errors.Join(err, c.Close())
	}
	return err
}

// Site returns the named site; with an empty id the only one there is.
func (s *Suite) Site(ctx context.Context, id string) (*articlev1.Site, error) {
	if id != "" {
		site, err := s.Articles.GetSite(ctx, &articlev1.GetSiteRequest{Name: "sites/" + id})
		if err != nil {
			return nil, fmt.Errorf("site %s: %w", id, err)
		}
		return site, nil
	}
	list, err := s.Articles.ListSites(ctx, &articlev1.ListSitesRequest{PageSize: 2})
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	switch len(list.GetSites()) {
	case 0:
		return nil, errors.New("there is no site yet; make one with `skaitykla site create`")
	case 1:
		return list.GetSites()[0], nil
	default:
		return nil, errors.New("there are several sites; name one with --site (see `skaitykla site list`)")
	}
}

func (w Where) or(f ready.File) Where {
	first := func(a, b string) string {
		if a != "" {
			return a
		}
		return b
	}
	w.Article = first(w.Article, f.Article)
	w.Media = first(w.Media, f.Media)
	w.Sharing = first(w.Sharing, f.Sharing)
	w.TokenFile = first(w.TokenFile, f.TokenFile)
	return w
}
