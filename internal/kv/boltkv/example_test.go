package boltkv_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
)

// A follower takes the state first and then what changed since.
func Example() {
	ctx := context.Background()
	if err := follow(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	// Output:
	// have article/a = draft
	// changed article/b: created
}

func follow(ctx context.Context) error {
	dir, err := os.MkdirTemp("", "boltkv")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := boltkv.Open(filepath.Join(dir, "articles.db"), boltkv.Options{})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	create := func(key string) error {
		_, err := s.Update(ctx, func(tx kv.Tx) error {
			if err := tx.Put([]byte(key), []byte("draft")); err != nil {
				return err
			}
			return tx.Emit([]byte(key), []byte("created"))
		})
		return err
	}
	if err := create("article/a"); err != nil {
		return err
	}
	since, err := s.Version(ctx)
	if err != nil {
		return err
	}
	err = s.View(ctx, func(r kv.Reader) error {
		for e, err := range r.Scan(kv.Prefix([]byte("article/"))) {
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stdout, "have %s = %s\n", e.Key, e.Value)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := create("article/b"); err != nil {
		return err
	}
	for batch, err := range s.Watch(ctx, []byte("article/"), since) {
		if err != nil {
			return err
		}
		for _, c := range batch.Changes {
			fmt.Fprintf(os.Stdout, "changed %s: %s\n", c.Topic, c.Ref)
		}
		if len(batch.Changes) > 0 {
			break
		}
	}
	return nil
}
