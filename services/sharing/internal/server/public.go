package server

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// public returns the article of a name as readers see it. It fails with
// RESOURCE_GONE for one that they saw once, and with RESOURCE_NOT_FOUND alike for
// a draft and for one that is not there.
func (s *Server) public(ctx context.Context, name string) (published.Article, error) {
	article, err := s.Reader.Article(ctx, name)
	if !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return article, err
	}
	was, failed := s.wasPublic(ctx, name)
	if failed != nil {
		return published.Article{}, failed
	}
	if was {
		return published.Article{}, fault.New(faultv1.Reason_REASON_RESOURCE_GONE,
			"%s was withdrawn; publish it again to share it, or look at the working copy with CheckPreview and the view WORKING", name).
			With("resource", name).Caused(err)
	}
	return published.Article{}, fault.New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND,
		"%s is not published, or there is none; check the name and publish it, or look at the draft with CheckPreview and the view WORKING", name).
		With("resource", name).Caused(err)
}

// wasPublic reports whether readers ever saw an article of the name.
func (s *Server) wasPublic(ctx context.Context, text string) (bool, error) {
	name, err := published.ParseName("article", text)
	if err != nil || s.Store == nil {
		return false, nil //nolint:nilerr // nobody saw what has no name
	}
	_, err = s.Store.Gone(ctx, name)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		// Its withdrawal may not have been told yet.
		_, err = s.Store.Article(ctx, name)
	}
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return false, nil
	}
	return err == nil, err
}
