package server_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// TestVerifyPhotos spoils what can be spoiled, finds it, repairs what can be
// repaired, and then finds the rest only.
func TestVerifyPhotos(t *testing.T) {
	s := newSuite(t)
	author, operator := s.client(auth.Author), s.client(auth.Operator)
	var photos [3]*mediav1.Photo
	for i := range photos {
		photos[i] = settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, uint8(200+i))).GetName())
	}
	damaged, missing := objectOf(t, photos[0], 0), objectOf(t, photos[1], 1)
	intact := photos[0].GetRenditions()[0].GetSizeBytes()
	must(t, s.objects.Put(t.Context(), damaged, bytes.NewReader(make([]byte, intact)), intact, "image/jpeg"))
	must(t, s.objects.Remove(t.Context(), missing))
	lost := blobs.Original(photos[2].GetSha256())
	must(t, s.objects.Remove(t.Context(), lost))
	orphan := blobs.Original(strings.Repeat("f", 64))
	must(t, s.objects.Put(t.Context(), orphan, strings.NewReader("x"), 1, "image/jpeg"))
	problems := []*mediav1.ObjectProblem{
		{Kind: mediav1.ObjectProblem_KIND_DAMAGED, ObjectKey: string(damaged), Photo: photos[0].GetName()},
		{Kind: mediav1.ObjectProblem_KIND_MISSING, ObjectKey: string(missing), Photo: photos[1].GetName()},
		{Kind: mediav1.ObjectProblem_KIND_MISSING, ObjectKey: string(lost), Photo: photos[2].GetName()},
		{Kind: mediav1.ObjectProblem_KIND_ORPHAN, ObjectKey: string(orphan)},
	}

	found := s.verify(t, operator, false)
	wantProblems(t, found, problems...)
	if found.GetPhotoCount() != 3 || found.GetRepairedCount() != 0 || found.GetReadBytes() == 0 {
		t.Errorf("found %v", found)
	}
	problems[0].Repaired, problems[1].Repaired = true, true
	found = s.verify(t, operator, true)
	wantProblems(t, found, problems...)
	if found.GetRepairedCount() != 2 || found.GetMissingCount() != 2 || found.GetDamagedCount() != 1 || found.GetOrphanCount() != 1 {
		t.Errorf("repaired %d, missing %d, damaged %d, orphans %d; want 2, 2, 1, 1",
			found.GetRepairedCount(), found.GetMissingCount(), found.GetDamagedCount(), found.GetOrphanCount())
	}
	wantProblems(t, s.verify(t, operator, true), problems[2:]...)
	if _, err := s.objects.Stat(t.Context(), orphan); err != nil {
		t.Errorf("an orphan is only reported: %v", err)
	}
	r := photos[0].GetRenditions()[0]
	_, data, err := read(t, author, &mediav1.ReadRenditionRequest{Photo: photos[0].GetName(), Format: r.GetFormat(), Width: r.GetWidth(), Crop: r.GetCrop()})
	if err != nil || photo.Checksum(data) != r.GetCrc32C() {
		t.Errorf("the repaired rendition has %d bytes, %v", len(data), err)
	}
}

// verify verifies all sites and returns what was found.
func (s *suite) verify(t *testing.T, client mediav1.MediaServiceClient, repair bool) *mediav1.VerifyPhotosResponse {
	t.Helper()
	op, err := client.VerifyPhotos(t.Context(), &mediav1.VerifyPhotosRequest{Parent: "sites/-", Repair: repair})
	must(t, err)
	found := &mediav1.VerifyPhotosResponse{}
	op = ended(t, client, op.GetName())
	if op.GetError() != nil {
		t.Fatalf("the operation failed: %v", op.GetError())
	}
	must(t, op.GetResponse().UnmarshalTo(found))
	return found
}

// ended waits until an operation is done.
func ended(t *testing.T, client mediav1.MediaServiceClient, name string) *longrunningpb.Operation {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(time.Minute)
	for {
		op, err := client.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: name})
		must(t, err)
		if op.GetDone() {
			return op
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s does not end", name)
		}
	}
}

