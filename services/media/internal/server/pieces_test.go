package server_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// begin creates an upload of the data.
func begin(tb testing.TB, client mediav1.MediaServiceClient, data []byte) *mediav1.Upload {
	tb.Helper()
	u, err := client.CreateUpload(tb.Context(), &mediav1.CreateUploadRequest{
		Parent: testkit.Site,
		Upload: &mediav1.Upload{SizeBytes: int64(len(data)), Sha256: sum(data), Photo: &mediav1.Photo{Credit: "Ona"}},
	})
	must(tb, err)
	return u
}

// add sends bytes of an upload in one call.
func add(ctx context.Context, tb testing.TB, client mediav1.MediaServiceClient, name string, offset int64, data []byte) (*mediav1.Upload, error) {
	tb.Helper()
	stream, err := client.AppendUpload(ctx)
	must(tb, err)
	target := &mediav1.AppendTarget{Name: name, OffsetBytes: offset}
	_ = stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Target{Target: target}}) // the answer says why
	for part := range slices.Chunk(data, 256<<10) {
		if stream.Send(chunkOf(part)) != nil {
			break
		}
	}
	return stream.CloseAndRecv()
}

func chunkOf(part []byte) *mediav1.AppendUploadRequest {
	return &mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Chunk{Chunk: part}}
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// partsLeft returns the parts of uploads in the bucket.
func (s *suite) partsLeft(tb testing.TB) (keys []blobs.Key) {
	tb.Helper()
	for object, err := range s.objects.List(tb.Context(), blobs.PartPrefix) {
		must(tb, err)
		keys = append(keys, object.Key)
	}
	return keys
}

// heavy is a photo of some megabytes: its JPEG is followed by bytes that
// decoders do not look at.
func heavy(tb testing.TB, seed uint8, size int) []byte {
	tb.Helper()
	data := drawn(tb, 400, 300, seed)
	return append(data, make([]byte, size-len(data))...)
}

func TestUploadInPieces(t *testing.T) {
	cases := []struct {
		name   string
		data   []byte
		pieces []int // sizes, the last of which goes on to the end
		most   int   // parts that may be there at a time
	}{
		{"one call", heavy(t, 1, 5<<20), nil, 2},
		{"small and large", heavy(t, 2, 6<<20), []int{1, 70, 100_000, 400_000, 4 << 20}, 4},
		{"many tiny", drawn(t, 500, 400, 3), slices.Repeat([]int{997}, 20), 1},
	}
	s := newSuite(t)
	author := s.client(auth.Author)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			u := begin(t, author, c.data)
			rest, at := c.data, int64(0)
			for i := 0; len(rest) > 0; i++ {
				n := len(rest)
				if i < len(c.pieces) {
					n = min(n, c.pieces[i])
				}
				var err error
				u, err = add(t.Context(), t, author, u.GetName(), at, rest[:n])
				must(t, err)
				rest, at = rest[n:], at+int64(n)
				if u.GetOffsetBytes() != at {
					t.Fatalf("the upload is at %d, want %d", u.GetOffsetBytes(), at)
				}
			}
			if n := len(s.partsLeft(t)); n > c.most {
				t.Errorf("%d parts are in the bucket, want at most %d", n, c.most)
			}
			checkFinish(t, s, author, u, c.data)
		})
	}
}

// checkFinish finishes an upload twice.
func checkFinish(t *testing.T, s *suite, client mediav1.MediaServiceClient, u *mediav1.Upload, data []byte) {
	t.Helper()
	p, err := client.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	must(t, err)
	if p.GetSha256() != sum(data) || p.GetCredit() != "Ona" || p.GetName() != testkit.Site+"/photos/"+u.GetPhotoId() {
		t.Errorf("got %v of %v", p, u)
	}
	again, err := client.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	must(t, err)
	now, err := client.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: u.GetName()})
	must(t, err)
	if again.GetUid() != p.GetUid() || now.GetResultPhoto() != p.GetName() || now.GetState() != mediav1.Upload_STATE_FINISHED {
		t.Errorf("finished again it is %s, and the upload %v", again.GetName(), now)
	}
	if left := s.partsLeft(t); len(left) != 0 {
		t.Errorf("the bucket still has %v", left)
	}
	_, err = add(t.Context(), t, client, u.GetName(), int64(len(data)), []byte("x"))
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
}

// TestAppendBrokenOff ends a call in the middle: what arrived is kept, and the
// upload goes on from there.
func TestAppendBrokenOff(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := heavy(t, 4, 6<<20)
	u := begin(t, author, data)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	stream, err := author.AppendUpload(ctx)
	must(t, err)
	must(t, stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Target{
		Target: &mediav1.AppendTarget{Name: u.GetName()},
	}}))
	for part := range slices.Chunk(data[:5<<20], 512<<10) {
		must(t, stream.Send(chunkOf(part)))
	}
	// The first part is safe while the call goes on.
	at := s.awaitOffset(t, author, u.GetName(), 4<<20)
	cancel()
	// What came after it is, too, though the call is broken. How much of that
	// arrived before the end is for the network to decide.
	deadline := time.After(5 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for flushed := false; !flushed && at < 5<<20; {
		select {
		case <-tick.C:
			at = s.awaitOffset(t, author, u.GetName(), at)
		case <-deadline:
			flushed = true
		}
	}
	_, err = add(t.Context(), t, author, u.GetName(), at, data[at:])
	must(t, err)
	checkFinish(t, s, author, u, data)
}

