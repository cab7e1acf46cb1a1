package store_test

import (
	"encoding/binary"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// allShown walks all published articles with photos, a few at a time.
func allShown(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for after := []byte(nil); ; {
		some, err := s.AllShownPhotos(t.Context(), after, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			return all
		}
		for _, shown := range some {
			all[shown.Name.ID] = shown.Photos
		}
		after = some[len(some)-1].Position
	}
}

func TestShownPhotos(t *testing.T) {
	s, _ := open(t)
	at := noon
	show := func(id string, photos ...string) {
		t.Helper()
		at = at.Add(time.Second)
		c := publish(t, s, id, at)
		c.Projection.Photos = photos
		commit(t, s, c)
	}
	for _, id := range []string{"a", "b", "c", "d"} {
		commit(t, s, draft(id, id, noon))
	}
	show("a", "p1", "p2")
	show("b", "p1")
	show("c", "p3")
	show("d")
	if diff := cmp.Diff(map[string][]string{"a": {"p1", "p2"}, "b": {"p1"}, "c": {"p3"}}, allShown(t, s)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	show("a", "p2")
	show("b")
	show("d", "p4")
	commit(t, s, withdraw(t, s, "c", at.Add(time.Second)))
	if diff := cmp.Diff(map[string][]string{"a": {"p2"}, "d": {"p4"}}, allShown(t, s)); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for id, want := range map[string][]string{"a": {"p2"}, "b": nil, "nobody": nil} {
		got, err := s.ShownPhotos(t.Context(), named(id))
		if err != nil || !cmp.Equal(want, got) {
			t.Errorf("%s shows %v, %v, want %v", id, got, err, want)
		}
	}
}

// keyOfFormat1 is where format 1 has a revision of an article that was created at
// noon.
func keyOfFormat1(id string, number uint64) []byte {
	key := binary.BigEndian.AppendUint64([]byte("revision/biblioteka/"), uint64(noon.UnixMicro())^1<<63)
	return binary.BigEndian.AppendUint64(append(key, id+"/"...), number)
}

// Stores of format 1 do not know which photos readers see.
func TestShownPhotosOfFormat1(t *testing.T) {
	file := filepath.Join(t.TempDir(), "article.db")
	old, err := boltkv.Open(file, kv.Options{Format: kv.Format{Number: 1}})
	if err != nil {
		t.Fatal(err)
	}
	full := &articlev1.Article{Title: "Pirma", Cover: &articlev1.PhotoPlacement{Photo: "p1"}}
	_, err = old.Update(t.Context(), func(tx kv.Tx) error {
		stamp := timestamppb.New(noon)
		for key, m := range map[string]proto.Message{
			"state/biblioteka/pirma": &recordv1.State{
				Name: named("pirma").String(), State: article.Published, CreateTime: stamp, PublishTime: stamp, FirstPublicTime: stamp,
				LanguageCode: "lt", Revision: 1, PublishedRevision: 1, PublicSlug: "pirma", Version: 1,
			},
			string(keyOfFormat1("pirma", 1)): &recordv1.Revision{Article: full, CreateTime: stamp},
			"public/biblioteka/pirma":        full,
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
	if diff := cmp.Diff(map[string][]string{"pirma": {"p1"}}, allShown(t, store.New(db))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
