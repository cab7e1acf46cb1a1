package server_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// marker stands for everything that must not reach the public.
const marker = "NIEKAM-NERODYTI"

// doors are the ways in which anyone may ask about a photo; each returns what
// is told, and fails where nothing is.
func doors(t *testing.T, s *suite, p *mediav1.Photo) map[string]func() (proto.Message, error) {
	t.Helper()
	reader := s.client(auth.Anonymous)
	return map[string]func() (proto.Message, error){
		"GetPhoto": func() (proto.Message, error) {
			return reader.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
		},
		"BatchGetPhotos": func() (proto.Message, error) {
			return reader.BatchGetPhotos(t.Context(), &mediav1.BatchGetPhotosRequest{Parent: testkit.Site, Names: []string{p.GetName()}})
		},
		"ListPhotos": func() (proto.Message, error) {
			answer, err := reader.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{Parent: testkit.Site})
			return orMissing(answer, len(answer.GetPhotos()), err)
		},
		"ListPhotos of these bytes": func() (proto.Message, error) {
			answer, err := reader.ListPhotos(t.Context(), &mediav1.ListPhotosRequest{Parent: testkit.Site, Filter: `sha256 = "` + p.GetSha256() + `"`})
			return orMissing(answer, len(answer.GetPhotos()), err)
		},
		"ReadRendition": func() (proto.Message, error) {
			head, _, err := read(t, reader, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Width: 40, Format: mediav1.Rendition_FORMAT_JPEG})
			return head, err
		},
	}
}

// errEmpty is a list without photos.
var errEmpty = errors.New("the list is empty")

func orMissing(answer proto.Message, n int, err error) (proto.Message, error) {
	if err == nil && n == 0 {
		return nil, errEmpty
	}
	return answer, err
}

// labeled puts words into a JPEG that its file says of itself.
func labeled(t *testing.T, file []byte) []byte {
	t.Helper()
	xmp := "http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF` +
		` xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"><core:AltTextAccessibility><rdf:Alt>` +
		`<rdf:li xml:lang="x-default">` + marker + `</rdf:li></rdf:Alt></core:AltTextAccessibility></rdf:Description></rdf:RDF></x:xmpmeta>`
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(xmp)+2))
	return slices.Concat(file[:2], segment, []byte(xmp), file[2:])
}

func TestNothingPersonalLeavesThePublicDoors(t *testing.T) {
	s := newSuite(t)
	author := s.client(auth.Author)
	d := describe()
	d.Photo = &mediav1.Photo{
		Filename: marker + ".jpg", Credit: "Ona",
		PeopleShown: &mediav1.PeopleShown{
			Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: []string{marker}, Children: true,
			Consent: &mediav1.Consent{
				Basis: mediav1.Consent_BASIS_GUARDIAN_CONSENT, Purpose: marker, Reference: marker, ExpireTime: timestamppb.New(time.Now().Add(time.Hour)),
			},
		},
	}
	p := settled(t, author, uploaded(t, author, d, labeled(t, drawn(t, 40, 30, 90))).GetName())
	for _, want := range []string{p.GetFilename(), p.GetPeopleShown().GetPeopleNames()[0], p.GetSuggestions().GetAlt()} {
		if !strings.Contains(want, marker) {
			t.Fatalf("the record lacks the marker in %q; the test proves nothing", want)
		}
	}
	s.publish(t, p.GetName())
	for name, ask := range doors(t, s, p) {
		answer, err := ask()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := protojson.Format(answer)
		if strings.Contains(text, marker) || strings.Contains(text, "eopleShown") || strings.Contains(text, p.GetCreator()) {
			t.Errorf("%s tells the public %s", name, text)
		}
	}
}

// TestPublicDoorsLookAtTheTime runs no scheduler: the flag of the record stays,
// and still nobody is shown anything after the end.
func TestPublicDoorsLookAtTheTime(t *testing.T) {
	s := newSuite(t)
	editor := s.client(auth.Editor)
	p := settled(t, editor, uploaded(t, editor, describe(), drawn(t, 40, 30, 91)).GetName())
	s.publish(t, p.GetName())
	license := func(end time.Time) {
		t.Helper()
		now, err := editor.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: working})
		must(t, err)
		_, err = editor.UpdatePhoto(t.Context(), &mediav1.UpdatePhotoRequest{
			Photo: &mediav1.Photo{
				Name: p.GetName(), Etag: now.GetEtag(), License: &mediav1.License{SpdxId: "cc-by-4.0", ExpireTime: timestamppb.New(end)},
			},
			UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"license"}},
		})
		must(t, err)
	}
	license(time.Now().Add(time.Hour))
	for name, ask := range doors(t, s, p) {
		if _, err := ask(); err != nil {
			t.Errorf("%s before the end: %v", name, err)
		}
	}
	end := time.Now().Add(2 * time.Second)
	license(end)
	<-time.After(time.Until(end))
	for name, ask := range doors(t, s, p) {
		if answer, err := ask(); err == nil {
			t.Errorf("%s after the end: %v", name, answer)
		} else if !errors.Is(err, errEmpty) {
			testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		}
	}
	hidden, err := editor.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: working})
	must(t, err)
	if hidden.GetPublished() || hidden.GetRights().GetCleared() || hidden.GetRights().GetProblems()[0] != mediav1.Rights_PROBLEM_LICENSE_EXPIRED {
		t.Errorf("editors are told %v", hidden.GetRights())
	}
	if uri := hidden.GetRenditions()[0].GetUri(); !strings.Contains(uri, "signature=") {
		t.Errorf("editors get the address %q, which works no more", uri)
	}
	stream, _ := watching(t, editor, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
	if told := next(t, stream); told.GetPhoto().GetPublished() {
		t.Error("watchers are told that the photo is public")
	}
	end = time.Now().Add(time.Hour).Truncate(time.Microsecond)
	license(end)
	for name, ask := range doors(t, s, p) {
		answer, err := ask()
		if err != nil {
			t.Errorf("%s after the license was extended: %v", name, err)
		}
		if head, ok := answer.(*mediav1.RenditionHead); ok && !head.GetExpireTime().AsTime().Equal(end) {
			t.Errorf("caches are told to keep the file until %v, want %v", head.GetExpireTime().AsTime(), end)
		}
	}
}

func TestWatchersAreToldOfTheEnd(t *testing.T) {
	s := newSuite(t)
	editor := s.client(auth.Editor)
	p := settled(t, editor, uploaded(t, editor, describe(), drawn(t, 40, 30, 92)).GetName())
	s.publish(t, p.GetName())
	stream, _ := watching(t, editor, &mediav1.WatchPhotosRequest{Parent: testkit.Site})
	for told := next(t, stream); told.GetKind() != mediav1.WatchPhotosResponse_KIND_SNAPSHOT_END; {
		told = next(t, stream)
	}
	now, err := editor.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName(), View: working})
	must(t, err)
	_, err = editor.UpdatePhoto(t.Context(), &mediav1.UpdatePhotoRequest{Photo: &mediav1.Photo{
		Name: p.GetName(), Etag: now.GetEtag(),
		PeopleShown: &mediav1.PeopleShown{Consent: &mediav1.Consent{ExpireTime: timestamppb.New(time.Now().Add(-time.Second))}},
	}})
	must(t, err)
	told := next(t, stream)
	if told.GetKind() != mediav1.WatchPhotosResponse_KIND_EXPIRED || told.GetPhoto().GetPublished() ||
		len(told.GetArticles()) != 1 || told.GetArticles()[0] != testkit.Site+"/articles/naujiena" {
		t.Errorf("watchers are told %v", told)
	}
}
