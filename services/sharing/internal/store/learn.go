package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// Event is what the feed tells of an article.
type Event struct {
	// Name is the article.
	Name published.Name
	// Article is what readers see; nil when they see nothing.
	Article *articlev1.Article
}

// Learn brings everything up to what an article now is, in one transaction:
// its row and lists, its link, deliveries, the change log and the place in the
// feed. That it is what it was changes the place only. It returns what became of
// it, with an empty kind for nothing.
//
// It fails with ErrSuperseded. Any other error leaves everything as it was;
// when it is not one that passes, the feed goes on after SetAside.
func (s *Store) Learn(ctx context.Context, f Following, e Event, now time.Time) (Transition, error) {
	row := rowOf(e, now)
	known, unread, err := s.known(ctx, e.Name)
	switch {
	case err != nil:
		return Transition{}, err
	case f.Token == "" && !unread && row != nil && known != nil && compare(known, row) == "":
		return Transition{}, nil // as most of a snapshot
	case known != nil && row != nil && known.GetUid() != row.GetUid():
		// Another article under the name: the one before is gone first.
		if _, err := s.Learn(ctx, Following{Holder: f.Holder}, Event{Name: e.Name}, now); err != nil {
			return Transition{}, err
		}
	}
	if redacts(known, row) {
		if err := s.redactMessages(ctx, e.Name, row); err != nil {
			return Transition{}, err
		}
	}
	t, err := s.learnNow(ctx, f, e.Name, row, now)
	if !errors.Is(err, errUnstaged) {
		return t, err
	}
	if err := s.stage(ctx, f, e.Name, row); err != nil {
		return Transition{}, fmt.Errorf("list %s by its tags: %w", e.Name, err)
	}
	if t, err = s.learnNow(ctx, f, e.Name, row, now); err != nil {
		return t, err
	}
	return t, s.sweep(ctx, e.Name)
}

func (s *Store) learnNow(ctx context.Context, f Following, name published.Name, row *recordv1.Article, now time.Time) (Transition, error) {
	var told Transition
	err := s.update(ctx, func(tx kv.Tx) error {
		var err error
		told, err = s.learn(tx, f, name, row, now)
		return err
	})
	if err != nil {
		return Transition{}, err
	}
	if redacts(told.Old, told.New) {
		err = s.forgetBytes(ctx)
	}
	return told, err
}

// forgetBytes has what was replaced removed from the file too, when it is opened
// next.
func (s *Store) forgetBytes(ctx context.Context) error {
	compactor, ok := s.kv.(kv.Compactor)
	if !ok {
		return nil
	}
	return kvrecord.Explain(compactor.WantCompaction(ctx))
}

func (s *Store) learn(tx kv.Tx, f Following, name published.Name, row *recordv1.Article, now time.Time) (Transition, error) {
	following, err := f.row(tx)
	if err != nil {
		return Transition{}, err
	}
	if err := f.advance(tx, following, now); err != nil {
		return Transition{}, err
	}
	if err := tx.Delete(unreadKey(name)); err != nil {
		return Transition{}, err
	}
	t, err := transition(tx, name, row, now)
	if err != nil || t.Kind == "" {
		return t, err
	}
	t.Quiet = following.GetCompleteTime() == nil
	if err := write(tx, t); err != nil {
		return t, err
	}
	for _, hook := range s.hooks() {
		if err := hook(tx, t); err != nil {
			return t, err
		}
	}
	return t, tx.Emit(Topic{Site: name.Site, Article: name.ID}.key(), []byte(t.Kind))
}

// transition compares what is known with what is to be known.
func transition(r kv.Reader, name published.Name, row *recordv1.Article, now time.Time) (Transition, error) {
	t := Transition{Name: name, New: row, Time: now}
	old := &recordv1.Article{}
	if err := kvrecord.Get(r, articleKey(name), old); err != nil {
		return t, err
	}
	if old.GetName() != "" {
		t.Old = old
	}
	switch {
	case t.Old == nil && row == nil:
	case t.Old == nil:
		gone := &recordv1.Gone{}
		if err := kvrecord.Get(r, goneKey(name, row.GetUid()), gone); err != nil {
			return t, err
		}
		if gone.GetName() != "" {
			t.Gone = gone
		}
		t.Kind, t.Backdated = Published, backdated(row, t.Gone == nil, now)
	case row == nil:
		t.Kind, t.Gone = Withdrawn, goneOf(t.Old, now)
		t.Backdated = backdated(t.Old, false, now)
	default:
		t.Kind, t.Backdated = compare(t.Old, row), backdated(row, false, now)
	}
	return t, nil
}

// compare returns what makes the second row differ from the first, "" when
// nothing does.
func compare(was, is *recordv1.Article) Kind {
	switch {
	case was.GetPath() != is.GetPath(), !bytes.Equal(was.GetDigest(), is.GetDigest()):
		return Corrected
	}
	same := proto.CloneOf(is)
	same.LearnTime = was.GetLearnTime()
	if proto.Equal(was, same) {
		return ""
	}
	return Refreshed
}

// goneOf returns what is kept of an article that is withdrawn: nothing of what it
// said, since nobody tells this store when words of it have to go for good.
func goneOf(a *recordv1.Article, now time.Time) *recordv1.Gone {
	return &recordv1.Gone{
		Name: a.GetName(), Uid: a.GetUid(), LanguageCode: a.GetLanguageCode(),
		TranslationGroup: a.GetTranslationGroup(), FirstPublicTime: a.GetFirstPublicTime(), WithdrawTime: timestamppb.New(now), Tags: a.GetTags(),
	}
}

// write stores the row or what is left of it, and the lists. Those of tags may be
// prepared before and tidied up afterwards.
func write(tx kv.Tx, t Transition) error {
	removed, added := difference(orderRows(t.Name, t.Old), orderRows(t.Name, t.New))
	if err := replaceKeys(tx, removed, added); err != nil {
		return err
	}
	if err := writeTags(tx, t); err != nil {
		return err
	}
	if t.New == nil {
		if err := tx.Delete(articleKey(t.Name)); err != nil {
			return err
		}
		return kvrecord.Put(tx, goneKey(t.Name, t.UID()), t.Gone)
	}
	if t.Gone != nil {
		if err := tx.Delete(goneKey(t.Name, t.UID())); err != nil {
			return err
		}
	}
	return kvrecord.Put(tx, articleKey(t.Name), t.New)
}

// known returns the row of a public article, nil when there is none, and whether
// the article was set aside.
func (s *Store) known(ctx context.Context, name published.Name) (row *recordv1.Article, unread bool, err error) {
	err = s.view(ctx, func(r kv.Reader) (err error) {
		row = &recordv1.Article{}
		if unread, err = kvrecord.Has(r, unreadKey(name)); err != nil {
			return err
		}
		return kvrecord.Get(r, articleKey(name), row)
	})
	if err != nil || row.GetName() == "" {
		return nil, unread, err
	}
	return row, unread, nil
}
