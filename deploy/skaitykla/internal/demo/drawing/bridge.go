package drawing

// bridge is a stone bridge over the river, long ago.
func bridge(c *canvas) {
	c.sepiaSky(640)
	c.cut(ridge(900, -20, 560, 300, 480, 620, 550, 1000, 470, 1400, 540, 1820, 480), sepia(0.2), 6)
	for i := range 6 {
		x := 60 + float64(i)*150
		c.house(x, 660+float64(i%2)*14, 110+float64(i*37%40), 100, sepia(0.24+0.05*float64(i%3)))
	}
	c.tower(1130, 660)
	for _, x := range []float64{1290, 1400, 1530, 1660, 1760} {
		c.tree(x, 690, c.chance.between(130, 190), sepia(0.46))
	}
	c.fill(rect(0, 650, 1800, 550), down(650, 1200, sepia(0.14), sepia(0.5)))
	c.cut(ridge(760, -20, 690, 250, 700, 420, 740, 460, 760), sepia(0.44), 6)
	c.cut(ridge(760, 1380, 760, 1500, 710, 1820, 690), sepia(0.44), 6)
	stone := sepia(0.36)
	arches := path{}
	for i := range 3 {
		x := 450 + float64(i)*450
		arches = arches.and(path{append(arc(x, 840, 176, 190, 180, 360), point{x + 176, 940}, point{x - 176, 940})})
		c.fill(path{append(arc(x, 944, 176, 150, 0, 180), point{x - 176, 930}, point{x + 176, 930})}, sepia(0.06).thin(0.5))
	}
	deck := append(spline([]point{{-60, 640}, {450, 570}, {900, 546}, {1350, 570}, {1860, 640}}, false), point{1860, 940}, point{-60, 940})
	c.cut(path{deck}.except(arches), down(540, 940, stone.lighter(0.18), stone.darker(0.22)), 18)
	for i := range 3 {
		x := 450 + float64(i)*450
		for k := range 13 {
			c.fill(line(5, x-182, 840, x-214, 840).turn(float64(k)*15, x, 840), sepia(0.7).thin(0.6))
		}
	}
	c.cut(curve(26, -60, 626, 450, 556, 900, 532, 1350, 556, 1860, 626), stone.lighter(0.3), 8)
	c.person(640, 544, 96, true)
	c.person(700, 541, 90, false)
	c.person(1130, 543, 96, true)
	for range 70 {
		x, y := c.chance.between(-50, 1750), c.chance.between(960, 1180)
		c.fill(rounded(x, y, c.chance.between(40, 190), 4, 2), sepia(c.chance.between(0, 0.1)).thin(0.45))
	}
	c.rower(880, 1080)
	c.print()
}

// tower is a church with a pointed spire, its foot at x, y.
func (c *canvas) tower(x, y float64) {
	c.cut(rect(x+60, y-150, 150, 150), sepia(0.22), 8)
	c.cut(polygon(x+44, y-144, x+130, y-220, x+226, y-144), sepia(0.6), 8)
	c.cut(rect(x-10, y-290, 84, 290), across(x-10, x+74, sepia(0.12), sepia(0.32)), 10)
	c.cut(polygon(x-24, y-286, x+32, y-470, x+88, y-286), across(x-24, x+88, sepia(0.5), sepia(0.74)), 8)
	c.fill(rounded(x+16, y-260, 32, 66, 16).and(rounded(x+16, y-130, 32, 60, 16), rounded(x+120, y-110, 34, 70, 17)), sepia(0.76))
}

// rower is a small boat with somebody in it.
func (c *canvas) rower(x, y float64) {
	ink := sepia(0.84)
	c.fill(ellipse(x, y+26, 190, 12), sepia(1).thin(0.3))
	c.fill(line(7, x-20, y-30, x-210, y+40).and(line(7, x+10, y-30, x+190, y+46)), ink)
	c.cut(smooth(x, y-96, x-34, y-70, x-40, y+4, x+40, y+4, x+34, y-70), sepia(0.5), 6)
	c.fill(circle(x, y-118, 22), sepia(0.34))
	c.fill(rect(x-34, y-134, 68, 7).and(rounded(x-22, y-156, 44, 26, 6)), ink)
	c.cut(path{spline([]point{{x - 190, y - 24}, {x - 100, y + 4}, {x + 100, y + 4}, {x + 190, y - 24}, {x + 130, y + 34}, {x - 130, y + 34}}, true)}, across(x-190, x+190, sepia(0.62), sepia(0.84)), 8)
}
