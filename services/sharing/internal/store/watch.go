package store

import (
	"context"
	"iter"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
)

// topicPrefix begins all topics of the change log: changed/{site}/ for a site,
// changed/{site}/{article} for an article, and changed/{site}/{what}/{id} for
// what other themes tell.
const topicPrefix = "changed/"

// Topic is what an entry of the change log is about: a site when only that is
// set, an article, or with Theme something else of the site.
type Topic struct {
	// Site is the id of the site.
	Site string
	// Article is the id of an article; empty when it is about something else.
	Article string
	// Theme is a word for what else it is about, such as "link", and ID its id;
	// empty for sites and articles.
	Theme, ID string
}

func (t Topic) key() []byte {
	if t.Theme != "" {
		return []byte(topicPrefix + t.Site + "/" + t.Theme + "/" + t.ID)
	}
	return []byte(topicPrefix + t.Site + "/" + t.Article)
}

func parseTopic(key []byte) (Topic, error) {
	rest, found := strings.CutPrefix(string(key), topicPrefix)
	site, what, cut := strings.Cut(rest, "/")
	if !found || !cut {
		return Topic{}, kvrecord.UnexpectedKey(key)
	}
	if theme, id, ok := strings.Cut(what, "/"); ok {
		return Topic{Site: site, Theme: theme, ID: id}, nil
	}
	return Topic{Site: site, Article: what}, nil
}

// Change is an entry of the change log.
type Change struct {
	Topic
	// What is the kind of the transition of an article, "site" for a site.
	What string
	// Version is that of the transaction.
	Version uint64
}

// Batch is part of the change log: everything up to and including Through.
type Batch struct {
	Changes []Change
	Through uint64
}

// Version returns the version of the newest write.
func (s *Store) Version(ctx context.Context) (uint64, error) {
	v, err := s.kv.Version(ctx)
	return uint64(v), kvrecord.Explain(err)
}

// Watch yields what changed in a site, in all with "-", after a version, in
// order, and never ends by itself. An empty batch comes every few seconds while
// nothing happens. It ends with an error: that of the context,
// RESUME_TOKEN_EXPIRED when the log no longer reaches back, or
// STORE_UNAVAILABLE.
func (s *Store) Watch(ctx context.Context, site string, after uint64) iter.Seq2[Batch, error] {
	prefix := []byte(topicPrefix)
	if site != "-" {
		prefix = []byte(topicPrefix + site + "/")
	}
	return func(yield func(Batch, error) bool) {
		for batch, err := range s.kv.Watch(ctx, prefix, kv.Version(after)) {
			if err != nil {
				yield(Batch{}, kvrecord.Explain(err))
				return
			}
			out := Batch{Through: uint64(batch.Through)}
			for _, c := range batch.Changes {
				topic, err := parseTopic(c.Topic)
				if err != nil {
					yield(Batch{}, err)
					return
				}
				out.Changes = append(out.Changes, Change{Topic: topic, What: string(c.Ref), Version: uint64(c.Version)})
			}
			if !yield(out, nil) {
				return
			}
		}
	}
}
