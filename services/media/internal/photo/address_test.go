package photo_test

import (
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

func address() photo.Address {
	return photo.Address{Name: photo.Name{Site: "abc", ID: "xyz"}, Generation: "r1", Width: 320, Format: mediav1.Rendition_FORMAT_WEBP}
}

func TestAddress(t *testing.T) {
	const want = "/media/abc/xyz/r1/320.webp"
	if got := address().String(); got != want {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if got, ok := photo.ParseAddress(want); !ok || got != address() {
		t.Errorf("ParseAddress = %v, %v", got, ok)
	}
}

func TestAddressOfCut(t *testing.T) {
	a := address()
	a.Crop, a.Format = mediav1.Rendition_CROP_SQUARE, mediav1.Rendition_FORMAT_AVIF
	const want = "/media/abc/xyz/r1/320-square.avif"
	if got := a.String(); got != want || photo.MediaType(a.Format) != "image/avif" {
		t.Errorf("String() = %q, want %q", got, want)
	}
	if got, ok := photo.ParseAddress(want); !ok || got != a {
		t.Errorf("ParseAddress = %v, %v", got, ok)
	}
	for _, wrong := range []string{"320-.avif", "320-tall.jpg", "-wide.jpg", "320-wide-wide.jpg", "320-wide.gif", "+320-wide.jpg"} {
		if got, ok := photo.ParseAddress("/media/abc/xyz/r1/" + wrong); ok {
			t.Errorf("%q parses as %v", wrong, got)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"/media/abc/xyz/r1/320.webp", "/media/abc/xyz/r1/640-wide.avif", "/media/abc/xyz/r1/0320.jpg", "/media/abc/xyz//1.jpg", "/media/../xyz/r1/1.jpg", "?"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, uri string) {
		if a, ok := photo.ParseAddress(uri); ok && a.String() != uri {
			t.Errorf("%q parses as %q", uri, a)
		}
	})
}

func TestSignature(t *testing.T) {
	now := time.Date(2026, 6, 7, 9, 0, 0, 0, time.UTC)
	signer := photo.NewSigner([]byte("key"))
	uri, query, _ := strings.Cut(signer.Sign(address(), now), "?")
	if uri != address().String() {
		t.Errorf("the signed address is of %q", uri)
	}
	for _, at := range []time.Time{now, now.Add(photo.MaxSigned - time.Second)} {
		if err := signer.Verify(address(), query, at); err != nil {
			t.Errorf("Verify at %s: %v", at, err)
		}
	}
	wider := address()
	wider.Width = 640
	for name, err := range map[string]error{
		"expired":       signer.Verify(address(), query, now.Add(photo.MaxSigned)),
		"other address": signer.Verify(wider, query, now),
		"other key":     photo.NewSigner([]byte("other")).Verify(address(), query, now),
		"not signed":    signer.Verify(address(), "", now),
		"no query":      signer.Verify(address(), "%zz", now),
		"no signature":  signer.Verify(address(), "expires=9999999999", now),
		"too long":      signer.Verify(address(), query, now.Add(-2*time.Minute)), // by a clock that is ahead
	} {
		t.Run(name, func(t *testing.T) { testkit.WantReason(t, err, faultv1.Reason_REASON_SIGNATURE_INVALID) })
	}
}
