package search

import (
	"context"
	"fmt"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// write puts a batch into an index. When the index has given up, which it tells
// nobody, it fails with errDamaged.
func write(ctx context.Context, index bleve.Index, batch *bleve.Batch) error {
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() { done <- err }()
		defer guard(&err)
		err = index.Batch(batch)
	}()
	return await(ctx, index, done)
}

// writeThrough is write that also waits for the disk.
func writeThrough(ctx context.Context, index bleve.Index, batch *bleve.Batch) error {
	kept := make(chan error, 1)
	batch.SetPersistedCallback(func(err error) { kept <- err })
	if err := write(ctx, index, batch); err != nil {
		return err
	}
	return await(ctx, index, kept)
}

// merge makes one segment of all that an index has on the disk.
func merge(ctx context.Context, index bleve.Index) error {
	engine, err := index.Advanced()
	if err != nil {
		return err
	}
	merger, ok := engine.(*scorch.Scorch)
	if !ok {
		return fmt.Errorf("the search index is a %T", engine)
	}
	// One pass makes one segment of ten, so four are enough for any number.
	for range 4 {
		done := make(chan error, 1)
		go func() { done <- merger.ForceMerge(ctx, nil) }()
		if err := await(ctx, index, done); err != nil {
			return err
		}
		stats, _ := index.StatsMap()["index"].(map[string]any)
		if left, _ := stats["num_root_filesegments"].(uint64); left <= 1 {
			break
		}
	}
	return nil
}

func await(ctx context.Context, index bleve.Index, done <-chan error) error {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-ticker.C:
			if err := health(index); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// health fails with errDamaged when the background work of an index has met
// what it cannot go on with.
func health(index bleve.Index) error {
	stats, _ := index.StatsMap()["index"].(map[string]any)
	if failures, _ := stats["TotOnErrors"].(uint64); failures > 0 {
		return fmt.Errorf("%w: its background work failed", errDamaged)
	}
	return nil
}
