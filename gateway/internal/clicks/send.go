package clicks

import (
	"context"
	"hash/maphash"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

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

// flush hands on what was counted since begin, and what waited before.
func (c *Counter) flush(ctx context.Context, begin, now time.Time) {
	c.take(begin)
	c.backlog.expire(now)
	c.sender.drain(ctx, c.backlog)
	if lost := c.backlog.lost; lost > 0 {
		c.backlog.lost = 0
		c.sender.log.WarnContext(ctx, "clicks were not counted: too many links were opened, or they waited for too long",
			slog.Int64("clicks", lost))
	}
}

// drain sends until nothing waits, or sending fails.
func (s *sender) drain(ctx context.Context, b *backlog) {
	for {
		if s.unsure == nil {
			begin, cells := b.next(maxBatch)
			if len(cells) == 0 {
				return
			}
			s.unsure = request(begin, cells)
		}
		err := s.send(ctx)
		if err == nil {
			s.unsure = nil
			s.explain(ctx, nil)
			continue
		}
		if final(err) {
			b.lost += clicksIn(s.unsure)
			s.unsure = nil
			s.log.ErrorContext(ctx, "the sharing service does not take counts", slog.Any("error", err))
			continue
		}
		s.explain(ctx, err)
		return
	}
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

func request(at time.Time, cells map[cell]int64) *sharingv1.CountShareClicksRequest {
	req := &sharingv1.CountShareClicksRequest{
		RequestId: uuid.NewString(), ClickTime: timestamppb.New(at), Counts: make([]*sharingv1.ClickCount, 0, len(cells)),
	}
	for k, n := range cells {
		req.Counts = append(req.Counts, &sharingv1.ClickCount{
			ShareLink: k.link, Source: k.source, DeviceClass: k.device, ReferrerClass: k.referrer, MachineReason: k.reason,
			ClickCount: n,
		})
	}
	return req
}

func clicksIn(req *sharingv1.CountShareClicksRequest) int64 {
	n := int64(0)
	for _, count := range req.GetCounts() {
		n += count.GetClickCount()
	}
	return n
}
