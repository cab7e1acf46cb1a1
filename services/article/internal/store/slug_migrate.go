package store

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// slugRows is a step of the migration to format 2: slugs of format 1 told the id
// of their article alone. Those of articles that are gone get no uid, so that
// they stay what they are when the id is used again.
func slugRows(m kv.Migrator) error {
	for e, err := range m.Scan(kv.Prefix([]byte(slugBase))) {
		if err != nil {
			return err
		}
		if err := migrateSlug(m, e); err != nil {
			return fmt.Errorf("migrate %q: %w", e.Key, err)
		}
	}
	return nil
}

func migrateSlug(m kv.Migrator, e kv.Entry) error {
	held := &recordv1.Slug{}
	if err := proto.Unmarshal(e.Value, held); err != nil {
		return err
	}
	site, _, _ := strings.Cut(string(e.Key[len(slugBase):]), "/")
	var err error
	if held.ArticleUid, err = uidOf(m, site, held.GetArticleId()); err != nil {
		return err
	}
	if held.FormerUid, err = uidOf(m, site, held.GetFormerId()); err != nil {
		return err
	}
	value, err := encode(held)
	if err != nil {
		return err
	}
	return m.Put(e.Key, value)
}

// uidOf returns the uid of the article of an id; "" when there is none.
func uidOf(r kv.Reader, site, id string) (string, error) {
	if id == "" {
		return "", nil
	}
	state := &recordv1.State{}
	_, err := get(r, stateKey(article.Name{Site: site, ID: id}), state)
	return state.GetUid(), err
}
