package store_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// Stores of format 1 tell the id alone of who has a slug.
func TestSlugsOfFormat1(t *testing.T) {
	file := filepath.Join(t.TempDir(), "article.db")
	old, err := boltkv.Open(file, kv.Options{Format: kv.Format{Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	const uid = "8a5f3c62-4b1d-4d9e-9c70-1f2e3d4c5b6a"
	_, err = old.Update(t.Context(), func(tx kv.Tx) error {
		stamp := timestamppb.New(noon)
		for key, m := range map[string]proto.Message{
			"state/biblioteka/pirma": &recordv1.State{
				Name: named("pirma").String(), Uid: uid, State: article.Draft, CreateTime: stamp, LanguageCode: "lt", Revision: 1, Version: 1,
			},
			string(keyOfFormat1("pirma", 1)): &recordv1.Revision{Article: &articlev1.Article{Title: "Pirma"}, CreateTime: stamp},
			"site/biblioteka":                &recordv1.Site{Site: &articlev1.Site{Name: "sites/biblioteka"}},
			"slug/biblioteka/lt/pirma":       &recordv1.Slug{ArticleId: "pirma"},
			"slug/biblioteka/lt/dingusi":     &recordv1.Slug{ArticleId: "dingusi", Public: true},
			"slug/biblioteka/lt/perimta":     &recordv1.Slug{ArticleId: "pirma", Public: true, FormerId: "dingusi"},
		} {
			value, err := proto.Marshal(m)
			if err != nil {
				return err
			}
			if err := tx.Put([]byte(key), value); err != nil {
				return err
			}
		}
		return nil
	})
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	db, err := boltkv.Open(file, kv.Options{Format: store.Format()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := store.New(db)
	for slug, want := range map[string]*recordv1.Slug{
		"pirma":   {ArticleId: "pirma", ArticleUid: uid},
		"dingusi": {ArticleId: "dingusi", Public: true},
		"perimta": {ArticleId: "pirma", ArticleUid: uid, Public: true, FormerId: "dingusi"},
	} {
		got, err := s.Slug(t.Context(), "biblioteka", "lt", slug)
		if diff := cmp.Diff(want, got, protocmp.Transform()); err != nil || diff != "" {
			t.Errorf("%s: %v, -want +got:\n%s", slug, err, diff)
		}
	}
	commit(t, s, draft("dingusi", "kita", noon))
	for _, slug := range []string{"dingusi", "perimta"} {
		err := s.Addresses(t.Context(), "biblioteka", func(a article.Addresses) error {
			id, standing, err := a.Slug("lt", slug)
			if id != "dingusi" || standing != nil {
				t.Errorf("at %s is %s, which stands at %v", slug, id, standing)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