// awaitOffset waits until an upload has that many bytes and returns how many.
func (s *suite) awaitOffset(t *testing.T, client mediav1.MediaServiceClient, name string, least int64) int64 {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for {
		u, err := client.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: name})
		must(t, err)
		if u.GetOffsetBytes() >= least {
			return u.GetOffsetBytes()
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("the upload stays at %d, want %d", u.GetOffsetBytes(), least)
		}
	}
}

// TestAppendAtOnce sends the same bytes twice at the same time.
func TestAppendAtOnce(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 600, 400, 5)
	u := begin(t, author, data)
	var calls sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		calls.Go(func() { _, errs[i] = add(t.Context(), t, author, u.GetName(), 0, data) })
	}
	calls.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		e := testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_UPLOAD_OFFSET)
		if e.Metadata["offset_bytes"] != strconv.Itoa(len(data)) {
			t.Errorf("go on at %q, want %d", e.Metadata["offset_bytes"], len(data))
		}
	}
	if won != 1 || len(s.partsLeft(t)) != 1 {
		t.Errorf("%d calls won and %d parts are left, want one", won, len(s.partsLeft(t)))
	}
	var names [2]string
	for i := range names {
		calls.Go(func() {
			p, err := author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
			if err == nil {
				names[i] = p.GetName()
			} else {
				t.Error(err)
			}
		})
	}
	calls.Wait()
	if names[0] != names[1] {
		t.Errorf("finished twice at once it became %v", names)
	}
}

func TestAppendHostile(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 6)
	u := begin(t, author, data)
	target := func(offset int64) *mediav1.AppendUploadRequest {
		return &mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Target{
			Target: &mediav1.AppendTarget{Name: u.GetName(), OffsetBytes: offset},
		}}
	}
	cases := []struct {
		name   string
		sent   []*mediav1.AppendUploadRequest
		code   codes.Code
		reason faultv1.Reason
	}{
		{"nothing", nil, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		// Without a target nobody knows on which site the caller would need a role.
		{"empty", []*mediav1.AppendUploadRequest{{}}, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED},
		{"no target", []*mediav1.AppendUploadRequest{chunkOf(data)}, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED},
		{"two targets", []*mediav1.AppendUploadRequest{target(0), target(0)}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"negative", []*mediav1.AppendUploadRequest{target(-1)}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
		{"far away", []*mediav1.AppendUploadRequest{target(math.MaxInt64)}, codes.FailedPrecondition, faultv1.Reason_REASON_UPLOAD_OFFSET},
		{"a gap", []*mediav1.AppendUploadRequest{target(1), chunkOf(data[1:])}, codes.FailedPrecondition, faultv1.Reason_REASON_UPLOAD_OFFSET},
		{"no photo", []*mediav1.AppendUploadRequest{target(0), chunkOf([]byte("<?php system('id'); ?>" + string(make([]byte, 100))))}, codes.InvalidArgument, faultv1.Reason_REASON_IMAGE_UNSUPPORTED},
		{"too much", []*mediav1.AppendUploadRequest{target(0), chunkOf(data), chunkOf([]byte("x"))}, codes.InvalidArgument, faultv1.Reason_REASON_TOO_LARGE},
		{"a large chunk", []*mediav1.AppendUploadRequest{target(0), chunkOf(make([]byte, 1<<20+1))}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			stream, err := author.AppendUpload(t.Context())
			must(t, err)
			for _, m := range c.sent {
				if stream.Send(m) != nil {
					break // the answer says why
				}
			}
			_, err = stream.CloseAndRecv()
			testkit.WantFault(t, err, c.code, c.reason)
			now, err := author.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: u.GetName()})
			must(t, err)
			if now.GetOffsetBytes() != 0 {
				t.Errorf("%d bytes were kept", now.GetOffsetBytes())
			}
		})
	}
	if left := s.partsLeft(t); len(left) != 0 {
		t.Errorf("the bucket has %v", left)
	}
}

func TestUploadOfOthers(t *testing.T) {
	s := newSuite(t)
	author, editor := s.client(auth.Author), s.client(auth.Editor)
	data := drawn(t, 300, 200, 7)
	u := begin(t, author, data)
	_, err := editor.GetUpload(t.Context(), &mediav1.GetUploadRequest{Name: u.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = add(t.Context(), t, editor, u.GetName(), 0, data)
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = editor.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = editor.DeleteUpload(t.Context(), &mediav1.DeleteUploadRequest{Name: u.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = author.FinishUpload(t.Context(), &mediav1.FinishUploadRequest{Name: u.GetName()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_UPLOAD_OFFSET)
}

func TestUploadLimits(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) {
		c.OpenUploads = store.UploadLimits{PerPerson: 2, PerSite: 3, Bytes: 3000}
	})
	author, editor := s.client(auth.Author), s.client(auth.Editor)
	create := func(c mediav1.MediaServiceClient, size int64) (*mediav1.Upload, error) {
		return c.CreateUpload(t.Context(), &mediav1.CreateUploadRequest{Parent: testkit.Site, Upload: &mediav1.Upload{SizeBytes: size}})
	}
	_, err := create(author, maxBytes+1)
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_IMAGE_TOO_LARGE)
	one, err := create(author, 1000)
	must(t, err)
	_, err = create(author, 1000)
	must(t, err)
	_, err = create(author, 10) // the third of one person
	if e := testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_UPLOADS); e.Retry == 0 {
		t.Error("no retry delay")
	}
	_, err = create(editor, 1001) // too many bytes
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_UPLOADS)
	_, err = create(editor, 10)
	must(t, err)
	_, err = create(s.client(auth.Admin), 10) // the fourth of the site
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_UPLOADS)
	_, err = author.DeleteUpload(t.Context(), &mediav1.DeleteUploadRequest{Name: one.GetName()})
	must(t, err)
	_, err = create(author, 1000)
	must(t, err)
}
