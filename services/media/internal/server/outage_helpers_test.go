package server_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// through reaches the objects of s3 by another address, in a bucket of its own.
func through(address string, s3 *minio.Server) blobs.Config {
	return blobs.Config{Endpoint: address, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: "t-" + photo.NewID()}
}

// moment is a call to the object store: the nth that does this to an object
// with this in its name.
type moment struct {
	method, part string
	nth          int32
}

// strike does harm once, at the moment, before the call is passed on. The
// channel is closed then.
func strike(gate *miniotest.Gate, at moment, harm func()) (struck <-chan struct{}) {
	var seen atomic.Int32
	done := make(chan struct{})
	gate.Set(miniotest.Watch{Asked: func(method, object string) {
		if method == at.method && strings.Contains(object, at.part) && seen.Add(1) == at.nth {
			harm()
			close(done)
		}
	}})
	return done
}

// persistent uploads as a client does that follows the advice of
// OBJECTS_UNAVAILABLE.
func persistent(t *testing.T, client mediav1.MediaServiceClient, d *mediav1.UploadDescription, data []byte) *mediav1.Photo {
	t.Helper()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	limit := time.Now().Add(2 * time.Minute)
	for {
		p, err := upload(t, client, d, data)
		if err == nil {
			return p
		}
		if e := rpc.FromStatus(err); e == nil || e.Reason != faultv1.Reason_REASON_OBJECTS_UNAVAILABLE || time.Now().After(limit) {
			t.Fatalf("upload: %v", err)
		}
		<-tick.C
	}
}

// held waits until the queue has said of a photo why it waits, and wants it to
// be in state PROCESSING.
func held(t *testing.T, client mediav1.MediaServiceClient, name string) *mediav1.Photo {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(2 * time.Minute)
	for {
		p, err := client.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: name, View: working})
		must(t, err)
		if p.GetState() != mediav1.Photo_STATE_PROCESSING {
			t.Fatalf("%s is in state %v while its objects are away: %v", name, p.GetState(), p.GetFormatStatuses())
		}
		if slices.ContainsFunc(p.GetFormatStatuses(), waits) {
			return p
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("the queue does not say why %s waits: %v", name, p.GetFormatStatuses())
		}
	}
}

func waits(status *mediav1.FormatStatus) bool {
	return status.GetState() == mediav1.FormatStatus_STATE_PROCESSING && strings.Contains(status.GetFailure(), "object store")
}

// nothingVisible wants that an upload that failed has left nothing that anybody
// could see.
func (s *suite) nothingVisible(t *testing.T, client mediav1.MediaServiceClient, d *mediav1.UploadDescription) {
	t.Helper()
	name := d.GetParent() + "/photos/" + d.GetPhotoId()
	_, err := client.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: name, View: working})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if ids := listed(t, client, &mediav1.ListPhotosRequest{View: working}); len(ids) != 0 {
		t.Errorf("the list shows %v", ids)
	}
	for p, err := range s.store.Walk(t.Context(), "-") {
		t.Errorf("there is a record of %s, %v", p.GetName(), err)
	}
	if files, err := os.ReadDir(s.spool); err != nil || len(files) != 0 {
		t.Errorf("the spool has %v, %v", files, err)
	}
}

// whole wants that every record has its original, and every rendition that it
// tells, once, with the size that it tells.
func (s *suite) whole(t *testing.T) {
	t.Helper()
	for p, err := range s.store.Walk(t.Context(), "-") {
		must(t, err)
		if o, err := s.objects.Stat(t.Context(), blobs.Original(p.GetSha256())); err != nil || o.Size != p.GetSizeBytes() {
			t.Errorf("the original of %s: %d bytes, %v; want %d", p.GetName(), o.Size, err, p.GetSizeBytes())
		}
		seen := make(map[photo.Address]bool)
		for i, r := range p.GetRenditions() {
			address := photo.Address{Width: r.GetWidth(), Format: r.GetFormat(), Crop: r.GetCrop()}
			if seen[address] {
				t.Errorf("%s tells %v twice", p.GetName(), address)
			}
			seen[address] = true
			if o, err := s.objects.Stat(t.Context(), objectOf(t, p, i)); err != nil || o.Size != r.GetSizeBytes() {
				t.Errorf("%s: %d bytes, %v; want %d", r.GetUri(), o.Size, err, r.GetSizeBytes())
			}
		}
	}
}

// finished waits for the end of the work on a photo of 400 by 300 and wants
// all of it.
func (s *suite) finished(t *testing.T, client mediav1.MediaServiceClient, name string) {
	t.Helper()
	p := settled(t, client, name)
	if want := (2+3)*3 + 1; p.GetState() != mediav1.Photo_STATE_ACTIVE || len(p.GetRenditions()) != want {
		t.Errorf("%s is in state %v with %d renditions, want ACTIVE with %d: %v",
			name, p.GetState(), len(p.GetRenditions()), want, p.GetFormatStatuses())
	}
	s.whole(t)
	checkRenditions(t, client, p)
}

// noise returns a JPEG that cannot be made small.
func noise(t *testing.T, width, height int, seed uint64) []byte {
	t.Helper()
	chance := rand.New(rand.NewPCG(seed, seed))
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for i := range picture.Pix {
		picture.Pix[i] = uint8(chance.Uint32()) | uint8(255*(i%4/3))
	}
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, picture, nil))
	return file.Bytes()
}

// fill leaves no room on a disk.
func fill(t *testing.T, s3 *minio.Server) {
	t.Helper()
	ballast, err := blobs.Open(through(s3.Endpoint, s3))
	if err != nil {
		t.Error(err)
		return
	}
	defer ballast.Close()
	for _, size := range []int64{1 << 20, 64 << 10, 4 << 10, 1} {
		for i := 0; ; i++ {
			key := blobs.Rendition(strings.Repeat("f", 64), "g1", photo.NewID()+".jpg")
			err := ballast.Put(t.Context(), key, bytes.NewReader(make([]byte, size)), size, "image/jpeg")
			if err != nil {
				break
			}
			if i > 100_000 {
				t.Error("the disk does not become full")
				return
			}
		}
	}
}
