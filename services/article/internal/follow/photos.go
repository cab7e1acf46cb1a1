package follow

import (
	"context"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// followPhotos follows the photo feed from where it stood.
func (f *Follower) followPhotos(ctx context.Context) error {
	token, err := f.Store.Cursor(ctx, photoCursor)
	if err != nil {
		return err
	}
	err = f.readPhotos(ctx, token)
	if fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) || fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN) {
		// A snapshot tells every photo, so what was missed is seen again.
		if err := f.Store.SaveCursor(ctx, photoCursor, ""); err != nil {
			return err
		}
	}
	return err
}

func (f *Follower) readPhotos(ctx context.Context, token string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := f.Media.WatchPhotos(ctx, &mediav1.WatchPhotosRequest{Parent: "sites/-", ResumeToken: token})
	if err != nil {
		return rpc.FromStatus(err)
	}
	saved, used := time.Now(), false
	for {
		told, err := stream.Recv()
		if err != nil {
			return rpc.FromStatus(err)
		}
		if f.hearPhoto(told) {
			used = true
		}
		heartbeat := told.GetKind() == mediav1.WatchPhotosResponse_KIND_HEARTBEAT
		ended := told.GetKind() == mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END
		if told.GetResumeToken() == "" || !used && !ended && (heartbeat && time.Since(saved) < saveEvery || !heartbeat) {
			continue
		}
		if !f.queue.drained(ctx) {
			return ctx.Err()
		}
		if err := f.Store.SaveCursor(ctx, photoCursor, told.GetResumeToken()); err != nil {
			return err
		}
		saved, used = time.Now(), false
	}
}

// hearPhoto asks for the articles that use a photo and reports whether there
// are any.
func (f *Follower) hearPhoto(told *mediav1.WatchPhotosResponse) bool {
	if told.GetName() == "" {
		return false
	}
	f.epoch.Add(1)
	if f.PhotoChanged != nil {
		f.PhotoChanged(told.GetName())
	}
	names := f.usage.of(told.GetName())
	for _, n := range names {
		f.Refresh(n)
	}
	return len(names) > 0
}
