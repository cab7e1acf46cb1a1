package store

import (
	"bytes"
	"cmp"
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Query says which published articles of a site to list.
type Query struct {
	// Site is the id of the site.
	Site string
	// Language selects those in a language (BCP 47, as the article has it);
	// empty for all.
	Language string
	// Tag selects those with a tag, given as its text; TagID as its id. At most
	// one is set.
	Tag, TagID string
	// From and Until bound publish_time: not before From, before Until. Zero
	// times are no bound.
	From, Until time.Time
	// Oldest lists the oldest first, else the newest is first.
	Oldest bool
	// After is the position to go on after; empty to begin.
	After []byte
	// Limit is how many to return, more than 0.
	Limit int
}

// List returns at most q.Limit published articles and the position to go on
// after, nil when there are no more. Pages of one listing fit together while
// articles come and go: one that stays is never missed nor told twice.
func (s *Store) List(ctx context.Context, q Query) (rows []*recordv1.Article, next []byte, err error) {
	prefix := []byte(q.scope())
	err = s.view(ctx, func(r kv.Reader) error {
		rows, next = nil, nil
		for entry, err := range r.Scan(q.keys(prefix)) {
			if err != nil {
				return err
			}
			row, err := listed(r, q.Site, prefix, entry.Key)
			if err != nil {
				return err
			}
			if row == nil {
				continue
			}
			if len(rows) == q.Limit { // one more: there is a next page
				return nil
			}
			rows, next = append(rows, row), bytes.TrimPrefix(entry.Key, prefix)
		}
		next = nil
		return nil
	})
	return rows, next, err
}

// listed returns the article of a key in a list, nil when the key is stale.
func listed(r kv.Reader, site string, prefix, key []byte) (*recordv1.Article, error) {
	_, id, ok := bytes.Cut(bytes.TrimPrefix(key, prefix), []byte("/"))
	if !ok {
		return nil, kvrecord.UnexpectedKey(key)
	}
	name := published.Name{Site: site, ID: string(id)}
	row := &recordv1.Article{}
	if err := kvrecord.Get(r, articleKey(name), row); err != nil {
		return nil, err
	}
	if row.GetName() == "" {
		return nil, nil //nolint:nilnil // nothing to list is no error
	}
	rows := orderRows
	if bytes.HasPrefix(key, []byte(tagPrefix)) {
		rows = tagRows
	}
	if !contains(rows(name, row), string(key)) {
		return nil, nil //nolint:nilnil // as above
	}
	return row, nil
}

func (q Query) scope() string {
	language := cmp.Or(q.Language, anyLanguage)
	switch {
	case q.TagID != "":
		return tagIDScope(q.Site, language, q.TagID)
	case q.Tag != "":
		return tagScope(q.Site, language, q.Tag)
	}
	return orderScope(q.Site, language)
}

// keys returns the keys under the prefix that are still to be listed.
func (q Query) keys(prefix []byte) kv.Range {
	keys := kv.Prefix(prefix)
	keys.Reverse = !q.Oldest
	at := func(position []byte) []byte { return append(bytes.Clone(prefix), position...) }
	if !q.From.IsZero() {
		keys.Start = at([]byte(timeTerm(q.From)))
	}
	if !q.Until.IsZero() {
		keys.End = at([]byte(timeTerm(q.Until)))
	}
	switch {
	case len(q.After) == 0:
	case q.Oldest:
		keys.Start = append(at(q.After), 0)
	default:
		keys.End = at(q.After)
	}
	return keys
}

// Article returns the row of a published article. It fails with
// RESOURCE_NOT_FOUND, also for one that is gone.
func (s *Store) Article(ctx context.Context, name published.Name) (*recordv1.Article, error) {
	row, _, err := s.known(ctx, name)
	if err == nil && row == nil {
		err = fault.NotFound(name.String())
	}
	return row, err
}

// Gone returns what is kept of the article of the name that was withdrawn last.
// It fails with RESOURCE_NOT_FOUND.
func (s *Store) Gone(ctx context.Context, name published.Name) (*recordv1.Gone, error) {
	var newest *recordv1.Gone
	err := s.view(ctx, func(r kv.Reader) (err error) {
		newest, err = lastGone(r, name)
		return err
	})
	if err == nil && newest == nil {
		err = fault.NotFound(name.String())
	}
	return newest, err
}

// Translations returns the published articles of a translation group, by
// language; none for an empty group.
func (s *Store) Translations(ctx context.Context, site, group string) ([]*recordv1.Article, error) {
	if group == "" {
		return nil, nil
	}
	prefix := []byte(groupScope(site, group))
	var rows []*recordv1.Article
	err := s.view(ctx, func(r kv.Reader) error {
		rows = nil
		for entry, err := range r.Scan(kv.Prefix(prefix)) {
			if err != nil {
				return err
			}
			row, err := listed(r, site, prefix, entry.Key)
			if err != nil {
				return err
			}
			if row != nil {
				rows = append(rows, row)
			}
		}
		return nil
	})
	return rows, err
}
