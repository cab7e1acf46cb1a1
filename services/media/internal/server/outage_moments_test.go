package server_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// The object store is killed while a photo is put there that nobody knows yet.
func TestKilledDuringUpload(t *testing.T) {
	s3 := miniotest.Start(t)
	for _, c := range []struct {
		name string
		at   moment
	}{
		{"at the original", moment{"PUT", "/original/", 1}},
		{"after the original", moment{"PUT", ".jpg", 1}},
		{"after the first rendition", moment{"PUT", ".jpg", 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			gate := miniotest.NewGate(t, s3.Endpoint)
			s := newSuiteWith(t, through(gate.Addr, s3.Server), nil)
			author := s.client(auth.Author)
			d, data := describe(), drawn(t, 400, 300, 60)
			d.PhotoId, d.RequestId = "uzmusta", uuid.NewString()
			struck := strike(gate, c.at, s3.Kill)
			_, err := upload(t, author, d, data)
			<-struck
			wantAway(t, err)
			s.nothingVisible(t, author, d)

			s3.Restart(t)
			s.nothingVisible(t, author, d)
			s.finished(t, author, persistent(t, author, d, data).GetName())
		})
	}
}

// The object store is killed after an upload was answered. The queue waits for
// it, and does not make again what it has shown.
func TestKilledWhileSizesAreMade(t *testing.T) {
	s3 := miniotest.Start(t)
	for _, c := range []struct {
		name  string
		at    moment
		shown []mediav1.Rendition_Format
	}{
		{"WebP", moment{"PUT", ".webp", 1}, []mediav1.Rendition_Format{mediav1.Rendition_FORMAT_JPEG}},
		{"AVIF", moment{"PUT", ".avif", 2}, []mediav1.Rendition_Format{mediav1.Rendition_FORMAT_JPEG, mediav1.Rendition_FORMAT_WEBP}},
	} {
		t.Run(c.name, func(t *testing.T) {
			gate := miniotest.NewGate(t, s3.Endpoint)
			where := through(gate.Addr, s3.Server)
			s := newSuiteWith(t, where, nil)
			author := s.client(auth.Author)
			struck := strike(gate, c.at, s3.Kill)
			p := held(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 61)).GetName())
			<-struck
			ready := make(map[mediav1.Rendition_Format]bool)
			for _, format := range c.shown {
				ready[format] = true
			}
			var once []string
			for i, r := range p.GetRenditions() {
				if !ready[r.GetFormat()] {
					t.Errorf("%s is told, and only a part of its format was made", r.GetUri())
				}
				once = append(once, where.Bucket+"/"+string(objectOf(t, p, i)))
			}
			if want := 5*len(c.shown) + 1; len(once) != want {
				t.Errorf("%d renditions are told, want %d", len(once), want)
			}

			s3.Restart(t)
			s.finished(t, author, p.GetName())
			for _, object := range append(once, where.Bucket+"/"+string(blobs.Original(p.GetSha256()))) {
				if n := gate.Puts(object); n != 1 {
					t.Errorf("%s was put %d times, want once", object, n)
				}
			}
		})
	}
}

// The object store is killed in the middle of a rendition. What the reader has
// is the beginning, he learns that it is not all, and can go on from there.
func TestKilledDuringRead(t *testing.T) {
	s3 := miniotest.Start(t)
	gate := miniotest.NewGate(t, s3.Endpoint)
	s := newSuiteWith(t, through(gate.Addr, s3.Server), nil)
	author := s.client(auth.Author)
	p := uploaded(t, author, describe(), noise(t, 1000, 800, 62))
	r := p.GetRenditions()[0]
	for _, other := range p.GetRenditions() {
		if other.GetSizeBytes() > r.GetSizeBytes() {
			r = other
		}
	}
	const cut = 300 << 10 // more than one message has
	if r.GetSizeBytes() < cut+100<<10 {
		t.Fatalf("the rendition has only %d bytes", r.GetSizeBytes())
	}
	address, _ := photo.AddressOf(r)
	struck := make(chan struct{})
	gate.Set(miniotest.Watch{Sent: func(method, object string, n int) error {
		if method != "GET" || !strings.HasSuffix(object, address.File()) || n < cut {
			return nil
		}
		s3.Kill()
		close(struck) // there is no second time: nothing more is sent
		return errors.New("killed")
	}})
	req := &mediav1.ReadRenditionRequest{Photo: p.GetName(), Generation: address.Generation, Format: r.GetFormat(), Width: r.GetWidth()}
	head, begin, err := read(t, author, req)
	<-struck
	wantAway(t, err)
	if head.GetSizeBytes() != r.GetSizeBytes() || len(begin) == 0 || len(begin) > cut+64<<10 {
		t.Errorf("%d bytes of %d came, head %v", len(begin), r.GetSizeBytes(), head)
	}

	gate.Set(miniotest.Watch{})
	s3.Restart(t)
	req.ReadOffset = int64(len(begin))
	again, rest, err := read(t, author, req)
	must(t, err)
	if whole := append(begin, rest...); photo.Checksum(whole) != r.GetCrc32C() || again.GetEtag() != head.GetEtag() {
		t.Errorf("%d and %d bytes are not the rendition; etags %s and %s", len(begin), len(rest), head.GetEtag(), again.GetEtag())
	}
}

