package drawing

// market is the market square on a market day, long ago.
func market(c *canvas) {
	c.sepiaSky(700)
	c.cut(ridge(900, -20, 600, 400, 560, 900, 600, 1400, 560, 1820, 600), sepia(0.22), 6)
	c.tower(1290, 700)
	for i, h := range [][3]float64{{20, 210, 190}, {240, 180, 230}, {440, 240, 180}, {700, 200, 240}, {930, 230, 200}, {1540, 220, 220}, {1750, 200, 190}} {
		c.house(h[0], 730, h[1]*0.86, h[2], sepia(0.14+0.08*float64(i%4)))
	}
	c.fill(rect(0, 726, 1800, 480), down(726, 1200, sepia(0.16), sepia(0.42)))
	for range 240 {
		y := c.chance.between(736, 1190)
		k := (y - 700) / 500
		x := c.chance.between(-20, 1800)
		c.fill(ellipse(x, y, 6+24*k, 2+6*k), sepia(c.chance.between(0.2, 0.5)).thin(0.4))
	}
	c.well(900, 880)
	for _, p := range [][3]float64{{160, 830, 110}, {228, 836, 104}, {640, 824, 108}, {1180, 836, 112}, {1250, 838, 102}, {1640, 828, 110}, {1500, 850, 112}} {
		c.person(p[0], p[1], p[2], int(p[0])%4 != 0)
	}
	c.booth(270, 1010, sepia(0.1), sepia(0.66))
	c.booth(1180, 1030, sepia(0.62), sepia(0.08))
	for i, p := range [][3]float64{{150, 1090, 210}, {720, 1080, 206}, {800, 1086, 190}, {1090, 1110, 216}, {1660, 1100, 214}} {
		c.person(p[0], p[1], p[2], i%2 == 0)
	}
	c.cut(smooth(560, 1110, 548, 1062, 580, 1040, 640, 1040, 672, 1062, 660, 1110), across(548, 672, sepia(0.4), sepia(0.66)), 6)
	for i := range 4 {
		c.fill(circle(580+float64(i)*22, 1042, 17), sepia(0.12+0.1*float64(i%3)))
	}
	c.print()
}

// well stands in the middle of the square.
func (c *canvas) well(x, y float64) {
	c.fill(ellipse(x, y, 110, 20), sepia(1).thin(0.3))
	c.fill(rect(x-70, y-170, 12, 130).and(rect(x+58, y-170, 12, 130), rect(x-70, y-120, 140, 8)), sepia(0.7))
	c.fill(line(4, x, y-116, x, y-70), sepia(0.8))
	c.cut(polygon(x-100, y-160, x, y-230, x+100, y-160), sepia(0.74), 8)
	c.cut(rounded(x-86, y-70, 172, 72, 14), across(x-86, x+86, sepia(0.2), sepia(0.5)), 8)
	for i := range 3 {
		c.fill(rect(x-86, y-52+float64(i)*20, 172, 3), sepia(0.66).thin(0.6))
	}
}

// booth is a market booth with a striped awning.
func (c *canvas) booth(x, foot float64, one, two tone) {
	c.fill(ellipse(x+170, foot+66, 240, 22), sepia(1).thin(0.28))
	c.fill(rect(x, foot-230, 12, 290).and(rect(x+328, foot-230, 12, 290)), sepia(0.76))
	c.person(x+180, foot+10, 200, true)
	c.cut(rect(x-6, foot-60, 352, 120), across(x, x+340, sepia(0.3), sepia(0.52)), 10)
	for i := range 8 {
		c.cut(circle(x+34+float64(i)*38, foot-72, 20), radial{x + 28 + float64(i)*38, foot - 80, 30, sepia(0.04), sepia(0.34)}, 3)
	}
	awning := polygon(x+10, foot-320, x+330, foot-320, x+376, foot-226, x-36, foot-226)
	c.cut(awning, striped{one, two, 44}, 12)
	for i := range 9 {
		color := one
		if i%2 == 1 {
			color = two
		}
		c.fill(pie(x-36+46*(float64(i)+0.5)-1, foot-228, 23, 22, 0, 180), color.darker(0.08))
	}
}
