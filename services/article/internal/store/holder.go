package store

import (
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// How an article holds a slug, as the metadata `held` of SLUG_TAKEN says it.
const (
	heldPublic     = "public"      // readers find it there now
	heldOncePublic = "once_public" // readers found it there, and old links lead to it
	heldWorking    = "working"     // readers never saw it there
	heldAlias      = "alias"       // it had the address on an older system
)

// holder is an article that holds a slug.
type holder struct {
	name     article.Name
	slug     string
	how      string
	revision int64 // its newest; 0 of one that was removed for good
}

// holderOf says who holds a slug and how.
func holderOf(r kv.Reader, site, slug string, held *recordv1.Slug) (holder, error) {
	h := holder{name: article.Name{Site: site, ID: held.GetArticleId()}, slug: slug, how: heldWorking}
	state, err := stateOf(r, h.name, held.GetArticleUid())
	if err != nil {
		return h, err
	}
	h.revision = state.GetRevision()
	switch {
	case !held.GetPublic() || held.GetFormerId() != "":
	case state.GetPublishedRevision() != 0 && state.GetPublicSlug() == slug:
		h.how = heldPublic
	default:
		h.how = heldOncePublic
	}
	return h, nil
}

// stateOf returns the state of an article; nil when it was removed for good,
// also when another article has its id now.
func stateOf(r kv.Reader, n article.Name, uid string) (*recordv1.State, error) {
	state := &recordv1.State{}
	ok, err := get(r, stateKey(n), state)
	if err != nil || !ok || state.GetUid() != uid || uid == "" {
		return nil, err
	}
	return state, nil
}

// taken returns SLUG_TAKEN with the holder, for callers who may know of it.
func (h holder) taken() *fault.Error {
	if h.how == heldOncePublic && h.revision == 0 {
		return fault.New(faultv1.Reason_REASON_SLUG_TAKEN, "an article that was removed for good, %s, was public under the slug %q, "+
			"and old links are told so; choose another one, or send take_over_slug, which needs the permission "+
			"article.take_over_slug: they then lead to your article", h.name, h.slug).
			With("slug", h.slug).With("holder", h.name.String()).With("held", h.how)
	}
	text := "the working copy of %s has the slug %q; choose another one, or change it there first"
	switch h.how {
	case heldPublic:
		text = "%s is public under the slug %q; choose another one"
	case heldOncePublic:
		text = "%s was public under the slug %q, and old links lead to it there; choose another one, or send take_over_slug, " +
			"which needs the permission article.take_over_slug and breaks those links: they then lead to your article"
	case heldAlias:
		text = "%s has the address of the slug %q as an alias; choose another slug, or remove the alias there first"
	}
	return fault.New(faultv1.Reason_REASON_SLUG_TAKEN, text, h.name, h.slug).
		With("slug", h.slug).With("holder", h.name.String()).With("held", h.how)
}
