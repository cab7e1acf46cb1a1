package drawing

// Parts that several scenes share.

// spine is a standing book seen from its back, its foot at x, y.
func (c *canvas) spine(x, y, w, h float64, cover tone) {
	body := rounded(x, y-h, w, h, 7)
	c.cut(body, across(x, x+w, cover.lighter(0.14), cover.darker(0.14)), 9)
	band := cover.lighter(0.62)
	switch c.chance.next() % 4 {
	case 0:
		c.fill(rect(x, y-h*0.88, w, 9).and(rect(x, y-h*0.84, w, 4), rect(x, y-h*0.14, w, 9)), band)
	case 1:
		c.fill(rounded(x+w*0.24, y-h*0.80, w*0.52, h*0.34, 4), band)
		c.fill(rect(x+w*0.36, y-h*0.74, w*0.28, 5).and(rect(x+w*0.36, y-h*0.69, w*0.28, 5)), cover)
	case 2:
		c.fill(circle(x+w/2, y-h*0.16, w*0.2), band)
		c.fill(rect(x+w*0.44, y-h*0.86, w*0.12, h*0.5), band)
	default:
		c.fill(rect(x, y-h*0.2, w, 6).and(rect(x, y-h*0.17, w, 6), rect(x, y-h*0.14, w, 6)), band)
		c.fill(rect(x+w*0.3, y-h*0.82, w*0.4, h*0.28), band.thin(0.85))
	}
}

// lying is a book that lies flat with its back to us, its lower left corner
// at x, y.
func (c *canvas) lying(x, y, w, h float64, cover tone) {
	c.cut(rounded(x, y-h, w, h, 12), down(y-h, y, cover.lighter(0.12), cover.darker(0.12)), 14)
	c.fill(rect(x+w*0.82, y-h+10, w*0.18, h-20), hex(0xf6ead2))
	for i := 1.0; i < 4; i++ {
		c.fill(rect(x+w*0.82, y-h+10+(h-20)*i/4, w*0.18, 2), hex(0xd9c6a0))
	}
	c.fill(rect(x+w*0.09, y-h, 10, h).and(rect(x+w*0.12, y-h, 5, h)), cover.lighter(0.6))
	c.fill(rounded(x+w*0.26, y-h*0.58, w*0.3, h*0.16, 4), cover.lighter(0.6))
}

// tree is a round crown on a trunk whose foot is at x, y.
func (c *canvas) tree(x, y, size float64, crown tone) {
	c.fill(polygon(x-size*0.05, y, x-size*0.025, y-size*0.9, x+size*0.025, y-size*0.9, x+size*0.05, y), hex(0x4a3430))
	c.cut(ellipse(x, y-size*1.05, size*0.42, size*0.55), down(y-size*1.6, y-size*0.5, crown.lighter(0.18), crown.darker(0.12)), size*0.05)
	c.fill(curve(size*0.022, x, y-size*0.5, x, y-size*1.2).and(
		line(size*0.016, x, y-size*0.75, x+size*0.18, y-size*0.98),
		line(size*0.016, x, y-size*0.9, x-size*0.17, y-size*1.12)), hex(0x4a3430).thin(0.75))
}

// fir is a pointed tree of three tiers.
func (c *canvas) fir(x, y, size float64, needles tone) {
	c.fill(rect(x-size*0.04, y-size*0.2, size*0.08, size*0.2), hex(0x4a3430))
	for i := range 3 {
		k := float64(i)
		half, foot := size*(0.36-0.08*k), y-size*(0.16+0.36*k)
		c.cut(polygon(x-half, foot, x, foot-size*0.62, x+half, foot), needles.lighter(0.06*k), size*0.03)
	}
}

// cloud is a flat cloud about w wide.
func (c *canvas) cloud(x, y, w float64, body tone) {
	c.fill(ellipse(x, y, w*0.5, w*0.10).and(ellipse(x-w*0.15, y-w*0.07, w*0.2, w*0.12), ellipse(x+w*0.12, y-w*0.09, w*0.25, w*0.15)), body)
}

// glow is soft light about a point.
func (c *canvas) glow(x, y, r float64, light tone) {
	c.fill(circle(x, y, r), radial{x, y, r, light, light.thin(0)})
}

// stars are small lights above a height.
func (c *canvas) stars(n int, bottom float64) {
	for range n {
		x, y, r := c.chance.between(0, c.w), c.chance.between(0, bottom), c.chance.between(1.2, 4)
		c.fill(circle(x, y, r), hex(0xfff1cf).thin(c.chance.between(0.35, 0.95)))
	}
}

// openBook is an open book seen from above the edge, its middle at x, y.
func (c *canvas) openBook(x, y, w float64, cover tone) {
	h := w * 0.30
	c.cut(polygon(x-w*0.53, y-h*0.62, x+w*0.53, y-h*0.62, x+w*0.58, y+h*0.66, x-w*0.58, y+h*0.66), cover, w*0.04)
	left := smoothPage(x, y, -w*0.52, h)
	right := smoothPage(x, y, w*0.52, h)
	c.fill(left, across(x-w*0.52, x, hex(0xfffaf0), hex(0xe6d5b4)))
	c.fill(right, across(x, x+w*0.52, hex(0xd9c5a0), hex(0xfffaf0)))
	for i := range 7 {
		k := float64(i) / 8
		yy := y - h*0.34 + h*0.82*k
		run := w * (0.40 + 0.03*k)
		c.fill(curve(w*0.007, x-w*0.05, yy-h*0.03, x-w*0.25, yy-h*0.10, x-w*0.05-run, yy-h*0.02), hex(0x6d5a4e).thin(0.55))
		c.fill(curve(w*0.007, x+w*0.05, yy-h*0.03, x+w*0.25, yy-h*0.10, x+w*0.05+run, yy-h*0.02), hex(0x6d5a4e).thin(0.55))
	}
}

// smoothPage is one half of an open book; a negative width is the left one.
func smoothPage(x, y, w, h float64) path {
	top := spline([]point{{x, y - h*0.5}, {x + w*0.45, y - h*0.72}, {x + w*0.98, y - h*0.56}}, false)
	foot := spline([]point{{x + w*1.05, y + h*0.56}, {x + w*0.48, y + h*0.42}, {x, y + h*0.66}}, false)
	return path{append(top, foot...)}
}
