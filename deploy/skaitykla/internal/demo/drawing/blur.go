package drawing

import "image"

// blurRows replaces every value by the mean of its neighbors in the row.
func blurRows(m *image.Alpha, radius int) {
	w := m.Rect.Dx()
	line := make([]uint8, w)
	for y := range m.Rect.Dy() {
		row := m.Pix[y*m.Stride : y*m.Stride+w]
		copy(line, row)
		blurLine(row, line, 1, radius)
	}
}

// blurColumns does the same along the columns.
func blurColumns(m *image.Alpha, radius int) {
	h := m.Rect.Dy()
	line := make([]uint8, h)
	for x := range m.Rect.Dx() {
		for y := range h {
			line[y] = m.Pix[y*m.Stride+x]
		}
		blurLine(m.Pix[x:], line, m.Stride, radius)
	}
}

// blurLine writes the running mean of a line; what lies outside counts as 0.
func blurLine(to, line []uint8, stride, radius int) {
	sum, width := 0, 2*radius+1
	for i := range min(radius, len(line)) {
		sum += int(line[i])
	}
	for i := range line {
		if in := i + radius; in < len(line) {
			sum += int(line[in])
		}
		if out := i - radius - 1; out >= 0 {
			sum -= int(line[out])
		}
		to[i*stride] = uint8(sum / width) //nolint:gosec // a mean of bytes
	}
}
