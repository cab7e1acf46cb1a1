// Package drawing draws the pictures of the example newsroom: flat paper
// collages, made by arithmetic alone, so that the repository holds no binary
// files and nobody's rights are touched.
//
// A picture is a function of its name: the same bytes every time on the same
// kind of machine. One takes about a fifth of a second.
package drawing

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"maps"
	"slices"
)

// scene is one picture: its size and what is on it.
type scene struct {
	w, h int
	draw func(*canvas)
}

func wide(draw func(*canvas)) scene { return scene{w: 1800, h: 1200, draw: draw} }
func tall(draw func(*canvas)) scene { return scene{w: 1200, h: 1600, draw: draw} }

func scenes() map[string]scene {
	return map[string]scene{
		"boats":      wide(boats),
		"shelf":      wide(shelf),
		"lamp":       wide(lamp),
		"window":     wide(window),
		"bookmobile": wide(bookmobile),
		"story":      wide(story),
		"cup":        wide(cup),
		"sewing":     wide(sewing),
		"facade":     wide(facade),
		"map":        wide(chart),
		"tools":      tall(tools),
		"fair":       wide(fair),
		"hammock":    wide(hammock),
		"repair":     wide(repair),
		"telescope":  tall(telescope),
		"station":    wide(station),
		"windmill":   tall(windmill),
		"bridge":     wide(bridge),
		"market":     wide(market),
	}
}

// Names returns the names of all pictures, sorted.
func Names() []string { return slices.Sorted(maps.Keys(scenes())) }

// UnknownError is a picture that nobody has drawn.
type UnknownError struct{ Name string }

// Error names the picture and those there are.
func (e *UnknownError) Error() string {
	return fmt.Sprintf("there is no picture %q; use one of %v", e.Name, Names())
}

// Draw draws the picture of a name. The error is an *UnknownError.
func Draw(name string) (*image.RGBA, error) {
	s, ok := scenes()[name]
	if !ok {
		return nil, &UnknownError{Name: name}
	}
	seed := uint64(0)
	for _, b := range []byte(name) {
		seed = seed*31 + uint64(b)
	}
	c := newCanvas(s.w, s.h, seed)
	s.draw(c)
	c.grain()
	return c.img, nil
}

// JPEG draws the picture of a name and encodes it. The error is an
// *UnknownError.
func JPEG(name string) ([]byte, error) {
	img, err := Draw(name)
	if err != nil {
		return nil, err
	}
	const quality = 88
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode picture %s: %w", name, err)
	}
	return b.Bytes(), nil
}
