package server_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"os"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

func TestUploadRefuses(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	photo := drawn(t, 800, 600, 9)
	for _, test := range []struct {
		name   string
		data   []byte
		change func(d *mediav1.UploadDescription)
		want   faultv1.Reason
		advice string
	}{
		{"nothing", nil, nil, faultv1.Reason_REASON_IMAGE_UNSUPPORTED, "send JPEG"},
		{"text named .jpg", []byte(strings.Repeat("Skaitykla yra skaitykla. ", 100)), nil, faultv1.Reason_REASON_IMAGE_UNSUPPORTED, "send JPEG"},
		{"SVG", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), nil, faultv1.Reason_REASON_IMAGE_UNSUPPORTED, "send JPEG"},
		{"truncated JPEG", photo[:len(photo)/2], nil, faultv1.Reason_REASON_IMAGE_DAMAGED, ""},
		{"JPEG header only", photo[:64], nil, faultv1.Reason_REASON_IMAGE_DAMAGED, ""},
		{"50,000 x 50,000 PNG", hugePNG(t), nil, faultv1.Reason_REASON_IMAGE_TOO_LARGE, "megapixels"},
		{"over the byte limit", append(bytes.Clone(photo), make([]byte, maxBytes)...), nil, faultv1.Reason_REASON_IMAGE_TOO_LARGE, "at most 8 MB"},
		{
			"announced over the byte limit", photo,
			func(d *mediav1.UploadDescription) { d.SizeBytes = maxBytes + 1 },
			faultv1.Reason_REASON_IMAGE_TOO_LARGE, "at most 8 MB",
		},
		{
			"wrong checksum", photo,
			func(d *mediav1.UploadDescription) { d.Sha256 = strings.Repeat("0", 64) },
			faultv1.Reason_REASON_CHECKSUM_MISMATCH, "send the photo again",
		},
		{
			"fewer bytes than announced", photo,
			func(d *mediav1.UploadDescription) { d.SizeBytes = int64(len(photo)) + 1 },
			faultv1.Reason_REASON_CHECKSUM_MISMATCH, "send the photo again",
		},
		{
			"more bytes than announced", photo,
			func(d *mediav1.UploadDescription) { d.SizeBytes = int64(len(photo)) - 1 },
			faultv1.Reason_REASON_CHECKSUM_MISMATCH, "send the photo again",
		},
		{
			"control character", photo,
			func(d *mediav1.UploadDescription) { d.Photo.Credit = "Ona\x00" },
			faultv1.Reason_REASON_INVALID_TEXT, "U+0000",
		},
		{
			"language that is none", photo,
			func(d *mediav1.UploadDescription) { d.Photo.Alts = map[string]string{"lietuvių": "Knyga"} },
			faultv1.Reason_REASON_INVALID_FIELD, "BCP 47",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := describe()
			if test.change != nil {
				test.change(d)
			}
			_, err := upload(t, author, d, test.data)
			e := testkit.WantFault(t, err, codes.InvalidArgument, test.want)
			if !strings.Contains(e.Message, test.advice) {
				t.Errorf("message %q does not say %q", e.Message, test.advice)
			}
		})
	}
	nothingStored(t, s)
	// Still running.
	uploaded(t, author, describe(), photo)
}

// nothingStored fails the test when there is a record, an object, or anything
// in the spool.
func nothingStored(t *testing.T, s *suite) {
	t.Helper()
	photos, err := s.store.List(t.Context(), store.Query{Site: strings.TrimPrefix(testkit.Site, "sites/"), Limit: 10})
	must(t, err)
	if len(photos) != 0 {
		t.Errorf("%d records were stored", len(photos))
	}
	for object, err := range s.objects.List(t.Context(), "") {
		t.Errorf("the object %s was stored, %v", object.Key, err)
	}
	entries, err := os.ReadDir(s.spool)
	must(t, err)
	if len(entries) != 0 {
		t.Errorf("the spool still has %v", entries)
	}
}

func TestUploadCutOff(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	photo := drawn(t, 800, 600, 10)
	ctx, cancel := context.WithCancel(t.Context())
	stream, err := author.UploadPhoto(ctx)
	must(t, err)
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}})
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: photo[:len(photo)/2]}})
	cancel()
	if _, err := stream.CloseAndRecv(); err == nil {
		t.Fatal("an upload that was cut off succeeded")
	}
	nothingStored(t, s)
	uploaded(t, author, describe(), photo)
}

func TestUploadWithoutDescription(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Operator)
	for _, messages := range [][]*mediav1.UploadPhotoRequest{
		{},
		{{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: []byte("x")}}},
		{
			{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}},
			{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}},
		},
	} {
		stream, err := author.UploadPhoto(t.Context())
		must(t, err)
		for _, message := range messages {
			send(stream, message)
		}
		_, err = stream.CloseAndRecv()
		testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	}
}

func TestUploadTooSlow(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { c.UploadTimeout = 50 * time.Millisecond })
	stream, err := s.client(auth.Author).UploadPhoto(t.Context())
	must(t, err)
	send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}})
	// Nothing more is sent; the answer comes all the same.
	err = stream.RecvMsg(&mediav1.Photo{})
	testkit.WantFault(t, err, codes.DeadlineExceeded, faultv1.Reason_REASON_DEADLINE_EXCEEDED)
}

func TestUploadTooMany(t *testing.T) {
	s := newSuiteOn(t, objects.Server(t), func(c *serverConfig) { c.MaxUploads = 1 })
	author := s.client(auth.Author)
	type answer struct {
		stream int
		err    error
	}
	answers := make(chan answer, 2)
	streams := make([]mediav1.MediaService_UploadPhotoClient, 2)
	for i := range streams {
		stream, err := author.UploadPhoto(t.Context())
		must(t, err)
		send(stream, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: describe()}})
		streams[i] = stream
		go func() { answers <- answer{i, stream.RecvMsg(&mediav1.Photo{})} }()
	}
	refused := <-answers
	e := testkit.WantFault(t, refused.err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_UPLOADS)
	if e.Retry == 0 {
		t.Error("the refusal does not say when to try again")
	}
	other := streams[1-refused.stream]
	send(other, &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: drawn(t, 300, 200, 11)}})
	must(t, other.CloseSend())
	if accepted := <-answers; accepted.err != nil {
		t.Errorf("the other upload failed: %v", accepted.err)
	}
}

func pngOf(tb testing.TB, picture image.Image) []byte {
	tb.Helper()
	var file bytes.Buffer
	must(tb, png.Encode(&file, picture))
	return file.Bytes()
}

// hugePNG is a small PNG whose header says that it has 50,000 x 50,000 pixels.
func hugePNG(tb testing.TB) []byte {
	tb.Helper()
	data := pngOf(tb, image.NewGray(image.Rect(0, 0, 16, 16)))
	header := data[12 : 12+4+13]
	binary.BigEndian.PutUint32(header[4:], 50_000)
	binary.BigEndian.PutUint32(header[8:], 50_000)
	binary.BigEndian.PutUint32(data[12+4+13:], crc32.ChecksumIEEE(header))
	return data
}
