package card

import (
	"fmt"
	"image/color"
	"math"
)

// leastContrast is between white text and every pixel behind it: the enhanced
// level for text of normal size (WCAG 2.2, 1.4.6), since cards are shown small.
const leastContrast = 7

// defaultColor is the color of a site that names none.
const defaultColor = "#0b5a52"

func white() color.RGBA { return color.RGBA{R: 255, G: 255, B: 255, A: 255} }

// luminance is the relative luminance of WCAG 2.2, from 0 (black) to 1 (white).
func luminance(c color.RGBA) float64 {
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

func linear(channel uint8) float64 {
	v := float64(channel) / 255
	if v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// contrast is the contrast ratio of WCAG 2.2 of white text on c, from 1 to 21.
func contrast(c color.RGBA) float64 { return 1.05 / (luminance(c) + 0.05) }

// siteColor parses "#rrggbb" and darkens it, keeping its hue, until white text
// on it reaches the contrast.
func siteColor(text string) (color.RGBA, error) {
	if text == "" {
		text = defaultColor
	}
	var r, g, b uint8
	if n, err := fmt.Sscanf(text, "#%02x%02x%02x", &r, &g, &b); err != nil || n != 3 || len(text) != 7 {
		return color.RGBA{}, fmt.Errorf("color %q is not #rrggbb", text)
	}
	c := color.RGBA{R: r, G: g, B: b, A: 255}
	for contrast(c) < leastContrast {
		c = mix(c, color.RGBA{A: 255}, 0.03)
	}
	return c, nil
}

// mix is a with share of b over it.
func mix(a, b color.RGBA, share float64) color.RGBA {
	blend := func(x, y uint8) uint8 { return uint8(math.Round(float64(x)*(1-share) + float64(y)*share)) }
	return color.RGBA{R: blend(a.R, b.R), G: blend(a.G, b.G), B: blend(a.B, b.B), A: 255}
}
