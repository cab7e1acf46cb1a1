package store

import (
	"bytes"
	"context"
	"iter"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Stirs yields, batch by batch and without end, which articles were written
// after the version and whether a schedule was made. It fails with
// RESUME_TOKEN_EXPIRED when the log no longer reaches back.
func (s *Store) Stirs(ctx context.Context, after uint64) iter.Seq2[article.Stir, error] {
	return func(yield func(article.Stir, error) bool) {
		for batch, err := range s.kv.Watch(ctx, nil, kv.Version(after)) {
			if err != nil {
				yield(article.Stir{}, asFault(err))
				return
			}
			var stir article.Stir
			for _, c := range batch.Changes {
				if bytes.HasPrefix(c.Topic, []byte(workTopic)) {
					stir.Schedules = true
				}
				if told, ok := toldOf(c); ok && told.Name.ID != "" {
					stir.Articles = append(stir.Articles, told.Name)
				}
			}
			if !yield(stir, nil) {
				return
			}
		}
	}
}
