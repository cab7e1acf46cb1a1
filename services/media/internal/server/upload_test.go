package server_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/jpeg"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/testing/protocmp"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

func TestUpload(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 1000, 600, 1)
	sum := sha256.Sum256(data)
	d := describe()
	d.PhotoId = "stazuote"
	d.SizeBytes = int64(len(data))
	d.Sha256 = hex.EncodeToString(sum[:])
	d.Photo.Alts = map[string]string{"lt": "Sta\u017euote\u0307 prie lentynos", "en": ""}
	d.Photo.Credit = "Ona Onaite\u0307"

	p := uploaded(t, author, d, data)
	if p.GetState() != mediav1.Photo_STATE_PROCESSING {
		t.Errorf("state = %v, want PROCESSING: the answer must not wait for more than JPEG", p.GetState())
	}
	p = settled(t, author, p.GetName())
	want := &mediav1.Photo{
		Name: testkit.Site + "/photos/stazuote", State: mediav1.Photo_STATE_ACTIVE, Sha256: d.GetSha256(),
		SizeBytes: int64(len(data)), MimeType: "image/jpeg", Filename: "nuotrauka.jpg", Width: 1000, Height: 600,
		Alts: map[string]string{"lt": "Stažuotė prie lentynos"}, Credit: "Ona Onaitė", Creator: "author@example.lt",
		Rights: &mediav1.Rights{Cleared: true},
	}
	want.FrameCount = 1
	for _, f := range photo.Formats() {
		want.FormatStatuses = append(want.FormatStatuses, &mediav1.FormatStatus{
			Format: f, State: mediav1.FormatStatus_STATE_READY, AttemptCount: 1,
		})
	}
	want.Renditions = renditionsOf(1000, 600)
	if diff := cmp.Diff(want, p, protocmp.Transform(),
		protocmp.IgnoreFields(&mediav1.Photo{}, "uid", "color", "placeholder", "create_time", "update_time", "etag", "generation", "focal_point"),
		protocmp.IgnoreFields(&mediav1.Rendition{}, "size_bytes", "uri", "crc32c")); diff != "" {
		t.Errorf("photo (-want +got):\n%s", diff)
	}
	if p.GetUid() == "" || len(p.GetColor()) != 7 || len(p.GetPlaceholder()) == 0 || p.GetEtag() == "" || !p.GetCreateTime().IsValid() ||
		p.GetFocalPoint() == nil {
		t.Errorf("the server left something out: %v", p)
	}
	checkRenditions(t, author, p)
}

// renditionsOf returns what is made of a photo of at least 640 x 600 and at most
// 1280 x 720 pixels, without addresses and sizes.
func renditionsOf(width, height int32) []*mediav1.Rendition {
	var all []*mediav1.Rendition
	add := func(crop mediav1.Rendition_Crop, aspectWidth, aspectHeight int32, widths ...int32) {
		for _, w := range widths {
			for _, f := range photo.Formats() {
				if crop == mediav1.Rendition_CROP_SOCIAL && f != mediav1.Rendition_FORMAT_JPEG {
					continue
				}
				all = append(all, &mediav1.Rendition{Format: f, Crop: crop, Width: w, Height: (2*w*aspectHeight + aspectWidth) / (2 * aspectWidth)})
			}
		}
	}
	add(0, width, height, 320, 640, 960, width)
	add(mediav1.Rendition_CROP_WIDE, 16, 9, 320, 640)
	add(mediav1.Rendition_CROP_CLASSIC, 4, 3, 320, 640)
	add(mediav1.Rendition_CROP_SQUARE, 1, 1, 320)
	add(mediav1.Rendition_CROP_SOCIAL, 1200, 630, width) // as large as it can be
	return all
}

