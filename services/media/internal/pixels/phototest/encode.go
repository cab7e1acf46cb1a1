package phototest

import (
	"image"
	"image/color"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
)

// side is more than any picture here has.
const side = 1 << 13

// Encoded writes a picture of ours in the format of a file name's suffix, such
// as ".jpg[interlace]". Like all below it wants libvips to have been started.
func Encoded(tb testing.TB, file []byte, suffix string) []byte {
	tb.Helper()
	return written(tb, Decoded(tb, file, false), suffix)
}

// Animated writes an animation of ours in another format.
func Animated(tb testing.TB, file []byte, suffix string) []byte {
	tb.Helper()
	return written(tb, Decoded(tb, file, true), suffix)
}

// Exported writes a picture of ours with the colors of a profile, "p3" or
// "cmyk".
func Exported(tb testing.TB, file []byte, profile, suffix string) []byte {
	tb.Helper()
	out, err := Decoded(tb, file, false).Export(profile)
	if err != nil {
		tb.Fatal(err)
	}
	defer out.Close()
	return written(tb, out, suffix)
}

// Transcoded writes a file in another format with all that it says.
func Transcoded(tb testing.TB, file []byte, suffix string) []byte {
	tb.Helper()
	out, err := vips.Transcode(file, suffix)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// Decoded is a picture until the test ends.
func Decoded(tb testing.TB, file []byte, animated bool) *vips.Image {
	tb.Helper()
	img, err := vips.Master(file, side, side, animated)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(img.Close)
	return img
}

func written(tb testing.TB, img *vips.Image, suffix string) []byte {
	tb.Helper()
	out, err := img.Encode(suffix)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// Kinds is a photo of ours in every kind of file that is accepted.
func Kinds(tb testing.TB, width, height int) map[string][]byte {
	tb.Helper()
	source := PNG(tb, Gradient(width, height))
	film := GIF(tb, width/2, height/2, color.White, color.Black, color.White)
	deep := image.NewNRGBA64(image.Rect(0, 0, width/2, height/2))
	return map[string][]byte{
		"jpeg":             JPEG(tb, Gradient(width, height)),
		"progressive jpeg": Encoded(tb, source, ".jpg[interlace]"),
		"cmyk jpeg":        Exported(tb, source, "cmyk", ".jpg"),
		"png":              source,
		"interlaced png":   Encoded(tb, source, ".png[interlace]"),
		"webp":             Encoded(tb, source, ".webp"),
		"lossless webp":    Encoded(tb, source, ".webp[lossless]"),
		"animated webp":    Animated(tb, film, ".webp"),
		"gif":              Frames(tb, 1, width/2, height/2),
		"animated gif":     film,
		"tiff":             TIFF(deep, nil, nil, nil, ""),
		"packed tiff":      Encoded(tb, source, ".tif[compression=deflate,tile]"),
		"jpeg in tiff":     Encoded(tb, source, ".tif[compression=jpeg]"),
		"heic":             Encoded(tb, source, ".heic"),
		"avif":             Encoded(tb, source, ".avif[effort=0]"),
	}
}
