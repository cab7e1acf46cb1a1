package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	blevesearch "github.com/blevesearch/bleve/v2/search"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// errDamaged is what a volume fails with when its files are not what was
// written.
var errDamaged = errors.New("the search index is damaged")

// Keys of what an index knows of itself.
const (
	keyMaking = "making" // the rules and the store that it was made with
	keyCursor = "cursor" // the version of the store that it stands at
)

// volume is one index and its place in the feed.
type volume struct {
	source    Source
	analyzers *terms.Analyzers

	folder string
	making string    // by what rules, and from what store
	seen   time.Time // when the store was last asked for its identity
	log    *slog.Logger

	lookEvery time.Duration // at the files

	// mu guards index: searches read, and whoever closes it writes.
	mu      sync.RWMutex
	index   bleve.Index   // nil while there is none
	cursor  uint64        // of the goroutine of run
	reached atomic.Uint64 // the cursor, for others

	segments []fs.FileInfo // what was in the folder when it was opened
	damaged  chan error
}

func newVolume(p Parts, analyzers *terms.Analyzers, identity []byte) *volume {
	return &volume{
		source: p.Source, analyzers: analyzers,
		folder:  filepath.Join(p.Folder, p.Kind),
		making:  makingOf(identity),
		seen:    time.Now(),
		log:     p.Log,
		damaged: make(chan error, 1),

		lookEvery: 10 * time.Second,
	}
}

// makingOf says by what rules, and from what store, an index is made. The store
// gives itself another identity to have all indexes made anew: after a
// redaction.
func makingOf(identity []byte) string {
	return fmt.Sprintf("%d %s %x", layout, terms.Version(), identity)
}

// settings are those of every index. Batches do not wait for the disk: after a
// crash the index is a little older, and so is its cursor.
func settings() map[string]any {
	return map[string]any{"unsafe_batch": true, "bolt_timeout": "2s"}
}

// settingsToMake are those of an index that is being made: its segments are
// merged when it is ready, not again and again.
func settingsToMake() map[string]any {
	s := settings()
	s["scorchMergePlanOptions"] = map[string]any{"MaxSegmentsPerTier": 1 << 20, "FloorSegmentSize": 1}
	return s
}

// open opens the index of the folder, if it is one that can be used.
func (v *volume) open(ctx context.Context) {
	if _, err := os.Stat(v.folder); err != nil {
		return // it is made by run
	}
	index, cursor, err := v.load(ctx, v.folder)
	if err != nil {
		v.log.WarnContext(ctx, "the search index cannot be used and is made anew", slog.String("folder", v.folder), slog.Any("error", err))
		return
	}
	v.replace(index, cursor)
}

// load opens an index and looks whether it is one of this store, made by these
// rules.
func (v *volume) load(ctx context.Context, folder string) (_ bleve.Index, _ uint64, err error) {
	defer guard(&err)
	if v.segments, err = segmentsIn(folder); err != nil {
		return nil, 0, err
	}
	index, err := bleve.OpenUsing(folder, settings())
	if err != nil {
		return nil, 0, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, index.Close())
		}
	}()
	making, err := index.GetInternal([]byte(keyMaking))
	if err != nil {
		return nil, 0, err
	}
	if string(making) != v.making {
		return nil, 0, errors.New("it was made for another store, by other rules or not to the end")
	}
	cursor, err := index.GetInternal([]byte(keyCursor))
	if err != nil {
		return nil, 0, err
	}
	newest, err := v.source.Version(ctx)
	if err != nil {
		return nil, 0, err
	}
	if len(cursor) != 8 || binary.BigEndian.Uint64(cursor) > newest {
		return nil, 0, errors.New("it is newer than the store")
	}
	return index, binary.BigEndian.Uint64(cursor), nil
}

// guard makes an error of a panic: that is how bleve meets damaged files.
func guard(err *error) {
	if p := recover(); p != nil {
		*err = errors.Join(*err, fmt.Errorf("%w: %v", errDamaged, p))
	}
}

// replace puts an index, or nil, in the place of the one there is.
func (v *volume) replace(index bleve.Index, cursor uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.index != nil {
		if err := shut(v.index); err != nil {
			v.log.Warn("closing the search index failed", slog.Any("error", err))
		}
	}
	v.index, v.cursor = index, cursor
	v.reached.Store(cursor)
}

// shut closes an index. One that is damaged may never come to an end; it is then
// left behind.
func shut(index bleve.Index) error {
	const patience = 10 * time.Second
	done := make(chan error, 1)
	go func() {
		var err error
		defer func() { done <- err }()
		defer guard(&err)
		err = index.Close()
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errors.New("the search index does not come to an end and is left behind")
	}
}

// find runs a search.
func (v *volume) find(ctx context.Context, q Query, want *wanted) (Found, error) {
	result, err := v.ask(ctx, q, want)
	switch {
	case errors.Is(err, errDamaged):
		select {
		case v.damaged <- err:
		default: // known
		}
		return Found{}, unavailable(err)
	case err != nil:
		return Found{}, err
	}
	found := Found{Total: int(result.Total)} //nolint:gosec // documents are fewer
	for _, hit := range result.Hits {
		if len(found.Hits) == q.Limit {
			found.More = true
			break
		}
		if n, ok := parseID(hit.ID); ok {
			found.Hits = append(found.Hits, Hit{Name: n, Position: hit.Sort[0]})
		}
	}
	return found, nil
}

// ask asks bleve.
func (v *volume) ask(ctx context.Context, q Query, want *wanted) (_ *bleve.SearchResult, err error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.index == nil {
		return nil, unavailable(nil)
	}
	defer guard(&err)
	request := bleve.NewSearchRequestOptions(v.query(q, want), q.Limit+1, 0, false)
	request.Sort = blevesearch.SortOrder{&ranking{order: q.Order}}
	if q.After != "" {
		request.SearchAfter = []string{q.After}
	}
	return v.index.SearchInContext(ctx, request)
}

func (v *volume) query(q Query, want *wanted) *matchQuery {
	done := &work{}
	return &matchQuery{
		wanted: want, scope: scopeOf(q.Side, q.Site), facts: q.Facts, work: done,
		words: &vocabulary{analyzers: v.analyzers, languages: q.Languages, work: done},
	}
}

// put brings a resource of the index up to date.
func (v *volume) put(ctx context.Context, batch *bleve.Batch, n Name) error {
	documents, err := v.source.Documents(ctx, n)
	if err != nil {
		return err
	}
	for _, s := range []Side{Public, Working} {
		if !slices.ContainsFunc(documents, func(d Document) bool { return d.Sides[0] == s }) {
			batch.Delete(idOf(s, n))
		}
	}
	for _, d := range documents {
		if err := batch.IndexAdvanced(documentOf(v.analyzers, n, d)); err != nil {
			return err
		}
	}
	return nil
}

// create makes an empty index.
func create(folder string) (_ bleve.Index, err error) {
	defer guard(&err)
	if err := os.RemoveAll(folder); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
		return nil, err
	}
	return bleve.NewUsing(folder, bleve.NewIndexMapping(), scorch.Name, bleve.Config.DefaultKVStore, settingsToMake())
}
