package clicks

import (
	"context"
	"hash/maphash"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

const (
	// flushEvery is how often counts are handed on.
	flushEvery = time.Second
	// sendTimeout limits one call; lastTimeout all of them when the gateway ends.
	sendTimeout = 5 * time.Second
	lastTimeout = 5 * time.Second
	// maxBatch is how many kinds of clicks go with one call.
	maxBatch = 5000
)

// Sharing is the part of the sharing service that a Counter needs.
type Sharing interface {
	CountShareClicks(ctx context.Context, req *sharingv1.CountShareClicksRequest, opts ...grpc.CallOption,
	) (*sharingv1.CountShareClicksResponse, error)
}

// sender hands batches on, one after the other.
type sender struct {
	sharing Sharing
	log     *slog.Logger
	// unsure is a batch of which nobody knows whether it arrived: it is sent
	// again as it was until that is known, and counts once.
	unsure *sharingv1.CountShareClicksRequest
	away   bool // since when there is nothing new to say in the log
}

// NewCounter returns a counter that hands its counts on to sharing while Run
// runs.
func NewCounter(sharing Sharing, log *slog.Logger) *Counter {
	return &Counter{seed: maphash.MakeSeed(), backlog: &backlog{limit: maxCells}, sender: &sender{sharing: sharing, log: log}}
}

// Run hands counts on every second until ctx ends, and then what is left, for
// at most lastTimeout. End it after the last Add. While the sharing service is
// away counts wait, see Counter; each is handed on once.
func (c *Counter) Run(ctx context.Context) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	begin := time.Now()
	for {
		select {
		case <-tick.C:
			now := time.Now()
			c.flush(ctx, begin, now)
			begin = now
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastTimeout)
			defer cancel()
			c.flush(last, begin, time.Now())
			c.sender.leave(c.backlog)
			return
		}
	}
}

// flush hands on what waited, and what was counted since begin; that goes without
// a stop in the backlog as long as nothing has to wait.
func (c *Counter) flush(ctx context.Context, begin, now time.Time) {
	c.backlog.expire(now)
	c.sender.drain(ctx, c.backlog)
	for req := range requests(begin, c.take()) {
		if c.sender.unsure == nil {
			c.sender.unsure = req
			c.sender.deliver(ctx, c.backlog)
		} else {
			c.backlog.put(req)
		}
	}
	if lost := c.backlog.lost; lost > 0 {
		c.backlog.lost = 0
		c.sender.log.WarnContext(ctx, "clicks were not counted: too many links were opened, or they waited for too long",
			slog.Int64("clicks", lost))
	}
}

// drain sends until nothing waits, or sending fails.
func (s *sender) drain(ctx context.Context, b *backlog) {
	for s.unsure == nil || s.deliver(ctx, b) {
		begin, cells := b.next(maxBatch)
		if len(cells) == 0 {
			return
		}
		for req := range requests(begin, []map[cell]int64{cells}) { // one, for there is room
			s.unsure = req
		}
	}
}

// deliver sends the batch of which it is not sure that it arrived, and reports
// whether there is none any more.
func (s *sender) deliver(ctx context.Context, b *backlog) bool {
	err := s.send(ctx)
	switch {
	case err == nil:
		s.explain(ctx, nil)
	case final(err):
		b.lost += clicksIn(s.unsure)
		s.log.ErrorContext(ctx, "the sharing service does not take counts", slog.Any("error", err))
	default:
		s.explain(ctx, err)
		return false
	}
	s.unsure = nil
	return true
}

// final reports whether the same batch would be refused again.
func final(err error) bool {
	switch status.Code(err) { //nolint:exhaustive // all else may be otherwise in a second
	case codes.InvalidArgument, codes.AlreadyExists, codes.FailedPrecondition, codes.OutOfRange:
		return true
	}
	return false
}

func (s *sender) send(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := s.sharing.CountShareClicks(ctx, s.unsure)
	return err
}

// explain says once that counts wait, and once that they no longer do.
func (s *sender) explain(ctx context.Context, err error) {
	switch {
	case err != nil && !s.away:
		s.log.WarnContext(ctx, "clicks wait to be counted", slog.Any("error", err))
	case err == nil && s.away:
		s.log.InfoContext(ctx, "clicks are counted again")
	}
	s.away = err != nil
}

// leave says how many clicks are lost because the gateway ends.
func (s *sender) leave(b *backlog) {
	left := clicksIn(s.unsure)
	for _, slot := range b.slots {
		for _, n := range slot.cells {
			left += n
		}
	}
	if left > 0 {
		s.log.Error("clicks were not counted: the sharing service was away when the gateway ended", slog.Int64("clicks", left))
	}
}

func clicksIn(req *sharingv1.CountShareClicksRequest) int64 {
	n := int64(0)
	for _, count := range req.GetCounts() {
		n += count.GetClickCount()
	}
	return n
}
