package server_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// watching opens a watch that ends with the test or earlier.
func watching(t *testing.T, client mediav1.MediaServiceClient, req *mediav1.WatchPhotosRequest) (mediav1.MediaService_WatchPhotosClient, context.CancelFunc) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := client.WatchPhotos(ctx, req)
	must(t, err)
	return stream, cancel
}

// next returns the next message that is no heartbeat.
func next(t *testing.T, stream mediav1.MediaService_WatchPhotosClient) *mediav1.WatchPhotosResponse {
	t.Helper()
	for {
		message, err := stream.Recv()
		must(t, err)
		if message.GetKind() != mediav1.WatchPhotosResponse_KIND_HEARTBEAT {
			return message
		}
	}
}

func TestWatch(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	old := settled(t, author, uploaded(t, author, describe(), drawn(t, 40, 30, 40)).GetName())
	stream, stop := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site})

	snapshot := next(t, stream)
	if snapshot.GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT || snapshot.GetName() != old.GetName() ||
		snapshot.GetPhoto().GetEtag() != old.GetEtag() || snapshot.GetResumeToken() != "" {
		t.Errorf("first message = %v, want the photo", snapshot)
	}
	end := next(t, stream)
	if end.GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END || end.GetResumeToken() == "" {
		t.Errorf("second message = %v, want the end of the snapshot", end)
	}
	fresh := uploaded(t, author, describe(), drawn(t, 40, 30, 41))
	created := next(t, stream)
	if created.GetKind() != mediav1.WatchPhotosResponse_KIND_CREATED || created.GetName() != fresh.GetName() {
		t.Errorf("third message = %v, want the upload", created)
	}
	stop()

	// While nobody watched, WebP got ready and the photo public.
	settled(t, author, fresh.GetName())
	s.publish(t, fresh.GetName())
	resumed, _ := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site, ResumeToken: created.GetResumeToken()})
	var last *mediav1.WatchPhotosResponse
	for !last.GetPhoto().GetPublished() {
		if last = next(t, resumed); last.GetKind() != mediav1.WatchPhotosResponse_KIND_UPDATED || last.GetName() != fresh.GetName() {
			t.Fatalf("got %v, want updates of %s", last, fresh.GetName())
		}
	}
	if last.GetPhoto().GetState() != mediav1.Photo_STATE_ACTIVE {
		t.Errorf("the last update has state %v", last.GetPhoto().GetState())
	}
}

func TestWatchAllSites(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Author), describe(), drawn(t, 40, 30, 42))
	for role, want := range map[auth.Role]codes.Code{auth.Service: codes.OK, auth.Author: codes.PermissionDenied} {
		stream, _ := watching(t, s.client(role), &mediav1.WatchPhotosRequest{Parent: "sites/-"})
		message, err := stream.Recv()
		if want != codes.OK {
			testkit.WantFault(t, err, want, faultv1.Reason_REASON_PERMISSION_DENIED)
			continue
		}
		must(t, err)
		if message.GetName() != p.GetName() {
			t.Errorf("%s sees %v", role, message)
		}
	}
}

func TestWatchRefuses(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	foreign, _ := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site, ResumeToken: "abc"})
	_, err := foreign.Recv()
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)

	for range 2 { // the suite allows two watchers
		stream, _ := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
		_, err := stream.Recv()
		must(t, err)
	}
	third, _ := watching(t, author, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
	_, err = third.Recv()
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_WATCHERS)
}
