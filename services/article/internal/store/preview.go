package store

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// PutPreview stores a new preview token. It fails with RESOURCE_NOT_FOUND,
// RESOURCE_EXISTS, WRONG_STATE when the article is deleted or has
// article.MaxPreviews tokens, and *ReplayError.
func (s *Store) PutPreview(ctx context.Context, w article.Write, n article.PreviewName, r *recordv1.PreviewToken) error {
	value, err := encode(r)
	if err != nil {
		return err
	}
	audit, err := auditEntry(w, n.Site, n.String(), 0, 0)
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, n.String(), 0)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		if err := checkPreviewRoom(tx, n); err != nil {
			return err
		}
		if err := tx.Put(previewKey(n.Name, n.Token), value); err != nil {
			return err
		}
		if err := tx.Put(previewEndKey(n.Name, n.Token, r.GetExpireTime().AsTime()), nil); err != nil {
			return err
		}
		return tx.Put(audit.key, audit.value)
	})
}

// Tokens that have ended count until they are swept.
func checkPreviewRoom(tx kv.Tx, n article.PreviewName) error {
	state := &recordv1.State{}
	ok, err := get(tx, stateKey(n.Name), state)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.NotFound(n.Name.String())
	case state.GetState() == article.Deleted:
		return fault.State(n.Name.String(), "%s is deleted; restore it first", n.Name)
	}
	stored := 0
	for id := range previews(tx, n.Name, &err) {
		if id == n.Token {
			return fault.Exists(n.String())
		}
		stored++
	}
	if err == nil && stored >= article.MaxPreviews {
		err = fault.State(n.Name.String(), "%s has %d preview tokens; delete one that nobody needs", n.Name, stored)
	}
	return err
}

// previews walks the tokens of an article by id; what goes wrong is left in
// failure.
func previews(r kv.Reader, n article.Name, failure *error) func(func(string, *recordv1.PreviewToken) bool) {
	prefix := previewKey(n, "")
	return func(yield func(string, *recordv1.PreviewToken) bool) {
		for e, err := range r.Scan(kv.Prefix(prefix)) {
			if err != nil {
				*failure = fmt.Errorf("read the preview tokens of %s: %w", n, err)
				return
			}
			record := &recordv1.PreviewToken{}
			if err := proto.Unmarshal(e.Value, record); err != nil {
				*failure = fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
					"the record %q is damaged; restore the store from a copy", e.Key)
				return
			}
			if !yield(string(e.Key[len(prefix):]), record) {
				return
			}
		}
	}
}

// Preview returns a preview token, or RESOURCE_NOT_FOUND.
func (s *Store) Preview(ctx context.Context, n article.PreviewName) (*recordv1.PreviewToken, error) {
	record := &recordv1.PreviewToken{}
	err := s.view(ctx, func(r kv.Reader) error {
		ok, err := get(r, previewKey(n.Name, n.Token), record)
		if err == nil && !ok {
			err = fault.NotFound(n.String())
		}
		return err
	})
	return record, err
}

// Previews returns the tokens of an article by id, also those that have ended
// and are not swept yet; or RESOURCE_NOT_FOUND.
func (s *Store) Previews(ctx context.Context, n article.Name) (map[string]*recordv1.PreviewToken, error) {
	var found map[string]*recordv1.PreviewToken
	err := s.view(ctx, func(r kv.Reader) error {
		found = make(map[string]*recordv1.PreviewToken)
		known, err := kvrecord.Has(r, stateKey(n))
		if err == nil && !known {
			err = fault.NotFound(n.String())
		}
		if err != nil {
			return err
		}
		maps.Insert(found, previews(r, n, &err))
		return err
	})
	return found, err
}

// DeletePreview revokes a token that is still the one that was read. It fails
// with ErrOvertaken and *ReplayError.
func (s *Store) DeletePreview(ctx context.Context, w article.Write, n article.PreviewName, before *recordv1.PreviewToken) error {
	audit, err := auditEntry(w, n.Site, n.String(), 0, 0)
	if err != nil {
		return err
	}
	request, err := encodeRequest(w, n.String(), 0)
	if err != nil {
		return err
	}
	return s.update(ctx, func(tx kv.Tx) error {
		if err := putRequest(tx, w, request); err != nil {
			return err
		}
		now := &recordv1.PreviewToken{}
		ok, err := get(tx, previewKey(n.Name, n.Token), now)
		switch {
		case err != nil:
			return err
		case !ok || !proto.Equal(now, before):
			return article.ErrOvertaken
		}
		if err := dropPreview(tx, n.Name, n.Token, before.GetExpireTime().AsTime()); err != nil {
			return err
		}
		return tx.Put(audit.key, audit.value)
	})
}

func dropPreview(tx kv.Tx, n article.Name, id string, end time.Time) error {
	if err := tx.Delete(previewKey(n, id)); err != nil {
		return err
	}
	return tx.Delete(previewEndKey(n, id, end))
}

// sweepPreviews removes tokens that have ended, and returns how many.
func (s *Store) sweepPreviews(ctx context.Context, now time.Time) (int, error) {
	ended := kv.Range{Start: []byte(endBase), End: appendTime([]byte(endBase), now), Limit: sweepKeys}
	removed := 0
	err := s.update(ctx, func(tx kv.Tx) error {
		removed = 0
		for e, err := range tx.Scan(ended) {
			if err != nil {
				return err
			}
			rest := e.Key[len(endBase)+8:]
			at := bytes.LastIndexByte(rest, '/')
			n, ok := parseName(rest[:max(at, 0)])
			if !ok {
				return fault.New(faultv1.Reason_REASON_STORE_DAMAGED, "the key %q is damaged; restore the store from a copy", e.Key)
			}
			if err := tx.Delete(e.Key); err != nil {
				return err
			}
			if err := tx.Delete(previewKey(n, string(rest[at+1:]))); err != nil {
				return err
			}
			removed++
		}
		return nil
	})
	return removed, err
}

// purgePreviews removes some tokens of an article that goes, and reports
// whether there were any.
func purgePreviews(tx kv.Tx, n article.Name) (removed bool, err error) {
	some := 0
	for id, r := range previews(tx, n, &err) {
		if err := dropPreview(tx, n, id, r.GetExpireTime().AsTime()); err != nil {
			return false, err
		}
		if some++; some == sweepKeys {
			break
		}
	}
	return some > 0, err
}