// checkRenditions reads every rendition and looks at its bytes.
func checkRenditions(t *testing.T, client mediav1.MediaServiceClient, p *mediav1.Photo) {
	t.Helper()
	for _, r := range p.GetRenditions() {
		head, data, err := read(t, client, &mediav1.ReadRenditionRequest{
			Photo: p.GetName(), Format: r.GetFormat(), Width: r.GetWidth(), Crop: r.GetCrop(),
		})
		must(t, err)
		if head.GetSizeBytes() != r.GetSizeBytes() || int64(len(data)) != r.GetSizeBytes() {
			t.Errorf("%v at %d: %d bytes, head %d, record %d", r.GetFormat(), r.GetWidth(), len(data), head.GetSizeBytes(), r.GetSizeBytes())
		}
		if r.GetFormat() == mediav1.Rendition_FORMAT_WEBP {
			if !bytes.HasPrefix(data, []byte("RIFF")) || head.GetMimeType() != "image/webp" {
				t.Errorf("the WebP at %d is none", r.GetWidth())
			}
			continue
		}
		if r.GetFormat() == mediav1.Rendition_FORMAT_AVIF {
			if mediaType, _ := pixels.Sniff(data); mediaType != "image/avif" || head.GetMimeType() != mediaType {
				t.Errorf("the AVIF at %d is %s, told as %s", r.GetWidth(), mediaType, head.GetMimeType())
			}
			continue
		}
		config, err := jpeg.DecodeConfig(bytes.NewReader(data))
		if err != nil || config.Width != int(r.GetWidth()) || config.Height != int(r.GetHeight()) {
			t.Errorf("the JPEG at %d is %dx%d, %v", r.GetWidth(), config.Width, config.Height, err)
		}
	}
}

func TestUploadPassesMetadataOn(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Author), describe(), drawn(t, 400, 300, 2))
	if id := strings.TrimPrefix(p.GetName(), testkit.Site+"/photos/"); len(id) != 16 {
		t.Errorf("the server made the id %q, want 16 characters", id)
	}
}

func TestUploadAgainWithRequestID(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 3)
	d := describe()
	d.RequestId = uuid.NewString()
	first := uploaded(t, author, d, data)
	again := uploaded(t, author, d, data)
	if first.GetName() != again.GetName() || first.GetUid() != again.GetUid() {
		t.Errorf("the retry made %s besides %s", again.GetName(), first.GetName())
	}
	_, err := upload(t, author, d, drawn(t, 300, 200, 4))
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_REQUEST_ID_REUSED)

	// Another principal's id is another id.
	other := uploaded(t, s.client(auth.Editor), d, data)
	if other.GetName() == first.GetName() {
		t.Error("an editor's upload got the answer of an author's")
	}
}

func TestUploadTwiceAtOnceWithRequestID(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 12)
	d := describe()
	d.RequestId = uuid.NewString()
	var names [2]string
	var uploads sync.WaitGroup
	for i := range names {
		uploads.Go(func() {
			p, err := upload(t, author, d, data)
			if err != nil {
				t.Errorf("upload: %v", err)
			}
			names[i] = p.GetName()
		})
	}
	uploads.Wait()
	if names[0] != names[1] {
		t.Errorf("one request made %v", names)
	}
	settled(t, author, names[0])
}

func TestUploadTakenID(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	d := describe()
	d.PhotoId = "lentyna"
	uploaded(t, author, d, drawn(t, 300, 200, 5))
	_, err := upload(t, author, d, drawn(t, 300, 200, 6))
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
}

func TestUploadSameBytesTwice(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	data := drawn(t, 300, 200, 7)
	one, two := uploaded(t, author, describe(), data), uploaded(t, author, describe(), data)
	if one.GetName() == two.GetName() || one.GetSha256() != two.GetSha256() {
		t.Errorf("got %s and %s", one.GetName(), two.GetName())
	}
	found, err := author.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{
		Parent: testkit.Site, Filter: `sha256 = "` + one.GetSha256() + `"`, View: mediav1.PhotoView_PHOTO_VIEW_WORKING,
	})
	must(t, err)
	if len(found.GetPhotos()) != 2 || found.GetPhotos()[0].GetName() != two.GetName() {
		t.Errorf("by content there are %d photos, want both, newest first", len(found.GetPhotos()))
	}
}

func TestUploadPermission(t *testing.T) {
	s := newSuite(t)
	_, err := upload(t, s.client(auth.Anonymous), describe(), drawn(t, 300, 200, 8))
	testkit.WantFault(t, err, codes.Unauthenticated, faultv1.Reason_REASON_TOKEN_REQUIRED)
	d := describe()
	d.Parent = "sites/kita"
	_, err = upload(t, s.client(auth.Editor), d, drawn(t, 300, 200, 8))
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
}

func TestUploadSmallPNG(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	p := settled(t, author, uploaded(t, author, describe(), pngOf(t, image.NewGray(image.Rect(0, 0, 40, 30)))).GetName())
	if p.GetMimeType() != "image/png" || p.GetRenditions()[0].GetWidth() != 40 || len(p.GetRenditions()) != 3*4+1 {
		t.Errorf("got %v", p)
	}
}
