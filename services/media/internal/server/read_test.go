package server_test

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func TestReadRenditionRanges(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Author), describe(), drawn(t, 2600, 1700, 20))
	s.publish(t, p.GetName())
	reader := s.client(auth.Anonymous)
	whole := &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 2560}
	head, all, err := read(t, reader, whole)
	must(t, err)
	if len(all) <= 300<<10 {
		t.Fatalf("%d bytes are too few to need several chunks", len(all))
	}
	if !head.GetPublished() || head.GetEtag() == "" || strings.Contains(head.GetEtag(), `"`) {
		t.Errorf("head = %v", head)
	}
	size := int64(len(all))
	for _, test := range []struct {
		name          string
		offset, limit int64
		want          []byte
	}{
		{"first byte", 0, 1, all[:1]},
		{"middle", 1000, 300_000, all[1000:301_000]},
		{"to the end", size - 5, 0, all[size-5:]},
		{"beyond the end", size - 5, 100, all[size-5:]},
		{"behind the end", size, 0, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			head, got, err := read(t, reader, &mediav1.ReadRenditionRequest{
				Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 2560, ReadOffset: test.offset, ReadLimit: test.limit,
			})
			must(t, err)
			if !bytes.Equal(got, test.want) || head.GetSizeBytes() != size {
				t.Errorf("got %d bytes of %d, want %d of %d", len(got), head.GetSizeBytes(), len(test.want), size)
			}
		})
	}
}

func TestReadRenditionNotFound(t *testing.T) {
	s := newSuite(t)
	p := uploaded(t, s.client(auth.Author), describe(), drawn(t, 400, 300, 21))
	s.publish(t, p.GetName())
	reader := s.client(auth.Anonymous)
	for name, req := range map[string]*mediav1.ReadRenditionRequest{
		"other photo":      {Photo: testkit.Site + "/photos/kita", Width: 320},
		"other width":      {Photo: p.GetName(), Width: 321},
		"other generation": {Photo: p.GetName(), Width: 320, Generation: "older"},
	} {
		t.Run(name, func(t *testing.T) {
			req.Format = mediav1.Rendition_FORMAT_JPEG
			_, _, err := read(t, reader, req)
			testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		})
	}
}

func TestReadRenditionOfHiddenPhoto(t *testing.T) {
	s := newSuite(t)
	author, reader := s.client(auth.Author), s.client(auth.Anonymous)
	p := uploaded(t, author, describe(), drawn(t, 400, 300, 22))
	address, query, signed := strings.Cut(p.GetRenditions()[0].GetUri(), "?")
	if !signed {
		t.Fatalf("the address %q of a hidden photo is not signed", address)
	}
	parsed, ok := photo.ParseAddress(address)
	if !ok {
		t.Fatalf("the address %q does not parse", address)
	}
	request := func(query string) *mediav1.ReadRenditionRequest {
		return &mediav1.ReadRenditionRequest{
			Photo: p.GetName(), Format: parsed.Format, Width: parsed.Width, Generation: parsed.Generation, Signature: query,
		}
	}

	_, _, err := read(t, reader, request(""))
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	head, data, err := read(t, reader, request(query))
	must(t, err)
	if len(data) == 0 || head.GetPublished() {
		t.Errorf("a signed address gave %d bytes, published = %v", len(data), head.GetPublished())
	}
	values, err := url.ParseQuery(query)
	must(t, err)
	forged := "expires=" + values.Get("expires") + "9&signature=" + values.Get("signature")
	for _, query := range []string{forged, "x", "expires=&signature="} {
		_, _, err := read(t, reader, request(query))
		testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_SIGNATURE_INVALID)
		// A photo that does not exist answers alike.
		other := request(query)
		other.Photo = testkit.Site + "/photos/kita"
		_, _, err = read(t, reader, other)
		testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_SIGNATURE_INVALID)
	}
	other := request(query)
	other.Width = 400
	_, _, err = read(t, reader, other)
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_SIGNATURE_INVALID)
}

func TestPublicityFollowsUse(t *testing.T) {
	s := newSuite(t)
	author, reader := s.client(auth.Author), s.client(auth.Anonymous)
	p := uploaded(t, author, describe(), drawn(t, 400, 300, 23))
	get := func() (*mediav1.Photo, error) {
		return reader.GetPhoto(t.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()})
	}
	_, err := get()
	e := testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	if e.Metadata["name"] != p.GetName() {
		t.Errorf("metadata = %v, want the name", e.Metadata)
	}
	s.publish(t, p.GetName())
	seen, err := get()
	must(t, err)
	if !seen.GetPublished() || strings.Contains(seen.GetRenditions()[0].GetUri(), "?") {
		t.Errorf("a public photo has published = %v and the address %s", seen.GetPublished(), seen.GetRenditions()[0].GetUri())
	}
	s.unpublish(t)
	_, err = get()
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, _, err = read(t, reader, &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 320})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}
