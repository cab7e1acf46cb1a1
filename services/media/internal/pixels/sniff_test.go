package pixels_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
)

func TestSniff(t *testing.T) {
	for _, c := range []struct{ name, head, want string }{
		{"JPEG", "\xff\xd8\xff\xe0", "image/jpeg"},
		{"PNG", "\x89PNG\r\n\x1a\n", "image/png"},
		{"GIF87", "GIF87a", "image/gif"},
		{"GIF89", "GIF89a", "image/gif"},
		{"WebP", "RIFF\x01\x02\x03\x04WEBP", "image/webp"},
		{"TIFF, little end first", "II*\x00", "image/tiff"},
		{"TIFF, big end first", "MM\x00*", "image/tiff"},
		{"HEIC", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "image/heic"},
		{"HEIC by a compatible brand", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"},
		{"AVIF", "\x00\x00\x00\x18ftypavif\x00\x00\x00\x00mif1miaf", "image/avif"},
		{"AVIF by a compatible brand", "\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1avif", "image/avif"},
		{"brand beyond the box", "\x00\x00\x00\x10ftypmif1\x00\x00\x00\x00avif", ""},
		{"brand in the version", "\x00\x00\x00\x14ftypisomavifmp42", ""},
		{"MP4", "\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41", ""},
		{"huge box", "\x01\x00\x00\x18ftypheic\x00\x00\x00\x00", ""},
		{"WAV", "RIFF\x01\x02\x03\x04WAVE", ""},
		{"BigTIFF", "II+\x00", ""},
		{"SVG", "<svg xmlns=", ""},
		{"SVG behind a mark", "\xef\xbb\xbf<svg", ""},
		{"PDF", "%PDF-1.7", ""},
		{"BMP", "BM\x00\x00", ""},
		{"JPEG XL", "\xff\x0a", ""},
		{"short", "\xff\xd8", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := pixels.Sniff([]byte(c.head))
			if got != c.want || ok != (c.want != "") {
				t.Errorf("got %q, %v, want %q", got, ok, c.want)
			}
		})
	}
}

func FuzzSniff(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\xffftypmif1\x00\x00\x00\x00mif1heic"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if got, ok := pixels.Sniff(head); ok == (got == "") {
			t.Errorf("got %q, %v", got, ok)
		}
	})
}
