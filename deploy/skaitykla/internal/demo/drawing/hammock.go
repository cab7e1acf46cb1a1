package drawing

// hammock is a reader's summer: a hammock by a lake.
func hammock(c *canvas) {
	c.all(down(0, 620, hex(0x8fd0d0), hex(0xfdf0c4)))
	c.glow(960, 380, 460, hex(0xfffbe0))
	c.fill(circle(960, 380, 104), hex(0xffe08a))
	c.cloud(500, 190, 360, hex(0xffffff).thin(0.75))
	c.cloud(1330, 240, 420, hex(0xffffff).thin(0.65))
	c.cut(ridge(700, -20, 520, 240, 440, 500, 520, 820, 460, 1100, 520, 1420, 430, 1820, 520), hex(0x8cbf9f), 8)
	for i := range 15 {
		x := 20 + float64(i)*128
		c.fir(x, 600, c.chance.between(110, 170), hex(0x4f957f))
	}
	c.fill(rect(0, 596, 1800, 300), down(596, 880, hex(0x7fc4c9), hex(0x3f93a3)))
	for range 30 {
		x, y := c.chance.between(0, 1700), c.chance.between(620, 860)
		c.fill(rounded(x, y, c.chance.between(50, 160), 5, 2), hex(0xffffff).thin(0.32))
	}
	c.fill(polygon(880, 600, 1040, 600, 1100, 880, 820, 880), down(600, 880, hex(0xffeeb0).thin(0.6), hex(0xffeeb0).thin(0)))
	c.boat(1330, 690, 60, 3, hex(0xfff8ea))
	c.cut(ridge(1200, -20, 880, 400, 850, 900, 890, 1400, 850, 1820, 900), down(850, 1200, hex(0x7fb866), hex(0x3f8a5c)), 14)
	bark := hex(0x6b4433)
	for _, x := range []float64{250, 1560} {
		c.cut(polygon(x-52, 1100, x-34, -20, x+34, -20, x+52, 1100, x+90, 1130, x-90, 1130), across(x-50, x+50, bark.lighter(0.12), bark.darker(0.2)), 18)
		for y := 80.0; y < 1050; y += 130 {
			c.fill(curve(6, x-14, y, x-4, y+40, x-16, y+80).and(curve(5, x+16, y+50, x+22, y+80, x+12, y+110)), bark.darker(0.4))
		}
	}
	c.crowns()
	c.flowers()
	c.fill(line(9, 290, 560, 450, 690).and(line(9, 1520, 560, 1360, 690), line(6, 290, 560, 480, 720), line(6, 1520, 560, 1330, 720)), hex(0xf6e7c4))
	sling := path{append(spline([]point{{440, 680}, {640, 850}, {905, 905}, {1170, 850}, {1370, 680}}, false), spline([]point{{1370, 700}, {1180, 990}, {905, 1060}, {630, 990}, {440, 700}}, false)...)}
	c.cut(sling, striped{hex(0xe0623c), hex(0xfbe8c6), 74}, 24)
	c.cut(rounded(560, 740, 210, 130, 54).turn(28, 660, 800), hex(0xf2c14e), 12)
	c.openBook(960, 880, 300, hex(0x2f6f8f))
	c.lying(760, 1120, 260, 50, hex(0x8f3346))
	c.lying(780, 1070, 220, 44, hex(0xeaa33b))
}

func (c *canvas) crowns() {
	green := hex(0x4f9a68)
	for i, p := range [][3]float64{{60, 60, 230}, {330, -10, 260}, {520, 60, 160}, {1460, -20, 250}, {1740, 70, 240}, {1290, 40, 150}} {
		c.cut(circle(p[0], p[1], p[2]), down(p[1]-p[2], p[1]+p[2], green.lighter(0.22), green.darker(0.06*float64(1+i%3))), 16)
	}
}

func (c *canvas) flowers() {
	for range 34 {
		x, y := c.chance.between(10, 1790), c.chance.between(960, 1190)
		c.fill(curve(4, x, y, x+3, y-20, x, y-38), hex(0x2d6a4a))
		petal := c.chance.pick([]tone{hex(0xfff8ea), hex(0xf2c14e), hex(0xe0623c)})
		for k := range 5 {
			c.fill(ellipse(x, y-52, 6, 11).turn(float64(k)*72, x, y-42), petal)
		}
		c.fill(circle(x, y-42, 6), hex(0xd98a2b))
	}
}
