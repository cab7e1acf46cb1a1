package drawing

// facade is the library at dusk with its windows lit.
func facade(c *canvas) {
	c.all(down(0, 900, hex(0x27305e), hex(0xf0926b)))
	c.glow(900, 860, 900, hex(0xffc98a).thin(0.55))
	c.stars(60, 420)
	c.fill(crescent(1500, 190, 58).turn(-25, 1500, 190), hex(0xfff1cf))
	c.fill(ridge(960, -20, 800, 200, 740, 420, 790, 1300, 760, 1600, 730, 1820, 780), hex(0x5d3f68).thin(0.8))
	c.fill(ridge(1000, -20, 920, 130, 890, 300, 925, 1500, 925, 1680, 888, 1820, 920), hex(0x34284f))
	stone := hex(0x463a63)
	c.cut(rect(270, 470, 1260, 460), down(470, 930, stone.lighter(0.08), stone), 16)
	c.cut(rect(250, 440, 1300, 40), stone.lighter(0.16), 10)
	for i := range 3 {
		for _, x := range []float64{320, 1260} {
			c.lit(x+float64(i)*80-10+float64(i)*2, 540, 58, 130)
			c.lit(x+float64(i)*80-10+float64(i)*2, 740, 58, 130)
		}
	}
	c.cut(polygon(560, 400, 900, 210, 1240, 400), down(210, 400, stone.lighter(0.24), stone.lighter(0.1)), 18)
	c.fill(polygon(650, 382, 900, 242, 1150, 382), stone.darker(0.15))
	c.openBook(900, 345, 150, hex(0xf6c877))
	c.cut(rect(550, 400, 700, 56), stone.lighter(0.2), 12)
	c.fill(rect(590, 456, 620, 440), down(456, 896, hex(0x2c2346), hex(0x3a2c50)))
	for _, x := range []float64{660, 1068} {
		c.lit(x, 530, 72, 130)
		c.lit(x, 720, 72, 130)
	}
	c.lit(840, 510, 120, 110)
	c.cut(path{append(arc(900, 730, 74, 74, 180, 360), point{974, 898}, point{826, 898})}, radial{900, 800, 170, hex(0xfff3c4), hex(0xf2a24e)}, 4)
	c.fill(rect(896, 656, 8, 242).and(rect(826, 726, 148, 7)), hex(0x7a4632))
	for _, x := range []float64{590, 752, 1000, 1162} {
		c.cut(rect(x, 470, 48, 420), across(x, x+48, stone.lighter(0.34), stone.lighter(0.08)), 10)
		c.fill(rect(x-10, 456, 68, 20).and(rect(x-10, 880, 68, 20)), stone.lighter(0.3))
	}
	for i := range 4 {
		k := float64(i)
		c.cut(rect(560-k*42, 898+k*24, 680+k*84, 26), stone.lighter(0.30-0.05*k), 6)
	}
	c.square()
}

// lit is a window with light in it.
func (c *canvas) lit(x, y, w, h float64) {
	c.glow(x+w/2, y+h/2, h*1.1, hex(0xffcf7a).thin(0.20))
	c.fill(rounded(x, y, w, h, 6), down(y, y+h, hex(0xffe7a6), hex(0xf4ad55)))
	c.fill(rect(x+w/2-3, y, 6, h).and(rect(x, y+h*0.36, w, 6)), hex(0x5a3f4f))
}

// square is the wet pavement before the house, with trees and street lamps.
func (c *canvas) square() {
	c.fill(rect(0, 992, 1800, 208), down(992, 1200, hex(0x3a2f55), hex(0x231c3c)))
	c.fill(polygon(620, 994, 1180, 994, 1330, 1200, 470, 1200), down(994, 1200, hex(0xffc477).thin(0.55), hex(0xffc477).thin(0.05)))
	for range 26 {
		x, y := c.chance.between(380, 1420), c.chance.between(1010, 1190)
		c.fill(rounded(x, y, c.chance.between(40, 150), 4, 2), hex(0xffdca0).thin(0.35))
	}
	for _, t := range []point{{90, 330}, {1720, 350}} {
		c.fill(rect(t.x-10, 760, 20, 240), hex(0x1c1733))
		c.cut(ellipse(t.x, 690, t.y*0.38, t.y*0.72), down(440, 940, hex(0x5a3a5e), hex(0x2a2142)), 12)
	}
	for _, x := range []float64{230, 1570} {
		c.glow(x, 690, 190, hex(0xffd88a).thin(0.55))
		c.fill(rect(x-6, 700, 12, 320).and(rounded(x-24, 1010, 48, 16, 6)), hex(0x17132a))
		c.fill(circle(x, 686, 30), hex(0xfff0c2))
		c.fill(polygon(x-36, 660, x+36, 660, x, 632), hex(0x17132a))
	}
	ink := hex(0x17132a)
	for _, p := range []point{{700, 1096}, {748, 1100}, {1150, 1080}} {
		c.fill(ellipse(p.x, p.y+4, 30, 6), ink.thin(0.5))
		c.fill(smooth(p.x, p.y-104, p.x-20, p.y-84, p.x-22, p.y-30, p.x-12, p.y, p.x+12, p.y, p.x+22, p.y-30, p.x+20, p.y-84).and(circle(p.x, p.y-116, 15)), ink)
	}
}
