package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// redactTries is how often others may be faster.
const redactTries = 16

// errUnread says that there are revisions that a redaction has not come to.
var errUnread = errors.New("there are newer revisions")

// edit takes a text out of a message and reports whether it was there.
type edit func(proto.Message) bool

// redactState takes the text out of the state and of what readers see, and
// tells the change feed, which search and caches follow. What other language
// versions show of the article follows.
func (s *Store) redactState(ctx context.Context, n article.Name, job *recordv1.Redaction) error {
	groups, text := make(map[string]bool), job.GetText()
	err := s.rewrite(ctx, n, text, func(e *eraser, before, after *recordv1.State) edit {
		for _, group := range groupsOf(before) {
			groups[group] = true
		}
		e.Message(after)
		e.err = errors.Join(e.err, readUpTo(e.reader, n, before.GetRevision()))
		after.Redactions = max(after.GetRedactions(), job.GetRedactions())
		return func(m proto.Message) bool {
			found := e.Message(m)
			if a, ok := m.(*articlev1.Article); ok {
				etag := article.Etag(after, after.GetPublishedRevision())
				found = found || a.GetEtag() != etag
				a.Etag = etag
			}
			return found
		}
	})
	if err != nil {
		return err
	}
	for group := range groups {
		siblings, err := s.Siblings(ctx, n.Site, group)
		if err != nil {
			return err
		}
		for _, sibling := range siblings {
			if sibling.Name == n {
				continue
			}
			if err := s.redactSibling(ctx, sibling.Name, n, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// readUpTo fails with errUnread when the article has a revision that its
// redaction has not come to.
func readUpTo(r kv.Reader, n article.Name, newest int64) error {
	job := &recordv1.Redaction{}
	ok, err := get(r, redactKey(n), job)
	if err == nil && ok && job.GetReached() < newest {
		err = errUnread
	}
	return err
}

// redactSibling takes the text out of what a language version shows of n.
func (s *Store) redactSibling(ctx context.Context, sibling, n article.Name, text string) error {
	return s.rewrite(ctx, sibling, text, func(e *eraser, _, _ *recordv1.State) edit {
		return func(m proto.Message) bool {
			found := false
			if a, ok := m.(*articlev1.Article); ok {
				for _, t := range a.GetTranslations() {
					found = t.GetArticle() == n.String() && e.Message(t) || found
				}
			}
			return found
		}
	})
}

// rewrite commits what prepare makes of the state of an article, and the edit
// it returns of what readers see. Nothing is written when nothing is found.
func (s *Store) rewrite(ctx context.Context, n article.Name, text string, prepare func(e *eraser, before, after *recordv1.State) edit) error {
	err := article.ErrOvertaken
	for range redactTries {
		var c article.Change
		if c, err = s.rewritten(ctx, n, text, prepare); err != nil || c.After == nil {
			return err
		}
		if err = s.Commit(ctx, c); !errors.Is(err, article.ErrOvertaken) {
			return err
		}
	}
	return err
}

func (s *Store) rewritten(ctx context.Context, n article.Name, text string, prepare func(e *eraser, before, after *recordv1.State) edit) (c article.Change, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		c = article.Change{Name: n, Silent: true, Kind: articlev1.WatchArticlesResponse_KIND_UPDATED}
		before, site := &recordv1.State{}, &recordv1.Site{}
		if ok, err := get(r, stateKey(n), before); err != nil || !ok {
			return err
		}
		after := proto.CloneOf(before)
		e := newEraser(r, n, before, text)
		apply := prepare(e, before, after)
		found := !proto.Equal(before, after)
		if before.GetPublishedRevision() != 0 {
			full, summary, err := shown(r, n, before)
			if err != nil {
				return err
			}
			found = apply(full) || found
			found = apply(summary) || found
			if c.Projection, err = projectionOf(full, summary); err != nil {
				return err
			}
			if _, err := get(r, siteKey(n.Site), site); err != nil {
				return err
			}
			c.PublicKind, c.SiteVersion = articlev1.WatchArticlesResponse_KIND_UPDATED, site.GetVersion()
		}
		if found {
			c.Before, c.After = before, after
		}
		return e.err
	})
	return c, err
}

// shown reads what readers see of an article.
func shown(r kv.Reader, n article.Name, state *recordv1.State) (full, summary *articlev1.Article, err error) {
	full, summary = &articlev1.Article{}, &articlev1.Article{}
	if _, err := get(r, publicKey(n), full); err != nil {
		return nil, nil, err
	}
	_, err = get(r, newestKey(n, timeOf(state.GetPublishTime())), summary)
	return full, summary, err
}

func projectionOf(full, summary *articlev1.Article) (made *article.Encoded, err error) {
	made = &article.Encoded{Tags: full.GetTags(), Photos: article.Photos(full), Member: article.MemberOf(full)}
	if made.Full, err = encode(full); err != nil {
		return nil, err
	}
	made.Summary, err = encode(summary)
	return made, err
}
