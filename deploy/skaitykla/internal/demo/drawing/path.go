package drawing

import "math"

type point struct{ x, y float64 }

// path is a set of closed outlines of straight lines; curves are cut fine
// enough that nobody sees it. Outlines that run the same way unite, those
// that run against each other cut holes.
type path [][]point

// polygon is a closed outline of pairs x, y.
func polygon(xy ...float64) path {
	return path{pairs(xy)}
}

func pairs(xy []float64) []point {
	points := make([]point, 0, len(xy)/2)
	for i := 0; i+1 < len(xy); i += 2 {
		points = append(points, point{xy[i], xy[i+1]})
	}
	return points
}

func rect(x, y, w, h float64) path {
	return polygon(x, y, x+w, y, x+w, y+h, x, y+h)
}

// rounded is a rectangle with round corners of radius r.
func rounded(x, y, w, h, r float64) path {
	r = min(r, w/2, h/2)
	corners := []point{{x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}, {x + w - r, y + r}}
	var outline []point
	for i, c := range corners {
		outline = append(outline, arc(c.x, c.y, r, r, float64(i)*90, float64(i+1)*90)...)
	}
	return path{outline}
}

// arc is a part of an ellipse between two angles in degrees, clockwise.
func arc(x, y, rx, ry, from, to float64) []point {
	steps := max(6, int(math.Abs(to-from)/360*math.Sqrt(max(rx, ry))*9))
	points := make([]point, 0, steps+1)
	for i := range steps + 1 {
		a := (from + (to-from)*float64(i)/float64(steps)) * math.Pi / 180
		points = append(points, point{x + rx*math.Cos(a), y + ry*math.Sin(a)})
	}
	return points
}

func ellipse(x, y, rx, ry float64) path { return path{arc(x, y, rx, ry, 0, 360)} }

func circle(x, y, r float64) path { return ellipse(x, y, r, r) }

// pie is the part of an ellipse between two angles, closed by a straight line.
func pie(x, y, rx, ry, from, to float64) path { return path{arc(x, y, rx, ry, from, to)} }

// crescent is a waxing moon, open to the right.
func crescent(x, y, r float64) path {
	outer := arc(x, y, r, r, 45, 315)
	inner := arc(x+r*0.6, y, r*0.715, r*0.715, 278.2, 81.8)
	return path{append(outer, inner...)}
}

// ring is a circle line.
func ring(x, y, r, width float64) path {
	return path{arc(x, y, r+width/2, r+width/2, 0, 360), arc(x, y, r-width/2, r-width/2, 360, 0)}
}

// smooth is a closed round outline through the points.
func smooth(xy ...float64) path { return path{spline(pairs(xy), true)} }

// ridge is a soft line through the points with everything below it down to
// the given height.
func ridge(bottom float64, xy ...float64) path {
	line := spline(pairs(xy), false)
	return path{append(line, point{line[len(line)-1].x, bottom}, point{line[0].x, bottom})}
}

// spline cuts a Catmull-Rom curve through the points into short lines.
func spline(p []point, closed bool) []point {
	const steps = 14
	last := len(p) - 1
	at := func(i int) point {
		if closed {
			return p[(i+len(p))%len(p)]
		}
		return p[min(max(i, 0), last)]
	}
	var out []point
	for i := range p {
		if !closed && i == last {
			break
		}
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		for s := range steps {
			t := float64(s) / steps
			out = append(out, point{bend(a.x, b.x, c.x, d.x, t), bend(a.y, b.y, c.y, d.y, t)})
		}
	}
	if !closed {
		out = append(out, p[last])
	}
	return out
}

func bend(a, b, c, d, t float64) float64 {
	return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
}

// line is a stroke with round ends through the points.
func line(width float64, xy ...float64) path { return stroke(width, pairs(xy)) }

// curve is a soft stroke with round ends through the points.
func curve(width float64, xy ...float64) path { return stroke(width, spline(pairs(xy), false)) }

func stroke(width float64, p []point) path {
	h := width / 2
	out := circle(p[0].x, p[0].y, h)
	for i := 1; i < len(p); i++ {
		a, b := p[i-1], p[i]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		if length == 0 {
			continue
		}
		nx, ny := -(b.y-a.y)/length*h, (b.x-a.x)/length*h
		out = append(out, []point{{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}})
		out = append(out, circle(b.x, b.y, h)...)
	}
	return out
}

// and unites outlines.
func (p path) and(more ...path) path {
	out := append(path(nil), p...)
	for _, m := range more {
		out = append(out, m...)
	}
	return out
}

// except cuts outlines out.
func (p path) except(holes ...path) path {
	out := append(path(nil), p...)
	for _, hole := range holes {
		for _, outline := range hole {
			back := make([]point, len(outline))
			for i, pt := range outline {
				back[len(outline)-1-i] = pt
			}
			out = append(out, back)
		}
	}
	return out
}

func (p path) each(f func(point) point) path {
	out := make(path, len(p))
	for i, outline := range p {
		out[i] = make([]point, len(outline))
		for j, pt := range outline {
			out[i][j] = f(pt)
		}
	}
	return out
}

// move shifts the path.
func (p path) move(dx, dy float64) path {
	return p.each(func(pt point) point { return point{pt.x + dx, pt.y + dy} })
}

// turn rotates the path clockwise about a point.
func (p path) turn(degrees, x, y float64) path {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	return p.each(func(pt point) point {
		dx, dy := pt.x-x, pt.y-y
		return point{x + dx*cos - dy*sin, y + dx*sin + dy*cos}
	})
}

// scale resizes the path about a point.
func (p path) scale(k, x, y float64) path {
	return p.each(func(pt point) point { return point{x + (pt.x-x)*k, y + (pt.y-y)*k} })
}
