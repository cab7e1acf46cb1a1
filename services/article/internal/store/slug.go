package store

import (
	"context"
	"fmt"
	"iter"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Slug returns who holds a slug; nil when nobody does.
func (s *Store) Slug(ctx context.Context, site, code, slug string) (*recordv1.Slug, error) {
	held := &recordv1.Slug{}
	found := false
	err := s.view(ctx, func(r kv.Reader) (err error) {
		found, err = get(r, slugKey(site, code, slug), held)
		return err
	})
	if !found {
		return nil, err
	}
	return held, err
}

// FreeSlug returns the first of candidates that the article may take, or
// SLUG_TAKEN about the last one. An address that another article has as an alias
// is not free either, although nothing but this look keeps it.
func (s *Store) FreeSlug(ctx context.Context, n article.Name, code string, candidates iter.Seq[string]) (string, error) {
	free := ""
	err := s.view(ctx, func(r kv.Reader) error {
		site := &recordv1.Site{}
		if _, err := get(r, siteKey(n.Site), site); err != nil {
			return err
		}
		state := &recordv1.State{}
		if _, err := get(r, stateKey(n), state); err != nil {
			return err
		}
		var taken error
		for slug := range candidates {
			var err error
			if taken, err = slugOfOthers(r, n, state.GetUid(), site.GetSite(), code, slug); err != nil {
				return err
			}
			if taken == nil {
				free = slug
				return nil
			}
		}
		return taken
	})
	return free, err
}

// slugOfOthers returns SLUG_TAKEN as taken when another article has the slug, or
// its address as an alias.
func slugOfOthers(r kv.Reader, n article.Name, uid string, site *articlev1.Site, code, slug string) (taken, err error) {
	held := &recordv1.Slug{}
	ok, err := get(r, slugKey(n.Site, code, slug), held)
	switch {
	case err != nil || ok && article.Holds(held, n.ID, uid):
		return nil, err
	case ok:
		h, err := holderOf(r, n.Site, slug, held)
		if err != nil {
			return nil, err
		}
		return h.taken(), nil
	}
	id, err := aliasHolder(r, n.Site, article.Path(site, code, slug))
	if err != nil || id == "" || id == n.ID {
		return nil, err
	}
	return holder{name: article.Name{Site: n.Site, ID: id}, slug: slug, how: heldAlias}.taken(), nil
}

// putSlugs takes and lets go the slugs that the change names, and marks the
// one that becomes public.
func (e *encoded) putSlugs(tx kv.Tx) error {
	code := e.After.GetLanguageCode()
	public := e.Projection != nil && !e.Silent
	if e.OldSlug != "" && e.OldSlug != e.Slug {
		if err := e.dropSlug(tx, slugKey(e.Name.Site, code, e.OldSlug)); err != nil {
			return err
		}
	}
	slug, value := e.Slug, e.slug
	if public {
		slug, value = e.After.GetPublicSlug(), e.publicSlug
	}
	if slug == "" {
		return nil
	}
	key := slugKey(e.Name.Site, code, slug)
	held := &recordv1.Slug{}
	ok, err := get(tx, key, held)
	switch {
	case err != nil:
		return err
	case ok && !e.holds(held):
		return e.takeSlug(tx, key, slug, held)
	case ok && public && held.GetFormerId() != "":
		if err := tellFormer(tx, article.Name{Site: e.Name.Site, ID: held.GetFormerId()}, held.GetFormerUid()); err != nil {
			return err
		}
	case ok && (held.GetPublic() || !public):
		return nil
	}
	return tx.Put(key, value)
}

// holds reports whether the article that changes has a slug.
func (e *encoded) holds(held *recordv1.Slug) bool {
	return article.Holds(held, e.Name.ID, e.After.GetUid())
}

// takeSlug takes a slug over from an article that once publicly had it. Until
// e.Name is public under it, it leads readers where it led before. Whoever it
// was taken over from may take it back meanwhile.
func (e *encoded) takeSlug(tx kv.Tx, key []byte, slug string, held *recordv1.Slug) error {
	h, err := holderOf(tx, e.Name.Site, slug, held)
	if err != nil {
		return err
	}
	back := held.GetFormerId() == e.Name.ID && held.GetFormerUid() == e.After.GetUid()
	if !e.TakeSlug || (h.how != heldOncePublic && !back) {
		return h.taken()
	}
	next := &recordv1.Slug{ArticleId: e.Name.ID, ArticleUid: e.After.GetUid(), Public: true}
	if !back {
		next.FormerId, next.FormerUid = h.name.ID, held.GetArticleUid()
	}
	value, err := encode(next)
	if err != nil {
		return err
	}
	if err := tx.Put(key, value); err != nil {
		return err
	}
	return e.auditTakeOver(tx, h)
}

// auditTakeOver remembers at both articles that a slug went from one to the
// other.
func (e *encoded) auditTakeOver(tx kv.Tx, h holder) error {
	for _, event := range []struct {
		name     article.Name
		revision int64
		note     string
	}{
		{h.name, h.revision, fmt.Sprintf("the slug %s goes to %s", h.slug, e.Name)},
		{e.Name, e.After.GetRevision(), fmt.Sprintf("the slug %s comes from %s", h.slug, h.name)},
	} {
		w := e.Write
		w.Method, w.Note = "TakeOverSlug", event.note
		audit, err := auditEntry(w, event.name.Site, event.name.String(), event.revision, event.revision)
		if err != nil {
			return err
		}
		if err := tx.Put(audit.key, audit.value); err != nil {
			return err
		}
	}
	return nil
}

// dropSlug lets a slug go that was never public. One that was taken over and
// not used goes back.
func (e *encoded) dropSlug(tx kv.Tx, key []byte) error {
	held := &recordv1.Slug{}
	ok, err := get(tx, key, held)
	switch {
	case err != nil || !ok || !e.holds(held):
		return err
	case held.GetFormerId() != "":
		value, err := encode(&recordv1.Slug{ArticleId: held.GetFormerId(), ArticleUid: held.GetFormerUid(), Public: true})
		if err != nil {
			return err
		}
		return tx.Put(key, value)
	case held.GetPublic():
		return nil
	}
	return tx.Delete(key)
}

// tellFormer tells the feed of an article that an old address of it leads
// elsewhere from now on.
func tellFormer(tx kv.Tx, n article.Name, uid string) error {
	state, err := stateOf(tx, n, uid)
	if err != nil || state == nil {
		return err
	}
	told := []byte{byte(articlev1.WatchArticlesResponse_KIND_UPDATED), 0}
	if state.GetPublishedRevision() != 0 {
		told[1] = told[0]
	}
	return tx.Emit(topicOf(n), told)
}
