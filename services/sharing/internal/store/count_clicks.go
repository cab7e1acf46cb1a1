package store

import (
	"bytes"
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// Click is a number of clicks of one kind.
type Click struct {
	// Site and Link are the ids of both.
	Site, Link string
	// Day is when they were, in the time zone of the site.
	Day stats.Day
	// Cell is of which kind they were.
	Cell stats.Cell
	// N is how many, more than 0.
	N int64
}

// Clicks is clicks that are counted together.
type Clicks struct {
	// Request is the id under which the batch may be sent again.
	Request string
	// Digest stands for all that was sent.
	Digest []byte
	// Time is when the clicks were. It must lie after CountedSince, or a batch
	// could be counted twice.
	Time time.Time
	// Clicks are at most 5,000.
	Clicks []Click
}

// countedLife is how long a counted batch is remembered.
const countedLife = 25 * time.Hour

// CountedSince returns the time of the oldest clicks of which it is still known
// whether they were counted.
func CountedSince(now time.Time) time.Time { return now.Add(-24 * time.Hour) }

// Count adds clicks. They are durable when it returns, all or none of them, and
// count once however often the batch is sent. It fails with REQUEST_ID_REUSED.
//
// The batch is stored as it came, as one value, and folded into the counts of
// days, months and years by Fold; queries see it at once.
func (s *Store) Count(ctx context.Context, b Clicks) error {
	data, err := proto.Marshal(batchOf(b.Clicks))
	if err != nil {
		return err
	}
	remembered := countedKey(b.Time.Unix()/3600, b.Request)
	return s.update(ctx, func(tx kv.Tx) error {
		known, err := tx.Get(remembered)
		switch {
		case err == nil && bytes.Equal(known, b.Digest):
			return nil
		case err == nil:
			return fault.New(faultv1.Reason_REASON_REQUEST_ID_REUSED,
				"request_id %s was used for other clicks; choose a new one for each batch", b.Request)
		case !errors.Is(err, kv.ErrNotFound):
			return err
		}
		if err := tx.Put(remembered, b.Digest); err != nil {
			return err
		}
		if len(b.Clicks) == 0 {
			return nil
		}
		return tx.Put(batchKey(b.Request), data)
	})
}

// batchOf is how clicks are kept until they are folded: in the order given, for
// Fold puts them in order.
func batchOf(clicks []Click) *recordv1.ClickBatch {
	batch := &recordv1.ClickBatch{}
	var day *recordv1.DayClicks
	var link *recordv1.LinkCounts
	for _, c := range clicks {
		if day == nil || day.GetSite() != c.Site || day.GetDay() != int32(c.Day) {
			day = &recordv1.DayClicks{Site: c.Site, Day: int32(c.Day)}
			batch.Days, link = append(batch.Days, day), nil
		}
		if link == nil || link.GetId() != c.Link {
			link = &recordv1.LinkCounts{Id: c.Link}
			day.Links = append(day.Links, link)
		}
		link.Counts = append(link.GetCounts(), uint64(c.Cell), 0, uint64(c.N)) //nolint:gosec // G115: more than 0
	}
	return batch
}
