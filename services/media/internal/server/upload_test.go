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
		t.Errorf("state = %v, want PROCESSING: the answer must not wait for WebP", p.GetState())
	}
	p = settled(t, author, p.GetName())
	want := &mediav1.Photo{
		Name: testkit.Site + "/photos/stazuote", State: mediav1.Photo_STATE_ACTIVE, Sha256: d.GetSha256(),
		SizeBytes: int64(len(data)), MimeType: "image/jpeg", Filename: "nuotrauka.jpg", Width: 1000, Height: 600,
		Alts: map[string]string{"lt": "Stažuotė prie lentynos"}, Credit: "Ona Onaitė", Creator: "author@example.lt",
		Rights: &mediav1.Rights{Cleared: true},
	}
	for _, width := range []int32{320, 640, 960, 1000} {
		for _, format := range []mediav1.Rendition_Format{mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_WEBP} {
			want.Renditions = append(want.Renditions, &mediav1.Rendition{Format: format, Width: width, Height: width * 600 / 1000})
		}
	}
	if diff := cmp.Diff(want, p, protocmp.Transform(),
		protocmp.IgnoreFields(&mediav1.Photo{}, "uid", "color", "placeholder", "create_time", "update_time", "etag"),
		protocmp.IgnoreFields(&mediav1.Rendition{}, "size_bytes", "uri")); diff != "" {
		t.Errorf("photo (-want +got):\n%s", diff)
	}
	if p.GetUid() == "" || len(p.GetColor()) != 7 || len(p.GetPlaceholder()) == 0 || p.GetEtag() == "" || !p.GetCreateTime().IsValid() {
		t.Errorf("the server left something out: %v", p)
	}
	checkRenditions(t, author, p)
}

// checkRenditions reads every rendition and looks at its bytes.
func checkRenditions(t *testing.T, client mediav1.MediaServiceClient, p *mediav1.Photo) {
	t.Helper()
	for _, r := range p.GetRenditions() {
		head, data, err := read(t, client, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: r.GetFormat(), Width: r.GetWidth()})
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
	if p.GetMimeType() != "image/png" || len(p.GetRenditions()) != 2 || p.GetRenditions()[0].GetWidth() != 40 {
		t.Errorf("got %v", p)
	}
}
