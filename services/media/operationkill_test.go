package media_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// TestKilledOperations kills the service with -9 while it verifies, and while it
// makes renditions anew. After the next start the operation goes on by itself,
// and its result is that of one that was never disturbed.
func TestKilledOperations(t *testing.T) {
	const photos = 4
	s3 := miniotest.Start(t)
	gate := miniotest.NewGate(t, s3.Endpoint)
	env := environ(t, s3)
	env["SKAITYKLA_S3_ENDPOINT"] = gate.Addr
	ctx := as(t, env, auth.Principal{ID: "operator@example.lt", Kind: auth.Person, Roles: map[string][]auth.Role{
		auth.EverySite: {auth.Operator}, testkit.Site: {auth.Author},
	}})
	service := launch(t, env)
	var lost *mediav1.Photo
	for i := range photos {
		lost = awaitReady(ctx, t, service.client, sendPhoto(ctx, t, service.client, distinct(small(t, 40), fmt.Sprint(i))).GetName())
	}
	missing := removeOne(t, s3, lost)

	service = killed(ctx, t, service, gate, env, at{"GET", "/original/", 3}, func(ctx context.Context, client mediav1.MediaServiceClient) (*longrunningpb.Operation, error) {
		return client.VerifyPhotos(ctx, &mediav1.VerifyPhotosRequest{Parent: "sites/-", Repair: true})
	}, &mediav1.VerifyPhotosResponse{
		PhotoCount: photos, ObjectCount: photos*(1+smallRenditions) - 1, MissingCount: 1, RepairedCount: 1,
		Problems: []*mediav1.ObjectProblem{{
			Kind: mediav1.ObjectProblem_KIND_MISSING, ObjectKey: string(missing), Photo: lost.GetName(), Repaired: true,
		}},
	})
	service = killed(ctx, t, service, gate, env, at{"PUT", ".avif", 8}, func(ctx context.Context, client mediav1.MediaServiceClient) (*longrunningpb.Operation, error) {
		return client.ReprocessPhotos(ctx, &mediav1.ReprocessPhotosRequest{Parent: testkit.Site, Force: true})
	}, &mediav1.ReprocessPhotosResponse{PhotoCount: photos, ReprocessedCount: photos})

	must(t, service.command.Process.Signal(os.Interrupt))
	must(t, service.command.Wait())
	checkObjects(t, env, s3)
}

// removeOne loses one rendition of a photo.
func removeOne(t *testing.T, s3 *miniotest.Own, p *mediav1.Photo) blobs.Key {
	t.Helper()
	objects, err := blobs.Open(blobs.Config{
		Endpoint: s3.Endpoint, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "skaitykla-photos",
	})
	must(t, err)
	defer objects.Close()
	address, _ := photo.AddressOf(p.GetRenditions()[0])
	key := blobs.Rendition(p.GetSha256(), address.Generation, address.File())
	must(t, objects.Remove(t.Context(), key))
	return key
}

// at is the nth call that does this to an object with this in its name.
type at struct {
	method, part string
	nth          int32
}

// begin begins an operation.
type begin func(context.Context, mediav1.MediaServiceClient) (*longrunningpb.Operation, error)

// killed begins an operation, kills the service at the moment, and wants the
// result from the next one, which it returns.
func killed(
	ctx context.Context, t *testing.T, service *process, gate *miniotest.Gate, env map[string]string, moment at, start begin, want proto.Message,
) *process {
	t.Helper()
	var seen atomic.Int32
	struck := make(chan struct{})
	gate.Set(miniotest.Watch{Asked: func(method, object string) {
		if method == moment.method && strings.Contains(object, moment.part) && seen.Add(1) == moment.nth {
			_ = service.command.Process.Kill()
			close(struck)
		}
	}})
	op, err := start(ctx, service.client)
	must(t, err)
	select {
	case <-struck:
	case <-time.After(2 * time.Minute):
		t.Fatalf("the operation never came to %v", moment)
	}
	_ = service.command.Wait() // it was killed

	next := launch(t, env)
	op = awaitEnd(ctx, t, next.client, op.GetName())
	got, err := op.GetResponse().UnmarshalNew()
	if err != nil {
		t.Fatalf("%v ended with %v, %v", op.GetName(), op.GetError(), err)
	}
	if diff := cmp.Diff(want, got, protocmp.Transform(), protocmp.IgnoreFields(&mediav1.VerifyPhotosResponse{}, "read_bytes")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", op.GetName(), diff)
	}
	return next
}

// awaitEnd polls until an operation is done.
func awaitEnd(ctx context.Context, t *testing.T, client mediav1.MediaServiceClient, name string) *longrunningpb.Operation {
	t.Helper()
	limit := time.After(2 * time.Minute)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		op, err := client.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
		must(t, err)
		if op.GetDone() {
			return op
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s does not end: %v", name, op.GetMetadata())
		}
	}
}
