package qrcode

import (
	"bytes"
	"encoding/xml"
	"strconv"
)

// SVG returns the code as a standalone SVG document: dark modules on a light
// ground, sharp at any size. It asks to be shown with pixels to a side, margin
// included, but no larger than the window that it is opened in, for a part of a
// code cannot be read; 0 leaves that to the page around it. The title is what assistive
// technology reads; it may be empty. quiet is the margin in modules.
func (c Code) SVG(title string, quiet, pixels int) []byte {
	var b bytes.Buffer
	side := strconv.Itoa(c.side + 2*quiet)
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ` + side + " " + side + `"`)
	if pixels > 0 {
		length := strconv.Itoa(pixels)
		b.WriteString(` width="` + length + `" height="` + length + `" style="max-width:100%;max-height:100%"`)
	}
	b.WriteString(` role="img" shape-rendering="crispEdges">`)
	if title != "" {
		b.WriteString("<title>")
		_ = xml.EscapeText(&b, []byte(title)) // a buffer takes everything
		b.WriteString("</title>")
	}
	b.WriteString(`<path fill="#fff" d="M0 0h` + side + "v" + side + `H0z"/><path d="`)
	c.runs(func(x, y, length int) {
		b.WriteString("M" + strconv.Itoa(x+quiet) + " " + strconv.Itoa(y+quiet) +
			"h" + strconv.Itoa(length) + "v1h-" + strconv.Itoa(length) + "z")
	})
	b.WriteString(`"/></svg>`)
	return b.Bytes()
}

// runs calls draw for every row of neighboring dark modules.
func (c Code) runs(draw func(x, y, length int)) {
	for y := range c.side {
		for x := 0; x < c.side; x++ {
			start := x
			for c.Dark(x, y) {
				x++
			}
			if x > start {
				draw(start, y, x-start)
			}
		}
	}
}
