package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/schedule"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// TestLargestPublication has a schedule publish an article as differently from
// what was public as can be: with other tags, in another translation group, at
// another time, under a slug that is taken over. All of it fits into one
// transaction.
func TestLargestPublication(t *testing.T) {
	s, db := open(t)
	commit(t, s, draft("buvusi", "pirma", noon)) // once publicly had the slug
	commit(t, s, publish(t, s, "buvusi", noon))
	commit(t, s, withdraw(t, s, "buvusi", noon))
	commit(t, s, draft("pirma", "kita", noon))
	commit(t, s, showing(publish(t, s, "pirma", noon), "sena"))
	l, err := s.Load(t.Context(), named("pirma"), 0)
	if err != nil {
		t.Fatal(err)
	}
	after := proto.CloneOf(l.State)
	after.Revision++
	commit(t, s, article.Change{
		Name: l.Name, Before: l.State, After: after, Slug: "pirma", OldSlug: "kita", TakeSlug: true,
		Revision: &recordv1.Revision{
			Article: &articlev1.Article{Title: "Pirma", Slug: "pirma", TranslationGroup: "nauja"}, CreateTime: timestamppb.New(noon),
		},
	})
	doing := planned(t, s, "pirma", "rytoj", 2, noon.Add(time.Hour))
	c := showing(publish(t, s, "pirma", noon.Add(time.Hour)), "nauja")
	c.After.PublishTime = timestamppb.New(noon.Add(time.Hour))
	doing.After = schedule.Finish(doing.Before, noon.Add(time.Hour))
	c.Schedule = &doing
	counting := &counter{Store: db}
	commit(t, store.New(counting), c)
	// It has room for what a request_id takes instead of the schedule.
	if least := 2*article.MaxTags + 15; counting.keys < least || counting.keys > kv.MaxKeys {
		t.Errorf("it touched %d keys, which is not between %d and %d", counting.keys, least, kv.MaxKeys)
	}
}

// showing has a change show tags, a group and a photo of their own.
func showing(c article.Change, name string) article.Change {
	c.Projection = &article.Encoded{
		Full: []byte(name), Summary: []byte(name), Member: &recordv1.GroupMember{Group: name}, Photos: []string{name},
	}
	for i := range article.MaxTags {
		c.Projection.Tags = append(c.Projection.Tags, fmt.Sprintf("%s %d", name, i))
	}
	return c
}

// counter counts the keys and topics that the last transaction touched.
type counter struct {
	kv.Store

	keys int
}

func (c *counter) Update(ctx context.Context, fn func(kv.Tx) error) (kv.Version, error) {
	return c.Store.Update(ctx, func(tx kv.Tx) error {
		counted := &countedTx{Tx: tx, touched: make(map[string]bool)}
		err := fn(counted)
		c.keys = len(counted.touched)
		return err
	})
}

type countedTx struct {
	kv.Tx

	touched map[string]bool
}

func (c *countedTx) Get(key []byte) ([]byte, error) {
	c.touched["key "+string(key)] = true
	return c.Tx.Get(key)
}

func (c *countedTx) Put(key, value []byte) error {
	c.touched["key "+string(key)] = true
	return c.Tx.Put(key, value)
}

func (c *countedTx) Delete(key []byte) error {
	c.touched["key "+string(key)] = true
	return c.Tx.Delete(key)
}

func (c *countedTx) Emit(topic, ref []byte) error {
	c.touched["topic "+string(topic)] = true
	return c.Tx.Emit(topic, ref)
}
