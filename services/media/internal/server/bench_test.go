package server_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// What a reader's photo costs where no cache has it: the whole way from the
// object store through the production chain.
func BenchmarkReadRendition(b *testing.B) {
	s := newSuite(b)
	p := uploaded(b, s.client(auth.Author), describe(), drawn(b, 1400, 900, 60))
	s.publish(b, p.GetName())
	reader := s.client(auth.Anonymous)
	req := &mediav1.ReadRenditionRequest{Photo: p.GetName(), Format: mediav1.Rendition_FORMAT_JPEG, Width: 1280}
	head, _, err := read(b, reader, req)
	must(b, err)
	b.SetBytes(head.GetSizeBytes())
	for b.Loop() {
		if _, _, err := read(b, reader, req); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGetPhoto(b *testing.B) {
	s := newSuite(b)
	p := uploaded(b, s.client(auth.Author), describe(), drawn(b, 1400, 900, 61))
	s.publish(b, p.GetName())
	reader := s.client(auth.Anonymous)
	for b.Loop() {
		if _, err := reader.GetPhoto(b.Context(), &mediav1.GetPhotoRequest{Name: p.GetName()}); err != nil {
			b.Fatal(err)
		}
	}
}
