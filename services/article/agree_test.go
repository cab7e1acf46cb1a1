package article_test

import (
	"context"
	"maps"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// agree wants everything that is derived of articles to fit them: lists, what
// readers see, tags, and the change feed. It returns the ids of all articles and
// of those that readers see.
func agree(t *testing.T, s *store.Store) (all, public map[string]bool) {
	t.Helper()
	all, public = everything(t, s)
	for what, names := range map[string]map[string]bool{
		"by creation":  listed(t, s, s.Created),
		"by last save": listed(t, s, s.Updated),
		"in the feed":  fed(t, s),
	} {
		wantNames(t, what, names, all)
	}
	wantNames(t, "by publish time", listed(t, s, s.Newest), public)
	tags, err := s.Tags(t.Context(), "biblioteka")
	must(t, tags, err)
	tagged := map[string]bool{}
	for _, tag := range tags {
		names := listed(t, s, func(ctx context.Context, site string, reach article.Reach) ([]article.Item, error) {
			return s.Tagged(ctx, site, tag.Text, reach)
		})
		if int64(len(names)) != tag.Count {
			t.Errorf("the tag %s counts %d articles and lists %d", tag.Text, tag.Count, len(names))
		}
		maps.Copy(tagged, names)
	}
	wantNames(t, "by tag", tagged, public)
	return all, public
}

// everything returns the ids of all articles, and of those that readers see, which
// must be the ones whose projection is stored.
func everything(t *testing.T, s *store.Store) (all, public map[string]bool) {
	t.Helper()
	all, public = map[string]bool{}, map[string]bool{}
	for after := []byte(nil); ; {
		items, err := s.Names(t.Context(), "-", after, 500)
		must(t, items, err)
		if len(items) == 0 {
			return all, public
		}
		for _, item := range items {
			after = item.Position
			n, _ := s.ParsePosition(item.Position)
			loaded, err := s.Load(t.Context(), n, 0)
			must(t, loaded, err)
			all[n.ID] = true
			seen, err := s.Projection(t.Context(), n)
			if (err == nil) != (loaded.State.GetPublishedRevision() != 0) {
				t.Errorf("%s: published revision %d, projection: %v", n, loaded.State.GetPublishedRevision(), err)
			}
			if err != nil {
				continue
			}
			public[n.ID] = true
			full := &articlev1.Article{}
			if err := proto.Unmarshal(seen, full); err != nil || full.GetRevision() != loaded.State.GetPublishedRevision() {
				t.Errorf("%s: the projection is of revision %d, want %d: %v", n, full.GetRevision(), loaded.State.GetPublishedRevision(), err)
			}
		}
	}
}

// listed returns the ids in a list.
func listed(t *testing.T, s *store.Store, list func(context.Context, string, article.Reach) ([]article.Item, error)) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for after := []byte(nil); ; {
		items, err := list(t.Context(), "biblioteka", article.Reach{After: after, Limit: 500})
		must(t, items, err)
		if len(items) == 0 {
			return names
		}
		for _, item := range items {
			after = item.Position
			names[s.PositionID(item.Position)] = true
		}
	}
}

// fed returns the ids that the change feed tells of.
func fed(t *testing.T, s *store.Store) map[string]bool {
	t.Helper()
	newest, err := s.Version(t.Context())
	must(t, newest, err)
	names := map[string]bool{}
	for batch, err := range s.Watch(t.Context(), "biblioteka", 0) {
		must(t, batch, err)
		for _, told := range batch.Told {
			names[told.Name.ID] = true
		}
		if batch.Through >= newest {
			break
		}
	}
	return names
}

func wantNames(t *testing.T, what string, got, want map[string]bool) {
	t.Helper()
	if maps.Equal(got, want) {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(want)) {
		if !got[id] {
			t.Errorf("%s is not listed %s", id, what)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(got)) {
		if !want[id] {
			t.Errorf("%s is listed %s and should not be", id, what)
		}
	}
}
