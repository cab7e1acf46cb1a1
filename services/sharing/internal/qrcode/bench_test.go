package qrcode_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/qrcode"
)

func BenchmarkEncode(b *testing.B) {
	for b.Loop() {
		if _, err := qrcode.Encode(link, qrcode.LevelM); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPNG4096(b *testing.B) {
	code, err := qrcode.Encode(link, qrcode.LevelM)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := code.PNG(4, 4096); err != nil {
			b.Fatal(err)
		}
	}
}
