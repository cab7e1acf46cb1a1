package store

import (
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// ErrSuperseded says that another follower took over the article feed.
var ErrSuperseded = errors.New("another instance follows the article feed")

// Following is what a follower of the article feed writes with. Of any number
// of instances over one store only the holder's writes count, so that one that
// lags behind undoes nothing.
type Following struct {
	// Holder is the id of the follower.
	Holder string
	// Token is where the feed stands after the write; empty to leave it.
	Token string
}

// Follow makes the holder the follower from now on.
func (s *Store) Follow(ctx context.Context, holder string, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		row := &recordv1.Follower{}
		if err := kvrecord.Get(tx, []byte(followerKey), row); err != nil {
			return err
		}
		row.Holder, row.UpdateTime = holder, timestamppb.New(now)
		// Where format 1 left the feed is of no use: it knew published usages only.
		if err := tx.Delete([]byte(resumeKey)); err != nil {
			return err
		}
		return kvrecord.Put(tx, []byte(followerKey), row)
	})
}

// ResumeToken returns where the feed was left, "" when it must be read from a
// snapshot. It fails with ErrSuperseded.
func (s *Store) ResumeToken(ctx context.Context, holder string) (string, error) {
	row := &recordv1.Follower{}
	err := s.view(ctx, func(r kv.Reader) error {
		row.Reset()
		return kvrecord.Get(r, []byte(followerKey), row)
	})
	if err == nil && row.GetHolder() != holder {
		err = ErrSuperseded
	}
	return row.GetResumeToken(), err
}

// Followed returns who follows, "" for nobody, and when it last wrote.
func (s *Store) Followed(ctx context.Context) (holder string, last time.Time, err error) {
	row := &recordv1.Follower{}
	err = s.view(ctx, func(r kv.Reader) error {
		row.Reset()
		return kvrecord.Get(r, []byte(followerKey), row)
	})
	return row.GetHolder(), row.GetUpdateTime().AsTime(), err
}

// SetResumeToken keeps where the feed of articles was left; "" means that it
// must be read from a snapshot. It fails with ErrSuperseded.
func (s *Store) SetResumeToken(ctx context.Context, f Following, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		if err := f.check(tx); err != nil {
			return err
		}
		return f.put(tx, now)
	})
}

// Leave lets another follower take over at once. It fails with ErrSuperseded.
func (s *Store) Leave(ctx context.Context, holder string, now time.Time) error {
	return s.update(ctx, func(tx kv.Tx) error {
		row := &recordv1.Follower{}
		if err := kvrecord.Get(tx, []byte(followerKey), row); err != nil {
			return err
		}
		if row.GetHolder() != holder {
			return ErrSuperseded
		}
		row.Holder, row.UpdateTime = "", timestamppb.New(now)
		return kvrecord.Put(tx, []byte(followerKey), row)
	})
}

// check fails with ErrSuperseded unless the holder is the follower.
func (f Following) check(r kv.Reader) error {
	row := &recordv1.Follower{}
	if err := kvrecord.Get(r, []byte(followerKey), row); err != nil {
		return err
	}
	if row.GetHolder() != f.Holder {
		return ErrSuperseded
	}
	return nil
}

// keep checks the holder and writes down where the feed stands, if told.
func (f Following) keep(tx kv.Tx, now time.Time) error {
	if err := f.check(tx); err != nil || f.Token == "" {
		return err
	}
	return f.put(tx, now)
}

func (f Following) put(tx kv.Tx, now time.Time) error {
	row := &recordv1.Follower{Holder: f.Holder, ResumeToken: f.Token, UpdateTime: timestamppb.New(now)}
	return kvrecord.Put(tx, []byte(followerKey), row)
}
