package clicks

import (
	"iter"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// requests makes batches of maxBatch kinds of clicks out of all that was counted,
// each with an id of its own.
func requests(at time.Time, counted []map[cell]int64) iter.Seq[*sharingv1.CountShareClicksRequest] {
	return func(yield func(*sharingv1.CountShareClicksRequest) bool) {
		left := 0
		for _, cells := range counted {
			left += len(cells)
		}
		var req *sharingv1.CountShareClicksRequest
		var room []sharingv1.ClickCount // in one piece: thousands of them come and go every second
		for _, cells := range counted {
			for k, n := range cells {
				if req == nil {
					req, room = newRequest(at, min(left, maxBatch))
				}
				count := &room[len(req.GetCounts())]
				count.ShareLink, count.Source, count.DeviceClass = k.link, k.source, k.device
				count.ReferrerClass, count.MachineReason, count.ClickCount = k.referrer, k.reason, n
				req.Counts = append(req.GetCounts(), count)
				if left--; len(req.GetCounts()) < len(room) {
					continue
				}
				if !yield(req) {
					return
				}
				req = nil
			}
		}
	}
}

// newRequest returns a batch without clicks, and room for n of them.
func newRequest(at time.Time, n int) (*sharingv1.CountShareClicksRequest, []sharingv1.ClickCount) {
	return &sharingv1.CountShareClicksRequest{
		RequestId: uuid.NewString(), ClickTime: timestamppb.New(at), Counts: make([]*sharingv1.ClickCount, 0, n),
	}, make([]sharingv1.ClickCount, n)
}
