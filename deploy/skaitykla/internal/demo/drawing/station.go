package drawing

// station is a small railway station with a steam train, long ago.
func station(c *canvas) {
	c.sepiaSky(760)
	c.cut(ridge(1200, -20, 700, 300, 640, 700, 690, 1200, 630, 1820, 690), sepia(0.24), 6)
	c.cut(ridge(1200, -20, 760, 500, 720, 1000, 750, 1820, 720), sepia(0.34), 8)
	for i := range 9 {
		c.fir(1000+float64(i)*100, 780, c.chance.between(120, 190), sepia(0.5))
	}
	c.fill(rect(0, 770, 1800, 430), down(770, 1200, sepia(0.22), sepia(0.5)))
	wall := sepia(0.16)
	c.cut(rect(150, 480, 620, 340), across(150, 770, wall, wall.darker(0.14)), 12)
	c.cut(polygon(110, 490, 230, 340, 690, 340, 810, 490), sepia(0.68), 12)
	c.cut(rect(560, 290, 46, 90).and(rect(280, 300, 46, 80)), sepia(0.6), 6)
	for i := range 5 {
		x := 196 + float64(i)*114
		if i == 2 {
			c.fill(rect(x-2, 610, 76, 210), sepia(0.76))
			continue
		}
		c.fill(rounded(x-6, 574, 80, 136, 34), sepia(0.02))
		c.fill(rounded(x, 580, 68, 124, 30), sepia(0.76))
		c.fill(rect(x+31, 580, 5, 124).and(rect(x, 634, 68, 5)), sepia(0.02))
	}
	c.cut(circle(460, 428, 46), sepia(0.03), 6)
	c.fill(ring(460, 428, 42, 6).and(line(6, 460, 428, 460, 400), line(6, 460, 428, 482, 438)), sepia(0.8))
	c.cut(polygon(120, 800, 900, 800, 980, 870, 60, 870), sepia(0.14), 10)
	c.person(250, 846, 150, true)
	c.person(318, 850, 142, false)
	c.person(620, 848, 152, true)
	c.cut(rounded(672, 812, 70, 40, 6), sepia(0.7), 5)
	c.train()
	for x := -20.0; x < 1820; x += 58 {
		c.fill(polygon(x, 1068, x+34, 1068, x+24, 1110, x-14, 1110), sepia(0.72))
	}
	c.fill(rect(0, 1056, 1800, 12).and(rect(0, 1092, 1800, 14)), sepia(0.88))
	c.print()
}

func (c *canvas) train() {
	ink := sepia(0.9)
	for i, p := range [][3]float64{{1450, 520, 50}, {1390, 440, 76}, {1290, 360, 104}, {1150, 300, 124}, {990, 250, 132}, {840, 220, 110}} {
		c.fill(circle(p[0], p[1], p[2]), radial{p[0], p[1], p[2], sepia(0.02).thin(0.85 - 0.09*float64(i)), sepia(0.02).thin(0)})
	}
	c.cut(rounded(760, 790, 330, 220, 14), down(790, 1010, sepia(0.6), sepia(0.78)), 12)
	for i := range 3 {
		c.fill(rounded(790+float64(i)*98, 824, 72, 72, 10), sepia(0.08))
	}
	c.fill(rect(750, 784, 350, 16), ink)
	c.cut(rect(1130, 740, 190, 270), sepia(0.8), 12)
	c.fill(rect(1160, 780, 90, 96), sepia(0.1))
	c.cut(rounded(1112, 722, 230, 30, 10), ink, 8)
	c.cut(rounded(1310, 806, 300, 160, 30), down(806, 966, sepia(0.55), ink), 12)
	c.fill(rect(1370, 806, 12, 160).and(rect(1470, 806, 12, 160)), sepia(0.4))
	c.cut(polygon(1512, 812, 1500, 640, 1590, 640, 1578, 812), ink, 8)
	c.fill(rounded(1488, 620, 114, 26, 8), sepia(0.6))
	c.cut(pie(1420, 812, 42, 46, 180, 360), sepia(0.45), 6)
	c.cut(circle(1622, 870, 26), sepia(0.06), 5)
	c.fill(polygon(1600, 970, 1690, 1056, 1560, 1056, 1560, 970), ink)
	c.fill(rect(740, 990, 880, 30), ink)
	for _, w := range [][2]float64{{830, 40}, {1020, 40}, {1190, 62}, {1330, 62}, {1470, 62}, {1585, 38}} {
		c.cut(circle(w[0], 1060-w[1], w[1]), ink, 5)
		c.fill(ring(w[0], 1060-w[1], w[1]-10, 6).and(circle(w[0], 1060-w[1], 9)), sepia(0.35))
	}
	c.fill(line(14, 1190, 1010, 1470, 1010), sepia(0.35))
}
