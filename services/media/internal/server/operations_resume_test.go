package server_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/operations"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// An operation whose holder was killed after the first of three photos goes on
// behind it when the lease has ended, by one of two instances.
func TestOperationGoesOn(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	photos := make([]*mediav1.Photo, 3)
	for i := range photos {
		photos[i] = settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, uint8(230+i))).GetName())
	}
	slices.SortFunc(photos, func(a, b *mediav1.Photo) int { return strings.Compare(a.GetName(), b.GetName()) })
	const before = 7 // objects that the killed instance had looked at
	want := int64(before)
	for _, p := range photos[1:] {
		want += 1 + int64(len(p.GetRenditions()))
	}

	expires := time.Now().Add(2 * time.Second)
	left := &recordv1.Operation{
		Name:          "sites/-/operations/verify-palikta",
		Verify:        &mediav1.VerifyPhotosRequest{Parent: "sites/-"},
		Found:         &mediav1.VerifyPhotosResponse{PhotoCount: 1, ObjectCount: before},
		PhotoPosition: strings.Replace(strings.TrimPrefix(photos[0].GetName(), "sites/"), "/photos/", "/", 1),
		Progress:      &mediav1.OperationProgress{CreateTime: timestamppb.Now(), DoneCount: 1, TotalCount: 3},
		Holder:        "killed", LeaseExpireTime: timestamppb.New(expires),
	}
	_, err := s.store.CreateOperation(t.Context(), left, replay.Request{}, 5, time.Now())
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	second := operations.New(operations.Config{Records: s.store, Objects: s.objects, Log: testkit.Log(t)})
	var running sync.WaitGroup
	running.Go(func() { second.Run(ctx) })
	defer func() { cancel(); running.Wait() }()

	op := ended(t, s.client(auth.Operator), left.GetName())
	found, metadata := &mediav1.VerifyPhotosResponse{}, &mediav1.VerifyPhotosMetadata{}
	must(t, op.GetResponse().UnmarshalTo(found))
	must(t, op.GetMetadata().UnmarshalTo(metadata))
	if found.GetPhotoCount() != 3 || found.GetObjectCount() != want || metadata.GetProgress().GetDoneCount() != 3 {
		t.Errorf("%d photos and %d objects, want 3 and %d; done %d", found.GetPhotoCount(), found.GetObjectCount(), want,
			metadata.GetProgress().GetDoneCount())
	}
	if metadata.GetProgress().GetEndTime().AsTime().Before(expires) {
		t.Error("it was taken from its holder before the lease had ended")
	}
}
