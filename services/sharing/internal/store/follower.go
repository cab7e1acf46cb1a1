package store

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// ErrSuperseded says that another follower took over the article feed.
var ErrSuperseded = errors.New("another instance follows the article feed")

// Following is what a follower of the article feed writes with. Of any number
// of instances over one store only the holder's writes count, so that one that
// lags behind undoes nothing, and what happened once takes effect once.
type Following struct {
	// Holder is the id of the follower.
	Holder string
	// Token is where the feed stands after the write; empty to leave it.
	Token string
}

// Feed says how far the article feed was followed.
type Feed struct {
	// Holder is who follows, "" for nobody; Last is when it last wrote.
	Holder string
	Last   time.Time
	// Token is where the feed was left, "" when it must be read from a
	// snapshot.
	Token string
	// Complete reports whether a snapshot was ever complete. Before that, lists
	// lack articles that are public.
	Complete bool
}

// Feed returns how far the article feed was followed.
func (s *Store) Feed(ctx context.Context) (Feed, error) {
	row := &recordv1.Follower{}
	err := s.view(ctx, func(r kv.Reader) error {
		row.Reset()
		return kvrecord.Get(r, []byte(followerKey), row)
	})
	return Feed{
		Holder: row.GetHolder(), Last: row.GetUpdateTime().AsTime(), Token: row.GetResumeToken(), Complete: row.GetCompleteTime() != nil,
	}, err
}

// Follow makes the holder the follower from now on.
func (s *Store) Follow(ctx context.Context, holder string, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		row := &recordv1.Follower{}
		if err := kvrecord.Get(tx, []byte(followerKey), row); err != nil {
			return err
		}
		row.Holder, row.UpdateTime = holder, timestamppb.New(now)
		return kvrecord.Put(tx, []byte(followerKey), row)
	})
}

// SetToken keeps where the feed of articles was left; an empty token means that
// it must be read from a snapshot. It fails with ErrSuperseded.
func (s *Store) SetToken(ctx context.Context, f Following, now time.Time) error {
	return s.follower(ctx, f, func(row *recordv1.Follower) {
		row.ResumeToken, row.UpdateTime = f.Token, timestamppb.New(now)
	})
}

// Alive says that the follower lives and changes nothing else. It fails with
// ErrSuperseded.
func (s *Store) Alive(ctx context.Context, f Following, now time.Time) error {
	return s.follower(ctx, f, func(row *recordv1.Follower) { row.UpdateTime = timestamppb.New(now) })
}

// CompleteSnapshot keeps the token at the end of a snapshot: from here on
// nothing that happens is quiet. It fails with ErrSuperseded.
func (s *Store) CompleteSnapshot(ctx context.Context, f Following, now time.Time) error {
	return s.follower(ctx, f, func(row *recordv1.Follower) {
		row.ResumeToken, row.UpdateTime = f.Token, timestamppb.New(now)
		if row.GetCompleteTime() == nil {
			row.CompleteTime = timestamppb.New(now)
		}
	})
}

// Leave lets another follower take over at once. It fails with ErrSuperseded.
func (s *Store) Leave(ctx context.Context, f Following, now time.Time) error {
	return s.follower(ctx, f, func(row *recordv1.Follower) {
		row.Holder, row.UpdateTime = "", timestamppb.New(now)
	})
}

// follower changes the row of the follower. It fails with ErrSuperseded.
func (s *Store) follower(ctx context.Context, f Following, change func(*recordv1.Follower)) error {
	return s.update(ctx, func(tx kv.Tx) error {
		row, err := f.row(tx)
		if err != nil {
			return err
		}
		change(row)
		return kvrecord.Put(tx, []byte(followerKey), row)
	})
}

// row returns the row of the follower. It fails with ErrSuperseded unless it is
// the holder's.
func (f Following) row(r kv.Reader) (*recordv1.Follower, error) {
	row := &recordv1.Follower{}
	if err := kvrecord.Get(r, []byte(followerKey), row); err != nil {
		return nil, err
	}
	if row.GetHolder() != f.Holder {
		return nil, ErrSuperseded
	}
	return row, nil
}

// advance writes down where the feed stands, if told.
func (f Following) advance(tx kv.Tx, row *recordv1.Follower, now time.Time) error {
	if f.Token == "" {
		return nil
	}
	row.ResumeToken, row.UpdateTime = f.Token, timestamppb.New(now)
	return kvrecord.Put(tx, []byte(followerKey), row)
}
