package store

import (
	"context"
	"encoding/binary"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// putPublication remembers what readers see from this change on, when that is
// another revision, time or slug than before.
func (e *encoded) putPublication(tx kv.Tx) error {
	if e.publication.key == nil {
		return nil
	}
	return tx.Put(e.publication.key, e.publication.value)
}

// publicationEntry returns the row of a change; none when readers see no
// difference. It is never before the row that the article has already: where the
// clock went back, what was taken away later must not seem to come again. The
// state that the change was made for, which the transaction checks, says that
// there is no newer row.
func (s *Store) publicationEntry(ctx context.Context, c article.Change) (entry, error) {
	was, is := c.Before, c.After
	if was.GetPublishedRevision() == is.GetPublishedRevision() && (is.GetPublishedRevision() == 0 ||
		was.GetPublicSlug() == is.GetPublicSlug() && proto.Equal(was.GetPublishTime(), is.GetPublishTime())) {
		return entry{}, nil
	}
	at := c.Time
	err := s.view(ctx, func(r kv.Reader) error {
		last, err := lastPublication(r, c.Name)
		if last != nil && last.GetCreateTime().AsTime().After(c.Time) {
			at = last.GetCreateTime().AsTime()
		}
		return err
	})
	if err != nil {
		return entry{}, err
	}
	p := &recordv1.Publication{Revision: is.GetPublishedRevision(), CreateTime: timestamppb.New(at)}
	if p.GetRevision() != 0 {
		p.PublishTime, p.Slug = is.GetPublishTime(), is.GetPublicSlug()
	}
	value, err := encode(p)
	return entry{key: publicationKey(c.Name, at, is.GetVersion()), value: value}, err
}

// LoadPublic returns what readers saw of an article at a time: the revision
// that was public then, with the state of then as far as readers knew it. It
// fails with RESOURCE_NOT_FOUND when nothing of it was public.
func (s *Store) LoadPublic(ctx context.Context, n article.Name, at time.Time) (article.Loaded, error) {
	var loaded article.Loaded
	err := s.view(ctx, func(r kv.Reader) error {
		state := &recordv1.State{}
		ok, err := get(r, stateKey(n), state)
		switch {
		case err != nil:
			return err
		case !ok:
			return fault.NotFound(n.String())
		}
		p, err := publicationAt(r, n, at)
		switch {
		case err != nil:
			return err
		case p.GetRevision() == 0:
			return fault.NotFound(n.String())
		}
		if loaded, err = load(r, n, p.GetRevision()); err != nil {
			return err
		}
		article.Recall(loaded.State, p)
		return nil
	})
	return loaded, err
}

// Publications returns what readers were ever shown of an article, oldest first;
// nothing when there is no such article.
func (s *Store) Publications(ctx context.Context, n article.Name) (all []*recordv1.Publication, err error) {
	err = s.view(ctx, func(r kv.Reader) (err error) {
		all, err = publications(r, n)
		return err
	})
	return all, err
}

// publicationAt returns the last row up to a time; nil for none.
func publicationAt(r kv.Reader, n article.Name, at time.Time) (*recordv1.Publication, error) {
	return newestIn(r, kv.Range{Start: publicationPrefix(n), End: publicationKey(n, at.Add(time.Microsecond), 0)})
}

// lastPublication returns the last row; nil for none.
func lastPublication(r kv.Reader, n article.Name) (*recordv1.Publication, error) {
	return newestIn(r, kv.Prefix(publicationPrefix(n)))
}

func newestIn(r kv.Reader, reach kv.Range) (*recordv1.Publication, error) {
	reach.Reverse, reach.Limit = true, 1
	for e, err := range r.Scan(reach) {
		if err != nil {
			return nil, err
		}
		return decodePublication(e)
	}
	return nil, nil //nolint:nilnil // never public is no error
}

func publications(r kv.Reader, n article.Name) ([]*recordv1.Publication, error) {
	var all []*recordv1.Publication
	for e, err := range r.Scan(kv.Prefix(publicationPrefix(n))) {
		if err != nil {
			return nil, err
		}
		p, err := decodePublication(e)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func decodePublication(e kv.Entry) (*recordv1.Publication, error) {
	p := &recordv1.Publication{}
	if err := proto.Unmarshal(e.Value, p); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED, "the record %q is damaged; restore the store from a copy", e.Key)
	}
	return p, nil
}

// shownRevisions returns the numbers of the revisions that readers ever saw, and
// the version of the state that they belong to: whoever shows another one writes
// the state. They may be too many for a transaction that writes.
func (s *Store) shownRevisions(ctx context.Context, n article.Name) (shown map[int64]bool, version int64, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		state := &recordv1.State{}
		if _, err := get(r, stateKey(n), state); err != nil {
			return err
		}
		version, shown = state.GetVersion(), make(map[int64]bool)
		all, err := publications(r, n)
		for _, p := range all {
			shown[p.GetRevision()] = true
		}
		return err
	})
	return shown, version, err
}

// purgePublications removes some of an article's rows and reports whether there
// were any.
func purgePublications(tx kv.Tx, n article.Name) (bool, error) {
	some := kv.Prefix(publicationPrefix(n))
	some.Limit = sweepKeys
	found := false
	for e, err := range tx.Scan(some) {
		if err != nil {
			return false, fmt.Errorf("look for publications of %s: %w", n, err)
		}
		if err := tx.Delete(e.Key); err != nil {
			return false, err
		}
		found = true
	}
	return found, nil
}

func publicationPrefix(n article.Name) []byte {
	return []byte(shownBase + n.Site + "/" + n.ID + "/")
}

// publicationKey ends with the version of the state, so that two writes at one
// time are two rows.
func publicationKey(n article.Name, at time.Time, version int64) []byte {
	return binary.BigEndian.AppendUint64(appendTime(publicationPrefix(n), at), uint64(version)) //nolint:gosec // versions count from 1
}
