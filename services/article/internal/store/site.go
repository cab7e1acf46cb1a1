package store

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Site returns a site or RESOURCE_NOT_FOUND.
func (s *Store) Site(ctx context.Context, id string) (*recordv1.Site, error) {
	site := &recordv1.Site{}
	err := s.view(ctx, func(r kv.Reader) error {
		ok, err := get(r, siteKey(id), site)
		if err == nil && !ok {
			err = fault.NotFound(article.SiteName(id))
		}
		return err
	})
	return site, err
}

// Sites returns at most limit sites by name, after the id given; "" begins.
func (s *Store) Sites(ctx context.Context, after string, limit int) ([]*recordv1.Site, error) {
	items, err := s.items(ctx, siteBase, article.Reach{After: []byte(after), Limit: limit})
	if err != nil {
		return nil, err
	}
	sites := make([]*recordv1.Site, len(items))
	for i, item := range items {
		sites[i] = &recordv1.Site{}
		if err := proto.Unmarshal(item.Encoded, sites[i]); err != nil {
			return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
				"the record of site %q is damaged; restore the store from a copy", item.Position)
		}
	}
	return sites, nil
}

// PutSite creates a site when before is nil, else changes it, and sets the
// version and etag of after. It fails with RESOURCE_EXISTS, HOST_TAKEN,
// ErrOvertaken and *ReplayError.
func (s *Store) PutSite(ctx context.Context, w article.Write, before, after *recordv1.Site) error {
	name := after.GetSite().GetName()
	id, err := article.ParseSite("name", name)
	if err != nil {
		return err
	}
	after.Version = before.GetVersion() + 1
	after.Site.Etag = article.SiteEtag(after)
	encoded, err := encode(after)
	if err != nil {
		return err
	}
	audit, err := auditEntry(w, id, name, before.GetVersion(), after.GetVersion())
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, name, after.GetVersion())
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		if err := checkSiteVersion(tx, id, before); err != nil {
			return err
		}
		if err := putHosts(tx, id, before.GetSite().GetHosts(), after.GetSite().GetHosts()); err != nil {
			return err
		}
		if err := tx.Put(siteKey(id), encoded); err != nil {
			return err
		}
		if err := tx.Put(audit.key, audit.value); err != nil {
			return err
		}
		return tx.Emit([]byte(siteTopic+id), nil)
	})
}

func checkSiteVersion(tx kv.Tx, id string, before *recordv1.Site) error {
	now := &recordv1.Site{}
	ok, err := get(tx, siteKey(id), now)
	switch {
	case err != nil:
		return err
	case before == nil && ok:
		return fault.Exists(article.SiteName(id))
	case before == nil:
		return checkNoImport(tx, id)
	case !ok || now.GetVersion() != before.GetVersion() || now.GetSite().GetUid() != before.GetSite().GetUid():
		return article.ErrOvertaken
	}
	return nil
}

func putHosts(tx kv.Tx, id string, old, hosts []string) error {
	for _, host := range old {
		if !slices.Contains(hosts, host) {
			if err := tx.Delete(hostKey(host)); err != nil {
				return err
			}
		}
	}
	for _, host := range hosts {
		if slices.Contains(old, host) {
			continue
		}
		taken, err := kvrecord.Has(tx, hostKey(host))
		switch {
		case err != nil:
			return err
		case taken:
			return fault.New(faultv1.Reason_REASON_HOST_TAKEN,
				"another site has the host %s; remove it there first", host).With("host", host)
		}
		if err := tx.Put(hostKey(host), []byte(id)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteSite removes a site. It fails with SITE_NOT_EMPTY, ErrOvertaken and
// *ReplayError. What slugs of it were once public stays taken.
func (s *Store) DeleteSite(ctx context.Context, w article.Write, id string, before *recordv1.Site) error {
	name := article.SiteName(id)
	audit, err := auditEntry(w, id, name, before.GetVersion(), 0)
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, name, 0)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		if err := checkSiteVersion(tx, id, before); err != nil {
			return err
		}
		articles := kv.Prefix([]byte(stateBase + id + "/"))
		articles.Limit = 1
		for _, err := range tx.Scan(articles) {
			if err != nil {
				return fmt.Errorf("look for articles: %w", err)
			}
			return fault.New(faultv1.Reason_REASON_SITE_NOT_EMPTY,
				"%s still has articles, deleted ones included; they go 30 days after they were deleted", name).With("resource", name)
		}
		if err := putHosts(tx, id, before.GetSite().GetHosts(), nil); err != nil {
			return err
		}
		if err := tx.Delete(siteKey(id)); err != nil {
			return err
		}
		if err := tx.Put(audit.key, audit.value); err != nil {
			return err
		}
		return tx.Emit([]byte(siteTopic+id), nil)
	})
}
