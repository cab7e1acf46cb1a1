package drawing

import "math"

// tone is a color with its opacity, each from 0 to 1.
type tone struct{ r, g, b, a float64 }

// hex is an opaque color written 0xrrggbb.
func hex(v uint32) tone {
	const most = 255
	return tone{float64(v>>16&most) / most, float64(v>>8&most) / most, float64(v&most) / most, 1}
}

// thin is the color with another opacity.
func (t tone) thin(a float64) tone {
	t.a = a
	return t
}

// mix goes from the color (0) to another one (1).
func (t tone) mix(u tone, k float64) tone {
	return tone{t.r + (u.r-t.r)*k, t.g + (u.g-t.g)*k, t.b + (u.b-t.b)*k, t.a + (u.a-t.a)*k}
}

func (t tone) darker(k float64) tone  { return t.mix(hex(0x1a1420), k) }
func (t tone) lighter(k float64) tone { return t.mix(hex(0xfff8ec), k) }

// paint gives the color of every point.
type paint interface{ at(x, y float64) tone }

func (t tone) at(_, _ float64) tone { return t }

// linear runs from one color at a point to another one at a second point.
type linear struct {
	x0, y0, x1, y1 float64
	from, to       tone
}

func (l linear) at(x, y float64) tone {
	dx, dy := l.x1-l.x0, l.y1-l.y0
	k := ((x-l.x0)*dx + (y-l.y0)*dy) / (dx*dx + dy*dy)
	return l.from.mix(l.to, min(max(k, 0), 1))
}

// down runs from top to bottom between two heights.
func down(y0, y1 float64, from, to tone) linear { return linear{0, y0, 0, y1, from, to} }

// across runs from left to right.
func across(x0, x1 float64, from, to tone) linear { return linear{x0, 0, x1, 0, from, to} }

// radial runs from the middle of a circle to its rim.
type radial struct {
	x, y, r  float64
	from, to tone
}

func (c radial) at(x, y float64) tone {
	k := min(math.Sqrt((x-c.x)*(x-c.x)+(y-c.y)*(y-c.y))/c.r, 1)
	return c.from.mix(c.to, k*k*(3-2*k))
}

// dotted is a fabric: round dots in staggered rows on a ground.
type dotted struct {
	ground     paint
	dot        tone
	step, size float64
}

func (d dotted) at(x, y float64) tone {
	row := math.Floor(y / d.step)
	if int(row)%2 != 0 {
		x += d.step / 2
	}
	dx, dy := x-(math.Floor(x/d.step)+0.5)*d.step, y-(row+0.5)*d.step
	edge := min(max(d.size-math.Sqrt(dx*dx+dy*dy)+0.5, 0), 1)
	return d.ground.at(x, y).mix(d.dot, edge)
}

// striped is a fabric of upright stripes in two colors.
type striped struct {
	one, two tone
	step     float64
}

func (s striped) at(x, _ float64) tone {
	at := math.Mod(x, 2*s.step)
	edge := min(max(at-s.step+0.5, 0), 1)
	return s.one.mix(s.two, edge)
}
