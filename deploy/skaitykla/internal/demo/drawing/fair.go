package drawing

// fair is a row of book stalls under strings of lights.
func fair(c *canvas) {
	c.all(down(0, 900, hex(0x2b3a67), hex(0xd9809a)))
	c.glow(900, 800, 900, hex(0xffc98a).thin(0.5))
	c.stars(26, 220)
	for i, x := range []float64{-40, 170, 360, 620, 830, 1080, 1260, 1500, 1660} {
		h := 210 + float64(i*67%130)
		c.fill(polygon(x, 900, x, 860-h, x+110, 780-h, x+220, 860-h, x+220, 900), hex(0x4a3c6b).thin(0.85))
		c.fill(rect(x+50, 880-h, 28, 40).and(rect(x+130, 880-h, 28, 40)), hex(0xffd08a).thin(0.8))
	}
	c.fill(rect(0, 880, 1800, 320), down(880, 1200, hex(0x7a5470), hex(0x3c2c4f)))
	c.fill(ellipse(900, 1090, 980, 150), radial{900, 1090, 980, hex(0xffc98a).thin(0.45), hex(0xffc98a).thin(0)})
	c.stall(70, hex(0xe0523a))
	c.stall(650, hex(0x2f8f86))
	c.stall(1230, hex(0xeaa33b))
	c.lights(150)
	c.lights(60)
	for _, p := range []struct {
		x, k       float64
		coat, hair tone
	}{{560, 1.0, hex(0x2f5f8f), hex(0x3a2622)}, {1155, 1.05, hex(0xc8405a), hex(0x6b3a2a)}, {1250, 0.72, hex(0xf0c04a), hex(0x3a2622)}} {
		c.visitor(p.x, 1140, p.k, p.coat, p.hair)
	}
}

func (c *canvas) stall(x float64, awning tone) {
	c.fill(rect(x+16, 480, 18, 560).and(rect(x+466, 480, 18, 560)), hex(0x5a3a34))
	c.fill(rect(x+34, 520, 432, 330), down(520, 850, hex(0xffd795).thin(0.9), hex(0xe8a060).thin(0.9)))
	covers := []tone{hex(0xe0523a), hex(0x2f8f86), hex(0xf7e2b4), hex(0x3b5c8f), hex(0x8f3346), hex(0xeaa33b)}
	c.fill(rect(x+34, 668, 432, 12), hex(0x8c5a3f))
	for bx := x + 46; bx < x+430; {
		w := c.chance.between(22, 40)
		c.spine(bx, 668, w, c.chance.between(84, 122), c.chance.pick(covers))
		bx += w + 2
	}
	for i := range 4 {
		bx := x + 60 + float64(i)*104
		for k := range 2 + int(c.chance.next()%3) {
			c.lying(bx, 850-float64(k)*30, 88-float64(k)*4, 30, c.chance.pick(covers))
		}
	}
	c.cut(rect(x, 850, 500, 190), down(850, 1040, hex(0xfbe6c2), hex(0xdfb98c)), 16)
	for i := range 6 {
		c.fill(rect(x+float64(i)*84+38, 850, 6, 190), hex(0xc99f73).thin(0.6))
	}
	c.cut(rect(x-12, 836, 524, 24), hex(0x8c5a3f), 10)
	c.openBook(x+250, 955, 150, awning)
	for i := range 6 {
		k := float64(i)
		color := awning
		if i%2 == 1 {
			color = hex(0xfff3da)
		}
		top, foot := x+40+k*70, x-20+k*90
		flap := path{append([]point{{top, 400}, {top + 70, 400}, {foot + 90, 520}}, arc(foot+45, 520, 45, 34, 0, 180)...)}
		c.cut(flap, down(400, 550, color.lighter(0.1), color.darker(0.1)), 7)
	}
}

// lights is a string of bulbs across the picture.
func (c *canvas) lights(y float64) {
	sag := func(x float64) float64 { return y + 120 - (x-900)*(x-900)/6800 }
	for x := -20.0; x < 1820; x += 60 {
		c.fill(line(4, x, sag(x), x+60, sag(x+60)), hex(0x241c3c))
	}
	for x := 40.0; x < 1800; x += 120 {
		c.glow(x, sag(x)+18, 62, hex(0xffe3a0).thin(0.55))
		c.fill(circle(x, sag(x)+18, 13), hex(0xfff3cc))
	}
}

// visitor stands before a stall, seen from behind.
func (c *canvas) visitor(x, foot, k float64, coat, hair tone) {
	at := func(p path) path { return p.scale(k, 0, 0).move(x, foot) }
	c.fill(at(ellipse(0, 0, 90, 16)), hex(0x1b1330).thin(0.4))
	c.cut(at(rounded(-44, -130, 36, 130, 14).and(rounded(8, -130, 36, 130, 14))), hex(0x2a2440), 6)
	c.cut(at(smooth(0, -340, -62, -318, -86, -220, -82, -100, 0, -92, 82, -100, 86, -220, 62, -318)), down(foot-340*k, foot-90*k, coat.lighter(0.12), coat.darker(0.15)), 12)
	c.cut(at(rounded(-56, -356, 112, 40, 20)), hex(0xfff3da), 5)
	c.cut(at(ellipse(0, -404, 54, 60)), hair, 8)
	c.cut(at(rounded(66, -220, 76, 90, 8)), hex(0xf7e2b4), 8)
	c.fill(at(ring(104, -222, 26, 6)), hex(0x8c5a3f))
}
