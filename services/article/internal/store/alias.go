package store

import (
	"errors"
	"slices"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// aliasHolder returns the id of the article that has a canonical address as an
// alias; "" when none has.
func aliasHolder(r kv.Reader, site, alias string) (string, error) {
	value, err := r.Get(aliasKey(site, alias))
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	return string(value), err
}

// putAliases takes the aliases that are new and lets go those that are no more.
func (e *encoded) putAliases(tx kv.Tx) error {
	was, is := e.Before.GetAliases(), e.After.GetAliases()
	for _, alias := range was {
		if !slices.Contains(is, alias) {
			if err := tx.Delete(aliasKey(e.Name.Site, alias)); err != nil {
				return err
			}
		}
	}
	for _, alias := range is {
		if slices.Contains(was, alias) {
			continue
		}
		holder, err := aliasHolder(tx, e.Name.Site, alias)
		switch {
		case err != nil:
			return err
		case holder != "" && holder != e.Name.ID:
			return article.AliasTaken(alias, article.Name{Site: e.Name.Site, ID: holder})
		}
		if err := tx.Put(aliasKey(e.Name.Site, alias), []byte(e.Name.ID)); err != nil {
			return err
		}
	}
	return nil
}

// purgeAliases removes some aliases of an article that goes, and reports whether
// there were any. The state remembers which ones are left.
func purgeAliases(tx kv.Tx, n article.Name) (bool, error) {
	state := &recordv1.State{}
	ok, err := get(tx, stateKey(n), state)
	if err != nil || !ok || len(state.GetAliases()) == 0 {
		return false, err
	}
	some := state.GetAliases()[:min(len(state.GetAliases()), sweepKeys)]
	for _, alias := range some {
		if err := tx.Delete(aliasKey(n.Site, alias)); err != nil {
			return false, err
		}
	}
	state.Aliases = state.GetAliases()[len(some):]
	state.Version++
	value, err := encode(state)
	if err != nil {
		return false, err
	}
	return true, tx.Put(stateKey(n), value)
}
