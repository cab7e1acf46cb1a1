package server_test

import (
	"bytes"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

func TestObjectStoreAway(t *testing.T) {
	s3 := miniotest.Start(t)
	s := newSuiteOn(t, s3.Server, nil)
	author := s.client(auth.Author)
	p := settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 50)).GetName())
	rendition := &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 320}

	s3.Stop(t.Context())
	d := describe()
	d.PhotoId = "neatsiras"
	_, err := upload(t, author, d, drawn(t, 400, 300, 51))
	wantAway(t, err)
	_, _, err = read(t, author, rendition)
	wantAway(t, err)
	_, err = author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: testkit.Site + "/photos/neatsiras", View: working})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if _, err := author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: working}); err != nil {
		t.Errorf("the record cannot be read while the bytes are away: %v", err)
	}

	s3.Restart(t)
	uploaded(t, author, d, drawn(t, 400, 300, 51))
	if _, data, err := read(t, author, rendition); err != nil || len(data) == 0 {
		t.Errorf("after the restart: %d bytes, %v", len(data), err)
	}
}

// The object store goes away while the bytes of a photo arrive.
func TestObjectStoreGoesAwayDuringUpload(t *testing.T) {
	s3 := miniotest.Start(t)
	s := newSuiteOn(t, s3.Server, nil)
	author := s.client(auth.Author)
	data := drawn(t, 800, 600, 54)
	stream, err := author.UploadPhoto(t.Context())
	must(t, err)
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}})
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: data[:len(data)/2]}})
	s3.Stop(t.Context())
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: data[len(data)/2:]}})
	_, err = stream.CloseAndRecv()
	wantAway(t, err)
	s3.Restart(t)
	nothingStored(t, s)
	uploaded(t, author, describe(), data)
}

func wantAway(t *testing.T, err error) {
	t.Helper()
	e := testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE)
	if e.Retry == 0 || !strings.Contains(e.Message, "try again") {
		t.Errorf("%q, retry after %v: no advice", e.Message, e.Retry)
	}
}

// A photo whose upload was answered but whose process was killed before WebP
// was ready is finished at the next start.
func TestUnfinishedPhotoIsFinishedAtStart(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) {
		leave(t, c.Objects, c.Store, drawn(t, 400, 300, 52))
	})
	author := s.client(auth.Author)
	p := settled(t, author, testkit.Site+"/photos/likusi")
	if p.GetState() != mediav1.Photo_STATE_ACTIVE || len(p.GetRenditions()) != (2+3)*3+1 {
		t.Errorf("state %v with %d renditions, want READY with two whole and three cut ones in each format, and the social one",
			p.GetState(), len(p.GetRenditions()))
	}
	for _, r := range p.GetRenditions() {
		if r.GetFormat() == mediav1.Rendition_FORMAT_WEBP {
			_, data, err := read(t, author, &mediav1.ReadRenditionRequest{
				Photo: p.GetName(), Format: r.GetFormat(), Width: r.GetWidth(), Crop: r.GetCrop(),
			})
			if err != nil || !bytes.HasPrefix(data, []byte("RIFF")) {
				t.Errorf("WebP at %d: %d bytes, %v", r.GetWidth(), len(data), err)
			}
		}
	}
}

// leave stores what a killed process leaves: an original and its record in
// state PROCESSING with the JPEG ladder.
func leave(t *testing.T, bucket *blobs.Store, records *store.Store, data []byte) {
	t.Helper()
	spool, err := blobs.NewSpool(t.TempDir(), maxBytes)
	must(t, err)
	_, err = spool.Write(data)
	must(t, err)
	must(t, bucket.Put(t.Context(), blobs.Original(spool.SHA256()), spool.Reader(), spool.Size(), "image/jpeg"))
	name := photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: "likusi"}
	p, err := photo.New(name, nil, photo.Facts{SHA256: spool.SHA256(), Size: spool.Size(), Width: 400, Height: 300}, "ona", testTime())
	must(t, err)
	p.Generation = photo.WantedGeneration(p)
	for _, width := range []int32{320, 400} {
		address := photo.Address{Name: name, Generation: p.GetGeneration(), Width: width, Format: mediav1.Rendition_FORMAT_JPEG}
		p.Renditions = append(p.Renditions, &mediav1.Rendition{
			Format: address.Format, Width: width, Height: width * 3 / 4, SizeBytes: 1, Uri: address.String(),
		})
	}
	_, err = records.Create(t.Context(), p, replay.Request{}, testTime())
	must(t, err)
	must(t, spool.Close())
}

// An original that is damaged must not keep the queue busy for ever.
func TestUnfinishedPhotoWithDamagedOriginalFails(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) {
		leave(t, c.Objects, c.Store, drawn(t, 400, 300, 53))
		p, err := c.Store.Get(t.Context(), photo.Name{Site: strings.TrimPrefix(testkit.Site, "sites/"), ID: "likusi"})
		must(t, err)
		must(t, c.Objects.Put(t.Context(), blobs.Original(p.GetSha256()), strings.NewReader("x"), 1, "image/jpeg"))
	})
	p := settled(t, s.client(auth.Author), testkit.Site+"/photos/likusi")
	if p.GetState() != mediav1.Photo_STATE_FAILED || len(p.GetRenditions()) != 2 {
		t.Errorf("state %v with %d renditions, want FAILED with the 2 of JPEG", p.GetState(), len(p.GetRenditions()))
	}
	for _, status := range p.GetFormatStatuses() {
		if status.GetState() != mediav1.FormatStatus_STATE_FAILED || !strings.Contains(status.GetFailure(), "other bytes") || status.GetAttemptCount() != 1 {
			t.Errorf("status %v, want FAILED with the reason after one attempt", status)
		}
	}
}
