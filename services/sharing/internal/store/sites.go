package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// LearnSites brings the rows up to what all sites now are, and tells the
// change log and the hooks of each that changed; it returns the ids of those. One that
// cannot be kept does not keep the others from it. A
// site that is missing keeps its row for ever, for its links, but is no longer
// found. Any number of instances may call it.
func (s *Store) LearnSites(ctx context.Context, sites []*articlev1.Site, now time.Time) ([]string, error) {
	rows, err := s.siteRows(ctx)
	if err != nil {
		return nil, err
	}
	known := make(map[string]*articlev1.Site, len(rows)) // and not deleted
	for _, row := range rows {
		if row.GetDeleteTime() == nil {
			known[row.GetSite().GetName()] = row.GetSite()
		}
	}
	listed := make(map[string]*articlev1.Site, len(sites))
	for _, site := range sites {
		listed[site.GetName()] = site
	}
	var changed []string
	var failed error
	for _, name := range slices.Sorted(maps.Keys(union(known, listed))) {
		if was, is := known[name], listed[name]; was != nil && is != nil && proto.Equal(was, is) {
			continue
		}
		id, err := published.ParseSite("name", name)
		if err == nil {
			err = s.learnSite(ctx, id, listed[name], now)
		}
		if err != nil { // the others still count
			failed = errors.Join(failed, fmt.Errorf("keep %s: %w", name, err))
			continue
		}
		changed = append(changed, id)
	}
	return changed, failed
}

// union returns what is in one or both.
func union(a, b map[string]*articlev1.Site) map[string]*articlev1.Site {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// learnSite makes a site what it now is, nil when it is not there any more.
func (s *Store) learnSite(ctx context.Context, id string, site *articlev1.Site, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		row := &recordv1.Site{}
		if err := kvrecord.Get(tx, siteKey(id), row); err != nil {
			return err
		}
		t := SiteTransition{New: site, Time: now}
		if row.GetDeleteTime() == nil {
			t.Old = row.GetSite()
		}
		if t.Old == nil && t.New == nil || t.Old != nil && t.New != nil && proto.Equal(t.Old, t.New) {
			return nil
		}
		row.DeleteTime = timestamppb.New(now)
		if site != nil {
			row = &recordv1.Site{Site: site}
		}
		if err := kvrecord.Put(tx, siteKey(id), row); err != nil {
			return err
		}
		for _, hook := range s.siteHooks() {
			if err := hook(tx, t); err != nil {
				return err
			}
		}
		return tx.Emit(Topic{Site: id}.key(), []byte("site"))
	})
}

// Site returns a site as it was last listed. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Site(ctx context.Context, id string) (*articlev1.Site, error) {
	row := &recordv1.Site{}
	err := s.view(ctx, func(r kv.Reader) error {
		row.Reset()
		return kvrecord.Get(r, siteKey(id), row)
	})
	if err != nil {
		return nil, err
	}
	if row.GetSite() == nil || row.GetDeleteTime() != nil {
		return nil, fault.NotFound(published.SiteName(id))
	}
	return row.GetSite(), nil
}

// Sites returns all sites as they were last listed, by id.
func (s *Store) Sites(ctx context.Context) ([]*articlev1.Site, error) {
	rows, err := s.siteRows(ctx)
	if err != nil {
		return nil, err
	}
	var sites []*articlev1.Site
	for _, row := range rows {
		if row.GetDeleteTime() == nil {
			sites = append(sites, row.GetSite())
		}
	}
	return sites, nil
}

// siteRows returns the rows of all sites that ever were, by id.
func (s *Store) siteRows(ctx context.Context) ([]*recordv1.Site, error) {
	var rows []*recordv1.Site
	err := s.view(ctx, func(r kv.Reader) error {
		rows = nil
		for entry, err := range r.Scan(kv.Prefix([]byte(sitePrefix))) {
			if err != nil {
				return err
			}
			row := &recordv1.Site{}
			if err := kvrecord.Decode(entry.Key, entry.Value, row); err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}
