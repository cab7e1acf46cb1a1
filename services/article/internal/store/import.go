package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// An import touches any number of records, so it is many transactions. While
// the archive comes, only rows are written that nobody finds as long as there is
// no row of the site: no list, no feed, no queue leads to them. A record under
// import/{site} keeps others away; each transaction looks whether it is still
// that of this import. When the archive is whole, one transaction makes the
// site (see Finish in import_rows.go) and the promise that the other rows, which
// follow from those, will be written (see import_show.go). What an import leaves
// that did not come so far is removed: at once, by a sweep, or by the next
// import of that site.

// Bounds of one transaction of an import.
const (
	importKeys  = 40
	importBytes = 700 << 10
	dropKeys    = 48 // rows that one transaction removes
)

// StartImport begins to make a site. It fails with RESOURCE_EXISTS when there is
// one, when another import makes it, or when a deleted site of that id left its
// audit and addresses.
func (s *Store) StartImport(ctx context.Context, site string, now time.Time) (article.Importer, error) {
	for {
		stale, err := s.claimImport(ctx, site, now)
		if err != nil {
			return nil, err
		}
		if stale == nil {
			break
		}
		if err := s.dropImport(ctx, site, stale); err != nil {
			return nil, err
		}
	}
	if err := s.checkUnused(ctx, site); err != nil {
		return nil, err
	}
	i := &importer{store: s, site: site, token: make([]byte, 16), start: now, sessions: make(map[string]*recordv1.EditSession)}
	rand.Read(i.token)
	return i, s.update(ctx, func(tx kv.Tx) error {
		if err := checkSiteVersion(tx, site, nil); err != nil {
			return err
		}
		return i.touch(tx, &recordv1.Import{})
	})
}

// claimImport returns the token of a dead import of the site; nil when the site
// is free.
func (s *Store) claimImport(ctx context.Context, site string, now time.Time) (stale []byte, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		stale = nil
		if taken, err := kvrecord.Has(r, siteKey(site)); err != nil || taken {
			if taken {
				err = fault.Exists(article.SiteName(site))
			}
			return err
		}
		record := &recordv1.Import{}
		ok, err := get(r, importKey(site), record)
		if ok && (record.GetVerified() || now.Sub(record.GetTouchTime().AsTime()) < article.ImportIdle) {
			return importing(site)
		}
		if ok {
			stale = record.GetToken()
		}
		return err
	})
	return stale, err
}

// importing is the error for a site that is being imported.
func importing(site string) error {
	e := fault.Exists(article.SiteName(site))
	e.Message = "an import makes " + article.SiteName(site) + " at this moment, or was broken off less than two minutes ago; wait, or choose another id"
	return e.RetryAfter(article.ImportIdle)
}

// checkNoImport fails while an import makes the site.
func checkNoImport(tx kv.Tx, site string) error {
	busy, err := kvrecord.Has(tx, importKey(site))
	if err == nil && busy {
		err = importing(site)
	}
	return err
}

// checkUnused fails when a site of that id was deleted: what it left would mix
// with the archive.
func (s *Store) checkUnused(ctx context.Context, site string) error {
	return s.view(ctx, func(r kv.Reader) error {
		for _, base := range importBases() {
			rows := kv.Prefix([]byte(base + site + "/"))
			rows.Limit = 1
			for _, err := range r.Scan(rows) {
				if err != nil {
					return err
				}
				e := fault.Exists(article.SiteName(site))
				e.Message = "a site of this id was deleted, and its audit and old addresses are kept; import under another id"
				return e
			}
		}
		return nil
	})
}

// importBases are the bases of the rows, {base}{site}/..., that an import writes
// before it finishes.
func importBases() []string {
	return []string{stateBase, revisionBase, sessionBase, shownBase, slugBase, aliasBase, groupBase, scheduleBase, auditBase}
}

// dropImport removes what an import with the token wrote, and its record, unless
// it finished.
func (s *Store) dropImport(ctx context.Context, site string, token []byte) error {
	for _, base := range importBases() {
		for {
			more, err := s.dropSome(ctx, site, token, kv.Prefix([]byte(base+site+"/")))
			if err != nil {
				return err
			}
			if !more {
				break
			}
		}
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if mine, err := droppable(tx, site, token); err != nil || !mine {
			return err
		}
		return tx.Delete(importKey(site))
	})
}

// dropSome removes some rows of a range and reports whether there were any.
func (s *Store) dropSome(ctx context.Context, site string, token []byte, rows kv.Range) (bool, error) {
	var keys [][]byte
	rows.Limit = dropKeys
	err := s.view(ctx, func(r kv.Reader) error {
		keys = nil
		for e, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			keys = append(keys, e.Key)
		}
		return nil
	})
	if err != nil || len(keys) == 0 {
		return false, err
	}
	dropped := false
	err = s.update(ctx, func(tx kv.Tx) error {
		mine, err := droppable(tx, site, token)
		dropped = mine
		if err != nil || !mine {
			return err
		}
		for _, key := range keys {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
	return dropped, err
}

// droppable reports whether the rows of a site are those of the import with the
// token, and the site is not made.
func droppable(tx kv.Tx, site string, token []byte) (bool, error) {
	record := &recordv1.Import{}
	ok, err := get(tx, importKey(site), record)
	return ok && !record.GetVerified() && bytes.Equal(record.GetToken(), token), err
}

// sweepImports removes what dead imports left and returns how many there were.
func (s *Store) sweepImports(ctx context.Context, now time.Time) (int, error) {
	dead := make(map[string][]byte)
	err := s.eachImport(ctx, func(site string, record *recordv1.Import) {
		if !record.GetVerified() && now.Sub(record.GetTouchTime().AsTime()) >= article.ImportIdle {
			dead[site] = record.GetToken()
		}
	})
	if err != nil {
		return 0, err
	}
	for site, token := range dead {
		if err := s.dropImport(ctx, site, token); err != nil {
			return 0, err
		}
	}
	return len(dead), nil
}

// touch says that the import goes on.
func (i *importer) touch(tx kv.Tx, record *recordv1.Import) error {
	record.Token, record.TouchTime = i.token, timestamppb.Now()
	value, err := encode(record)
	if err != nil {
		return err
	}
	return tx.Put(importKey(i.site), value)
}
