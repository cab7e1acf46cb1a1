package server_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

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
