package card

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"

	scale "golang.org/x/image/draw"
)

// paintCover fills canvas with the part of the picture around its focal point
// that has the shape of a card.
func paintCover(canvas *image.RGBA, cover Picture) error {
	picture, err := jpeg.Decode(bytes.NewReader(cover.JPEG))
	if err != nil {
		return fmt.Errorf("decode cover: %w", err)
	}
	part := cut(picture.Bounds(), cover.FocalX, cover.FocalY)
	if part.Size() == canvas.Bounds().Size() {
		draw.Draw(canvas, canvas.Bounds(), picture, part.Min, draw.Src)
		return nil
	}
	scale.CatmullRom.Scale(canvas, canvas.Bounds(), picture, part, draw.Src, nil)
	return nil
}

// cut is the largest part of bounds with the shape of a card whose middle is as
// close to the focal point as the edges allow.
func cut(bounds image.Rectangle, focalX, focalY float64) image.Rectangle {
	width, height := bounds.Dx(), bounds.Dy()
	if width*Height > height*Width {
		width = int(math.Round(float64(height) * Width / Height))
	} else {
		height = int(math.Round(float64(width) * Height / Width))
	}
	corner := func(focal float64, whole, part int) int {
		return min(max(int(math.Round(focal*float64(whole)))-part/2, 0), whole-part)
	}
	at := image.Pt(corner(focalX, bounds.Dx(), width), corner(focalY, bounds.Dy(), height)).Add(bounds.Min)
	return image.Rectangle{Min: at, Max: at.Add(image.Pt(width, height))}
}

// decodeLogo returns nil when there is no logo.
func decodeLogo(logo []byte) (image.Image, error) {
	if len(logo) == 0 {
		return nil, nil //nolint:nilnil // no logo is not a mistake
	}
	picture, err := jpeg.Decode(bytes.NewReader(logo))
	if err != nil {
		return nil, fmt.Errorf("decode logo: %w", err)
	}
	return picture, nil
}

// logoPad is the white around a logo, in pixels.
const logoPad = 8

// logoSize is the size of a logo with its white, in its own proportions.
func logoSize(bounds image.Rectangle) image.Point {
	const innerWidth, innerHeight = logoWidth - 2*logoPad, logoHeight - 2*logoPad
	factor := min(innerHeight/float64(bounds.Dy()), innerWidth/float64(bounds.Dx()))
	return image.Pt(
		max(int(math.Round(float64(bounds.Dx())*factor)), 1)+2*logoPad,
		max(int(math.Round(float64(bounds.Dy())*factor)), 1)+2*logoPad,
	)
}

// paintLogo draws a logo on a white plate with round corners, since a JPEG has
// no transparent pixels and a logo is made for paper.
func paintLogo(canvas *image.RGBA, logo image.Image, plate image.Rectangle) {
	white := image.NewUniform(color.White)
	draw.DrawMask(canvas, plate, white, image.Point{}, roundedMask(plate.Size(), 8), image.Point{}, draw.Over)
	scale.CatmullRom.Scale(canvas, plate.Inset(logoPad), logo, logo.Bounds(), draw.Over, nil)
}