// wantProblems looks at the problems in any order: photos are in that of their
// names, which chance gives.
func wantProblems(t *testing.T, found *mediav1.VerifyPhotosResponse, want ...*mediav1.ObjectProblem) {
	t.Helper()
	byKey := func(a, b *mediav1.ObjectProblem) int { return strings.Compare(a.GetObjectKey(), b.GetObjectKey()) }
	got, want := slices.SortedFunc(slices.Values(found.GetProblems()), byKey), slices.SortedFunc(slices.Values(want), byKey)
	if diff := cmp.Diff(want, got, protocmp.Transform()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func objectOf(t *testing.T, p *mediav1.Photo, i int) blobs.Key {
	t.Helper()
	uri, _, _ := strings.Cut(p.GetRenditions()[i].GetUri(), "?")
	address, ok := photo.ParseAddress(uri)
	if !ok {
		t.Fatalf("%s is no address", uri)
	}
	return blobs.Rendition(p.GetSha256(), address.Generation, address.File())
}

func TestReprocessPhotos(t *testing.T) {
	s := newSuite(t)
	author, operator := s.client(auth.Author), s.client(auth.Operator)
	tagged := describe()
	tagged.Photo.Tags = []string{"vaikai"}
	one := settled(t, author, uploaded(t, author, tagged, drawn(t, 400, 300, 210)).GetName())
	settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 211)).GetName())
	must(t, s.objects.Remove(t.Context(), objectOf(t, one, 0)))

	redo := func(filter string, force bool) *mediav1.ReprocessPhotosResponse {
		op, err := operator.ReprocessPhotos(t.Context(), &mediav1.ReprocessPhotosRequest{Parent: testkit.Site, Filter: filter, Force: force})
		must(t, err)
		redone := &mediav1.ReprocessPhotosResponse{}
		must(t, ended(t, operator, op.GetName()).GetResponse().UnmarshalTo(redone))
		return redone
	}
	for _, test := range []struct {
		filter string
		force  bool
		want   *mediav1.ReprocessPhotosResponse
	}{
		{"", false, &mediav1.ReprocessPhotosResponse{PhotoCount: 2}}, // all have the current settings
		{"tags:vaikai", true, &mediav1.ReprocessPhotosResponse{PhotoCount: 1, ReprocessedCount: 1}},
		{"tags:nieko", true, &mediav1.ReprocessPhotosResponse{}},
	} {
		if diff := cmp.Diff(test.want, redo(test.filter, test.force), protocmp.Transform()); diff != "" {
			t.Errorf("filter %q, force %v (-want +got):\n%s", test.filter, test.force, diff)
		}
	}
	if _, err := s.objects.Stat(t.Context(), objectOf(t, one, 0)); err != nil {
		t.Errorf("the rendition that was made anew: %v", err)
	}
	_, err := operator.ReprocessPhotos(t.Context(), &mediav1.ReprocessPhotosRequest{Parent: testkit.Site, Filter: "nonsense="})
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FILTER)
}

// An operation waits while the object store is away, can be looked at and
// listed, is begun once by a request, is bounded in number, and can be canceled.
func TestOperationThatWaits(t *testing.T) {
	server := objects.Server(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	s := newSuiteOn(t, &minio.Server{Endpoint: proxy.Addr, AccessKey: server.AccessKey, SecretKey: server.SecretKey}, nil)
	author, operator := s.client(auth.Author), s.client(auth.Operator)
	settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 220)).GetName())
	proxy.Set(miniotest.Mode{Down: true})

	request := &mediav1.VerifyPhotosRequest{Parent: "sites/-", RequestId: uuid.NewString()}
	first, err := operator.VerifyPhotos(t.Context(), request)
	must(t, err)
	again, err := operator.VerifyPhotos(t.Context(), request)
	if err != nil || again.GetName() != first.GetName() {
		t.Errorf("the same request began %s, %v; want %s", again.GetName(), err, first.GetName())
	}
	second, err := operator.VerifyPhotos(t.Context(), &mediav1.VerifyPhotosRequest{Parent: testkit.Site})
	must(t, err)
	_, err = operator.VerifyPhotos(t.Context(), &mediav1.VerifyPhotosRequest{Parent: testkit.Site})
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_OPERATIONS)

	for _, name := range []string{first.GetName(), second.GetName()} {
		_, err = operator.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: name})
		must(t, err)
		if op := ended(t, operator, name); codes.Code(op.GetError().GetCode()) != codes.Canceled {
			t.Errorf("%s ended with %v, want CANCELLED", name, op.GetResult())
		}
	}
	progress := &mediav1.VerifyPhotosMetadata{}
	must(t, ended(t, operator, first.GetName()).GetMetadata().UnmarshalTo(progress))
	if p := progress.GetProgress(); p.GetDoneCount() != 0 || p.GetTotalCount() != 1 || !p.GetCancelRequested() || p.GetEndTime() == nil {
		t.Errorf("progress %v", p)
	}
	for site, want := range map[string]string{"sites/-": first.GetName(), testkit.Site: second.GetName()} {
		listed, err := operator.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: site, Filter: "done=true"})
		if err != nil || len(listed.GetOperations()) != 1 || listed.GetOperations()[0].GetName() != want {
			t.Errorf("operations of %s: %v, %v; want %s", site, listed, err, want)
		}
	}
	_, err = operator.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: "sites/-/operations/nera"})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)

	proxy.Set(miniotest.Mode{})
	if found := s.verify(t, operator, true); found.GetPhotoCount() != 1 || len(found.GetProblems()) != 0 {
		t.Errorf("with the object store back: %v", found)
	}
}