// The object store has lost everything. What is gone is said, to readers and in
// the list of VerifyPhotos; new photos can be stored; and with the bytes of an
// old one everything of it is there again.
func TestWiped(t *testing.T) {
	s3 := miniotest.Start(t)
	s := newSuiteOn(t, s3.Server, nil)
	author, operator := s.client(auth.Author), s.client(auth.Operator)
	data := drawn(t, 400, 300, 63)
	p := settled(t, author, uploaded(t, author, describe(), data).GetName())
	rendition := &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_WEBP, Width: 320}
	_, before, err := read(t, author, rendition)
	must(t, err)

	s3.Wipe(t)
	_, _, err = read(t, author, rendition)
	if e := testkit.WantFault(t, err, codes.DataLoss, faultv1.Reason_REASON_STORE_DAMAGED); !strings.Contains(e.Message, "VerifyPhotos") {
		t.Errorf("%q: no advice", e.Message)
	}
	if found := s.verify(t, operator, true); found.GetMissingCount() != int64(1+len(p.GetRenditions())) || found.GetRepairedCount() != 0 {
		t.Errorf("verified: %d missing, %d repaired; want the original and all %d renditions, none",
			found.GetMissingCount(), found.GetRepairedCount(), len(p.GetRenditions()))
	}
	if ids := listed(t, author, &mediav1.ListPhotosRequest{View: working}); len(ids) != 1 {
		t.Errorf("the list has %v, want the photo with all that people wrote", ids)
	}

	settled(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 64)).GetName())
	settled(t, author, uploaded(t, author, describe(), data).GetName()) // the same bytes, a record of their own
	s.verify(t, operator, true)
	if found := s.verify(t, operator, false); found.GetPhotoCount() != 3 || len(found.GetProblems()) != 0 {
		t.Errorf("with the bytes again: %v", found)
	}
	if _, after, err := read(t, author, rendition); err != nil || !bytes.Equal(after, before) {
		t.Errorf("%d bytes, %v; want the %d of before", len(after), err, len(before))
	}
}

// At 1 KB/s the object store is as good as away: what needs it is told so in
// time, and what does not goes on meanwhile.
func TestSlowObjectStore(t *testing.T) {
	s3 := objects.Server(t)
	proxy := miniotest.NewProxy(t, s3.Endpoint)
	gate := miniotest.NewGate(t, proxy.Addr)
	where := through(gate.Addr, s3)
	where.Patience = 2 * time.Second
	s := newSuiteWith(t, where, nil)
	author := s.client(auth.Author)
	known := settled(t, author, persistent(t, author, describe(), drawn(t, 400, 300, 65)).GetName())

	proxy.Set(miniotest.Mode{Rate: 1000})
	d, data := describe(), drawn(t, 400, 300, 66)
	d.PhotoId = "leta"
	failed := make(chan error, 1)
	waiting := strike(gate, moment{"PUT", "/original/", 1}, func() {})
	go func() {
		_, err := upload(t, author, d, data)
		failed <- err
	}()
	<-waiting
	if _, err := author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: known.GetName(), View: working}); err != nil {
		t.Errorf("GetPhoto meanwhile: %v", err)
	}
	if ids := listed(t, author, &mediav1.ListPhotosRequest{View: working}); len(ids) != 1 {
		t.Errorf("the list has %v meanwhile, want only the photo that is there", ids)
	}
	wantAway(t, <-failed)
	address := &mediav1.ReadRenditionRequest{Photo: known.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 400}
	_, begin, err := read(t, author, address)
	wantAway(t, err)

	proxy.Set(miniotest.Mode{})
	gate.Set(miniotest.Watch{})
	s.finished(t, author, persistent(t, author, d, data).GetName())
	if _, all, err := read(t, author, address); err != nil || !bytes.HasPrefix(all, begin) {
		t.Errorf("%d bytes, %v; want what began with the %d", len(all), err, len(begin))
	}
}

// The disk of the object store becomes full after an upload was answered. Its
// other sizes wait, another upload is refused, and all go on when there is room.
func TestFullDisk(t *testing.T) {
	s3, ok := miniotest.StartSmall(t)
	if !ok {
		t.Skip("this machine lets us mount no disk of our own (unshare --user --mount)")
	}
	gate := miniotest.NewGate(t, s3.Endpoint)
	s := newSuiteWith(t, through(gate.Addr, s3.Server), nil)
	author := s.client(auth.Author)
	strike(gate, moment{"PUT", ".webp", 1}, func() { fill(t, s3.Server) })
	waiting := held(t, author, uploaded(t, author, describe(), drawn(t, 400, 300, 67)).GetName())

	d, data := describe(), drawn(t, 400, 300, 68)
	d.PhotoId, d.RequestId = "netilpo", uuid.NewString()
	_, err := upload(t, author, d, data)
	e := testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE)
	if !strings.Contains(e.Message, "full") || e.Retry == 0 {
		t.Errorf("%q, retry after %v: no advice about the disk", e.Message, e.Retry)
	}
	_, err = author.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: testkit.Site + "/photos/netilpo", View: working})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if ids := listed(t, author, &mediav1.ListPhotosRequest{View: working}); len(ids) != 1 {
		t.Errorf("the list has %v, want only the photo that was answered", ids)
	}
	s.whole(t)

	s3.Grow(t)
	s.finished(t, author, persistent(t, author, d, data).GetName())
	s.finished(t, author, waiting.GetName())
}
