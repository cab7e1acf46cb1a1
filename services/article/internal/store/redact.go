package store

import (
	"context"
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// A redaction touches any number of records, so it is many transactions. The
// first one writes down what is to be done, with the audit event; the last one
// removes that. Whoever finds it in between, at start or in a sweep, goes on.
// Each step finds what is left to do by itself, so none harms when it is done
// twice.

// CountText returns in how many revisions of an article a text stands.
func (s *Store) CountText(ctx context.Context, n article.Name, text string) (int64, error) {
	count := int64(0)
	err := s.view(ctx, func(r kv.Reader) error {
		count = 0
		state := &recordv1.State{}
		if ok, err := get(r, stateKey(n), state); err != nil || !ok {
			return err
		}
		eraser := newEraser(r, n, state, text)
		for e, err := range r.Scan(allRevisions(n, state)) {
			if err != nil {
				return err
			}
			g, err := decodeGroup(e.Value)
			if err != nil {
				return damagedRevision(n, numberOf(e.Key), err)
			}
			erased, err := eraser.group(g, nil)
			if err != nil {
				return damagedRevision(n, numberOf(e.Key), err)
			}
			count += erased.found
		}
		return nil
	})
	return count, err
}

func allRevisions(n article.Name, state *recordv1.State) kv.Range {
	created := state.GetCreateTime().AsTime()
	return kv.Range{Start: revisionKey(n, created, 0), End: revisionKey(n, created, state.GetRevision()+1)}
}

// StartRedaction makes it certain that a text will be taken out of an article;
// see FinishRedaction. count is remembered for whoever repeats the request. It
// fails with ErrOvertaken when the article changed since before was read, or
// another redaction of it is not finished, and with *ReplayError.
func (s *Store) StartRedaction(ctx context.Context, w article.Write, n article.Name, before *recordv1.State, text string, count int64) error {
	// Two steps: etags from before it fit no more from its start on, those that
	// are given while it goes on not after its end.
	after := proto.CloneOf(before)
	after.Version, after.Redactions = before.GetVersion()+1, before.GetRedactions()+1
	state, err := encode(after)
	if err != nil {
		return err
	}
	record, err := encode(&recordv1.Redaction{Text: text, CreateTime: timestamppb.New(w.Time), Redactions: after.GetRedactions() + 1})
	if err != nil {
		return err
	}
	audit, err := auditEntry(w, n.Site, n.String(), before.GetRevision(), before.GetRevision())
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, n.String(), count)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		if err := (&encoded{Change: article.Change{Name: n, Before: before}}).checkState(tx); err != nil {
			return err
		}
		if busy, err := kvrecord.Has(tx, redactKey(n)); err != nil || busy {
			return errors.Join(err, article.ErrOvertaken)
		}
		if err := tx.Put(redactKey(n), record); err != nil {
			return err
		}
		if err := tx.Put(stateKey(n), state); err != nil {
			return err
		}
		return tx.Put(audit.key, audit.value)
	})
}

// Redacting reports whether a redaction of the article is not finished.
func (s *Store) Redacting(ctx context.Context, n article.Name) (going bool, err error) {
	err = s.view(ctx, func(r kv.Reader) (err error) {
		going, err = kvrecord.Has(r, redactKey(n))
		return err
	})
	return going, err
}

// Redactions returns the articles with a redaction that is not finished, the
// first few.
func (s *Store) Redactions(ctx context.Context) ([]article.Name, error) {
	items, err := s.named(ctx, redactBase, "-", nil, sweepKeys)
	var names []article.Name
	for _, item := range items {
		if n, ok := parseName(item.Position); ok {
			names = append(names, n)
		}
	}
	return names, err
}

// FinishRedaction does what is left of the redaction of an article, if there is
// one. Bytes of what was replaced are in the file until the store is opened
// next.
func (s *Store) FinishRedaction(ctx context.Context, n article.Name) error {
	job := &recordv1.Redaction{}
	open := false
	err := s.view(ctx, func(r kv.Reader) (err error) {
		open, err = get(r, redactKey(n), job)
		return err
	})
	if err != nil || !open {
		return err
	}
	if err := s.redactContent(ctx, n, job); err != nil {
		return err
	}
	for _, step := range []func(context.Context, article.Name, string) error{s.redactBelongings, s.redactAudit} {
		if err := step(ctx, n, job.GetText()); err != nil {
			return err
		}
	}
	if c, ok := s.kv.(kv.Compactor); ok {
		if err := c.WantCompaction(ctx); err != nil {
			return asFault(err)
		}
	}
	return s.update(ctx, func(tx kv.Tx) error {
		// Search indexes keep what they were told until they feel like merging
		// it away; without this they are made anew at the next start.
		if err := tx.Delete(secretKey(article.IndexSecret)); err != nil {
			return err
		}
		return tx.Delete(redactKey(n))
	})
}

// redactContent takes the text out of all revisions and then of the state, which
// ends the etags that were given meanwhile. A save that comes in between has the
// revisions done again.
func (s *Store) redactContent(ctx context.Context, n article.Name, job *recordv1.Redaction) error {
	for range redactTries {
		for more := true; more; {
			err := s.update(ctx, func(tx kv.Tx) (err error) {
				more, err = redactRevisions(tx, n)
				return err
			})
			if err != nil {
				return err
			}
		}
		if err := s.redactState(ctx, n, job); !errors.Is(err, errUnread) {
			return err
		}
	}
	return article.ErrOvertaken
}

// finishRedactions goes on with what was begun and not finished.
func (s *Store) finishRedactions(ctx context.Context) (int, error) {
	names, err := s.Redactions(ctx)
	for _, n := range names {
		err = errors.Join(err, s.FinishRedaction(ctx, n))
	}
	return len(names), err
}
