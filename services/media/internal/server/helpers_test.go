package server_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/server"
)

// drawn returns a JPEG of a picture that differs with the seed.
func drawn(tb testing.TB, width, height int, seed uint8) []byte {
	tb.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			picture.SetRGBA(x, y, color.RGBA{R: uint8(x * 255 / width), G: uint8(y * 255 / height), B: uint8(x^y) + seed, A: 255})
		}
	}
	var file bytes.Buffer
	must(tb, jpeg.Encode(&file, picture, &jpeg.Options{Quality: 90}))
	return file.Bytes()
}

// describe is the least that an upload says. Many tests send the same bytes
// again.
func describe() *mediav1.UploadDescription {
	return &mediav1.UploadDescription{
		Parent: testkit.Site, Photo: &mediav1.Photo{Filename: "nuotrauka.jpg"},
		DuplicatePolicy: mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW,
	}
}

// upload sends a photo in chunks.
func upload(tb testing.TB, client mediav1.MediaServiceClient, d *mediav1.UploadDescription, data []byte) (*mediav1.Photo, error) {
	tb.Helper()
	stream, err := client.UploadPhoto(tb.Context())
	must(tb, err)
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: d}})
	for len(data) > 0 {
		n := min(len(data), 256<<10)
		if !send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: data[:n]}}) {
			break
		}
		data = data[n:]
	}
	return stream.CloseAndRecv()
}

// send reports whether the server still listens; why it does not is the answer
// to the whole call.
func send(stream interface {
	Send(*mediav1.UploadPhotoRequest) error
}, message *mediav1.UploadPhotoRequest,
) bool {
	return stream.Send(message) == nil
}

// uploaded is upload of what must succeed.
func uploaded(tb testing.TB, client mediav1.MediaServiceClient, d *mediav1.UploadDescription, data []byte) *mediav1.Photo {
	tb.Helper()
	p, err := upload(tb, client, d, data)
	if err != nil {
		tb.Fatalf("upload: %v", err)
	}
	return p
}

// read collects a rendition.
func read(tb testing.TB, client mediav1.MediaServiceClient, req *mediav1.ReadRenditionRequest) (*mediav1.RenditionHead, []byte, error) {
	tb.Helper()
	stream, err := client.ReadRendition(tb.Context(), req)
	must(tb, err)
	var head *mediav1.RenditionHead
	var data []byte
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return head, data, nil
		}
		if err != nil {
			return head, data, err
		}
		if message.GetHead() != nil {
			head = message.GetHead()
		}
		data = append(data, message.GetChunk()...)
	}
}

// settled waits until a photo is no longer in state PROCESSING.
func settled(tb testing.TB, client mediav1.MediaServiceClient, name string) *mediav1.Photo {
	tb.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(3 * time.Minute)
	for {
		p, err := client.GetPhoto(tb.Context(), &mediav1.GetPhotoRequest{Name: name, View: mediav1.PhotoView_PHOTO_VIEW_WORKING})
		must(tb, err)
		if p.GetState() != mediav1.Photo_STATE_PROCESSING {
			return p
		}
		select {
		case <-tick.C:
		case <-limit:
			tb.Fatalf("%s stays in state PROCESSING", name)
		}
	}
}

// serverConfig is short for what tests change.
type serverConfig = server.Config

// checkConflict looks at the typed detail of a conflict over the credit.
func checkConflict(t *testing.T, details []proto.Message, current *mediav1.Photo) {
	t.Helper()
	want := &faultv1.EditConflict{
		CurrentRevision: 3, CurrentEtag: current.GetEtag(), CurrentAuthor: "author@example.lt", CurrentTime: current.GetUpdateTime(),
		Theirs: &faultv1.EditConflict_Changes{Fields: []string{"alts", "credit"}},
		Yours:  &faultv1.EditConflict_Changes{Fields: []string{"credit"}},
	}
	if diff := cmp.Diff([]proto.Message{want}, details, protocmp.Transform()); diff != "" {
		t.Errorf("details (-want +got):\n%s", diff)
	}
}

func testTime() time.Time { return time.Date(2026, 6, 7, 9, 0, 0, 0, time.UTC) }
