package store

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// tagRows are the rows by which a published article is found under its tags.
// Articles saved when more tags were allowed are found under the first ones.
func tagRows(n article.Name, tags []string, published time.Time) []entry {
	rows := make([]entry, 0, len(tags))
	for _, tag := range tags[:min(len(tags), article.MaxTags)] {
		rows = append(rows, entry{key: tagKey(n, article.TagID(tag), published), value: []byte(tag)})
	}
	return rows
}

func (e entry) equal(other entry) bool {
	return bytes.Equal(e.key, other.key) && bytes.Equal(e.value, other.value)
}

// putTags brings the rows of an article's tags up to date with what is public.
func (e *encoded) putTags(tx kv.Tx) error {
	if !e.Withdraw && e.Projection == nil {
		return nil
	}
	old := tagRows(e.Name, e.Before.GetPublicTags(), timeOf(e.Before.GetPublishTime()))
	now := tagRows(e.Name, e.After.GetPublicTags(), timeOf(e.After.GetPublishTime()))
	for _, row := range old {
		if !slices.ContainsFunc(now, func(other entry) bool { return bytes.Equal(row.key, other.key) }) {
			if err := tx.Delete(row.key); err != nil {
				return err
			}
		}
	}
	for _, row := range now {
		if !slices.ContainsFunc(old, row.equal) {
			if err := tx.Put(row.key, row.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// Tagged is Newest for the articles that have a tag.
func (s *Store) Tagged(ctx context.Context, site, tag string, reach article.Reach) ([]article.Item, error) {
	prefix := tagBase + site + "/" + article.TagID(tag) + "/"
	var items []article.Item
	err := s.view(ctx, func(r kv.Reader) error {
		items = nil
		for e, err := range r.Scan(rangeOf(prefix, reach)) {
			if err != nil {
				return err
			}
			position := e.Key[len(prefix):]
			summary, err := r.Get(append([]byte(newestBase+site+"/"), position...))
			if err != nil {
				return fmt.Errorf("read the summary that stands under %q: %w", e.Key, err)
			}
			items = append(items, article.Item{Position: position, Encoded: summary, Tag: string(e.Value)})
		}
		return nil
	})
	return items, err
}

// Tags returns all tags of a site's published articles by id. It reads one
// small row for each tag of each article.
func (s *Store) Tags(ctx context.Context, site string) ([]article.Tag, error) {
	prefix := []byte(tagBase + site + "/")
	var tags []article.Tag
	err := s.view(ctx, func(r kv.Reader) error {
		tags = nil
		for e, err := range r.Scan(kv.Prefix(prefix)) {
			if err != nil {
				return err
			}
			id, _, _ := bytes.Cut(e.Key[len(prefix):], []byte("/"))
			if last := len(tags) - 1; last < 0 || tags[last].ID != string(id) {
				tags = append(tags, article.Tag{ID: string(id), Text: string(e.Value)})
			}
			tags[len(tags)-1].Count++
		}
		return nil
	})
	return tags, err
}

// putUpdated moves an article to where its newest revision was saved.
func (e *encoded) putUpdated(tx kv.Tx) error {
	was, is := e.Before.GetUpdateTime(), e.After.GetUpdateTime()
	if was != nil && was.AsTime().Equal(is.AsTime()) {
		return nil
	}
	if was != nil {
		if err := tx.Delete(updatedKey(e.Name, was.AsTime())); err != nil {
			return err
		}
	}
	return tx.Put(updatedKey(e.Name, is.AsTime()), nil)
}

// derive sets what the state to store repeats of the change.
func derive(c article.Change) {
	if c.Revision != nil {
		c.After.UpdateTime = c.Revision.GetCreateTime()
		c.After.Member = article.MemberOf(c.Revision.GetArticle())
	}
	switch {
	case c.Withdraw:
		c.After.PublicTags, c.After.PublicMember = nil, nil
	case c.Projection != nil:
		c.After.PublicTags, c.After.PublicMember = c.Projection.Tags, c.Projection.Member
	}
}

// listRows is the step of format 2 that writes what lists need of an article.
func listRows(m kv.Migrator, a *migrant) error {
	revision, err := getRevision(m, a.Name, a.State, a.State.GetRevision())
	if err != nil {
		return err
	}
	a.State.UpdateTime = revision.GetCreateTime()
	if err := m.Put(updatedKey(a.Name, a.State.GetUpdateTime().AsTime()), nil); err != nil {
		return err
	}
	if a.State.GetPublishedRevision() == 0 {
		return nil
	}
	public, err := getRevision(m, a.Name, a.State, a.State.GetPublishedRevision())
	if err != nil {
		return err
	}
	a.State.PublicTags = public.GetArticle().GetTags()
	for _, row := range tagRows(a.Name, a.State.GetPublicTags(), a.State.GetPublishTime().AsTime()) {
		if err := m.Put(row.key, row.value); err != nil {
			return err
		}
	}
	return nil
}
