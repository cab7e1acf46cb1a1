package phototest

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"
)

// Gradient draws a picture that no two parts of are alike.
func Gradient(width, height int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			img.SetNRGBA(x, y, color.NRGBA{
				R: uint8(x * 255 / width), G: uint8(y * 255 / height), B: uint8(x ^ y), A: 255, //nolint:gosec // at most 255, or wanted so
			})
		}
	}
	return img
}

// PNG encodes without loss.
func PNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// JPEG encodes as a camera does.
func JPEG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var file bytes.Buffer
	if err := jpeg.Encode(&file, img, &jpeg.Options{Quality: 92}); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// GIF is an animation of one frame in each color, shown for 0.1 s, 0.2 s and so
// on, that runs three times.
func GIF(tb testing.TB, width, height int, colors ...color.Color) []byte {
	tb.Helper()
	all := gif.GIF{LoopCount: 2} // beyond the first
	for i, c := range colors {
		frame := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, c})
		draw.Draw(frame, frame.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
		all.Image = append(all.Image, frame)
		all.Delay = append(all.Delay, 10*(i+1))
	}
	var file bytes.Buffer
	if err := gif.EncodeAll(&file, &all); err != nil {
		tb.Fatal(err)
	}
	return file.Bytes()
}

// Frames is an animation of that many frames, black and white in turn.
func Frames(tb testing.TB, frames, width, height int) []byte {
	tb.Helper()
	colors := make([]color.Color, frames)
	for i := range colors {
		colors[i] = color.Gray{Y: uint8(i % 2 * 255)}
	}
	return GIF(tb, width, height, colors...)
}
