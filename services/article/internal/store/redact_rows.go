package store

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

const redactRows = 24 // records one transaction rewrites

// belongings are the records of an article besides its state, revisions and
// what readers see, that hold texts of people.
func belongings() []struct {
	prefix func(article.Name) []byte
	fresh  func() proto.Message
} {
	return []struct {
		prefix func(article.Name) []byte
		fresh  func() proto.Message
	}{
		{func(n article.Name) []byte { return previewKey(n, "") }, func() proto.Message { return &recordv1.PreviewToken{} }},
		{func(n article.Name) []byte { return ofArticle(scheduleBase, n) }, func() proto.Message { return &recordv1.Schedule{} }},
	}
}

// redactBelongings takes the text out of the other records of the article, and
// forgets edit sessions that are called so.
func (s *Store) redactBelongings(ctx context.Context, n article.Name, text string) error {
	for _, b := range belongings() {
		err := s.redactRange(ctx, n, text, kv.Prefix(b.prefix(n)), b.fresh)
		if err != nil {
			return err
		}
	}
	var sessions []string
	err := s.view(ctx, func(r kv.Reader) error {
		sessions = nil
		for e, err := range r.Scan(kv.Prefix(sessionKey(n, ""))) {
			if err != nil {
				return err
			}
			if id := string(e.Key[len(sessionKey(n, "")):]); strings.Contains(id, text) {
				sessions = append(sessions, id)
			}
		}
		return nil
	})
	for _, id := range sessions {
		err = errors.Join(err, s.update(ctx, func(tx kv.Tx) error {
			session := &recordv1.EditSession{}
			if ok, err := get(tx, sessionKey(n, id), session); err != nil || !ok {
				return err
			}
			return dropSession(tx, n, id, session)
		}))
	}
	return err
}

// redactAudit takes the text out of the notes of audit events about the
// article. Who did what and when stays.
func (s *Store) redactAudit(ctx context.Context, n article.Name, text string) error {
	events := kv.Prefix([]byte(auditBase + n.Site + "/"))
	return s.redactRange(ctx, n, text, events, func() proto.Message { return &recordv1.Event{} })
}

// redactRange takes the text out of the records of a range that are about the
// article. A view finds them, a few at a time, and a transaction rewrites them.
func (s *Store) redactRange(ctx context.Context, n article.Name, text string, reach kv.Range, fresh func() proto.Message) error {
	for {
		var found [][]byte
		err := s.view(ctx, func(r kv.Reader) error {
			found = nil
			for e, err := range r.Scan(reach) {
				if err != nil {
					return err
				}
				if bytes.Contains(e.Value, []byte(text)) {
					found = append(found, e.Key)
				}
				if len(found) == redactRows {
					return nil
				}
			}
			return nil
		})
		if err != nil || len(found) == 0 {
			return err
		}
		if err := s.update(ctx, func(tx kv.Tx) error { return redactKeys(tx, n, text, found, fresh) }); err != nil {
			return err
		}
		reach.Start = append(bytes.Clone(found[len(found)-1]), 0)
	}
}

func redactKeys(tx kv.Tx, n article.Name, text string, keys [][]byte, fresh func() proto.Message) error {
	eraser := newEraser(tx, n, &recordv1.State{}, text)
	for _, key := range keys {
		record := fresh()
		ok, err := get(tx, key, record)
		if err != nil {
			return err
		}
		if event, isEvent := record.(*recordv1.Event); isEvent && !about(event, n) {
			continue
		}
		if !ok || !eraser.Message(record) {
			continue
		}
		if schedule, isSchedule := record.(*recordv1.Schedule); isSchedule {
			schedule.Version++ // a write that was prepared with the text starts over
		}
		value, err := encode(record)
		if err != nil {
			return err
		}
		if err := tx.Put(key, value); err != nil {
			return err
		}
	}
	return eraser.err
}

// about reports whether an event is about the article or something of it.
func about(event *recordv1.Event, n article.Name) bool {
	return event.GetName() == n.String() || strings.HasPrefix(event.GetName(), n.String()+"/")
}
