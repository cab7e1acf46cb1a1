package store

import (
	"context"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// Link returns the link of an id, which is unique over the suite. It fails
// with RESOURCE_NOT_FOUND.
func (s *Store) Link(ctx context.Context, id string) (sharelink.Link, error) {
	found, err := s.Links(ctx, []string{id})
	if err != nil {
		return sharelink.Link{}, err
	}
	if len(found) == 0 {
		name := sharelink.Name{Site: sharelink.AnySite, ID: id}.String()
		return sharelink.Link{}, fault.NotFound(name).With("name", name)
	}
	return found[0], nil
}

// Links returns the links of some ids, of one moment, in their order; those that
// there are not are left out.
func (s *Store) Links(ctx context.Context, ids []string) ([]sharelink.Link, error) {
	var links []sharelink.Link
	err := s.view(ctx, func(r kv.Reader) error {
		links = links[:0]
		for _, id := range ids {
			row, err := linkRow(r, id)
			if err != nil {
				return err
			}
			if row == nil {
				continue
			}
			link, err := complete(r, row)
			if err != nil {
				return err
			}
			links = append(links, link)
		}
		return nil
	})
	return links, err
}

// Code returns the id of the link that the server made for an article, given
// its uid. It fails with RESOURCE_NOT_FOUND when the article was never public,
// as far as is known here.
func (s *Store) Code(ctx context.Context, name published.Name, uid string) (string, error) {
	var code string
	err := s.view(ctx, func(r kv.Reader) error {
		value, err := r.Get(codeKey(name, uid))
		if err != nil {
			return notFound(err, name.String())
		}
		code = string(value)
		return nil
	})
	return code, err
}

// LinkOf returns the link that the server made for the article of a name: of the
// public one, or else of the one withdrawn last. It fails with
// RESOURCE_NOT_FOUND when none was ever public, as far as is known here.
func (s *Store) LinkOf(ctx context.Context, name published.Name) (sharelink.Link, error) {
	var link sharelink.Link
	err := s.view(ctx, func(r kv.Reader) error {
		uid, err := oncePublic(r, name)
		if err != nil {
			return err
		}
		code, err := r.Get(codeKey(name, uid))
		if err != nil {
			return notFound(err, name.String())
		}
		link, err = existing(r, string(code))
		return err
	})
	return link, err
}

// linkRow returns the row of a link, nil when there is none.
func linkRow(r kv.Reader, id string) (*recordv1.Link, error) {
	row := &recordv1.Link{}
	if err := kvrecord.Get(r, linkKey(id), row); err != nil || row.GetId() == "" {
		return nil, err
	}
	return row, nil
}

// complete adds what is known of the article and the site of a link.
func complete(r kv.Reader, row *recordv1.Link) (sharelink.Link, error) {
	link := sharelink.Link{Record: row}
	article, site := &recordv1.Article{}, &recordv1.Site{}
	if err := kvrecord.Get(r, articleKey(link.ArticleName()), article); err != nil {
		return link, err
	}
	if err := kvrecord.Get(r, siteKey(row.GetSite()), site); err != nil {
		return link, err
	}
	switch article.GetUid() {
	case "": // not public
	case row.GetArticleUid():
		link.Article = article
	default:
		link.Replaced = true
	}
	link.Site, link.SiteGone = site.GetSite(), site.GetDeleteTime() != nil
	return link, nil
}

// insertLink writes everything that a new link consists of. It touches at most 4
// keys.
func insertLink(tx kv.Tx, l *recordv1.Link) error {
	if err := kvrecord.Put(tx, linkKey(l.GetId()), l); err != nil {
		return err
	}
	position := linkPosition(l)
	prefixes := []string{linkListPrefix + l.GetSite() + "/", linkArticlePrefix + l.GetSite() + "/" + l.GetArticle() + "/"}
	if l.GetKind() == sharingv1.ShareLink_KIND_WORDS {
		prefixes = append(prefixes, linkWordsPrefix+l.GetSite()+"/")
	}
	for _, prefix := range prefixes {
		if err := tx.Put([]byte(prefix+position), nil); err != nil {
			return err
		}
	}
	return nil
}
