package worker

import "fmt"

// dominant returns the color, "#rrggbb", that most of the RGBA pixels are
// close to: the average of the fullest of 512 equal boxes of the color cube.
// What is transparent does not count; nothing visible gives white.
func dominant(rgba []byte) string {
	type box struct{ weight, r, g, b int }
	var boxes [512]box
	best := 0
	for i := 0; i+4 <= len(rgba); i += 4 {
		r, g, b, a := int(rgba[i]), int(rgba[i+1]), int(rgba[i+2]), int(rgba[i+3])
		at := r>>5<<6 | g>>5<<3 | b>>5
		boxes[at].weight += a
		boxes[at].r += a * r
		boxes[at].g += a * g
		boxes[at].b += a * b
		if boxes[at].weight > boxes[best].weight {
			best = at
		}
	}
	fullest := boxes[best]
	if fullest.weight == 0 {
		return "#ffffff"
	}
	w := fullest.weight
	return fmt.Sprintf("#%02x%02x%02x", (fullest.r+w/2)/w, (fullest.g+w/2)/w, (fullest.b+w/2)/w)
}
