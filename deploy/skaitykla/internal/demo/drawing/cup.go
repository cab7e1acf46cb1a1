package drawing

// cup is a stack of books with a steaming cup on it.
func cup(c *canvas) {
	c.all(down(0, 1200, hex(0x2d6a72), hex(0x214c57)))
	c.cut(circle(980, 520, 470), down(60, 980, hex(0xf7c873), hex(0xef8d4f)), 14)
	c.leaves(300, 960, 1)
	c.leaves(1600, 960, -1)
	table := hex(0xf3dfbd)
	c.cut(rect(-20, 960, 1840, 260), down(960, 1200, table, table.darker(0.16)), 22)
	c.lying(520, 1000, 860, 116, hex(0x8f3346))
	c.lying(580, 884, 760, 96, hex(0xf0d9a8))
	c.lying(540, 788, 800, 108, hex(0x2a4f7a))
	c.lying(620, 680, 640, 84, hex(0xd9572f))
	white := hex(0xfff6e6)
	for i, x := range []float64{850, 930, 1010} {
		y := 300 - 30*float64(i%2)
		c.fill(curve(16, x, y+80, x-26, y+20, x+22, y-50, x-12, y-120, x+16, y-180), down(y-190, y+90, white.thin(0), white.thin(0.75)))
	}
	c.cut(ring(1108, 480, 62, 28), down(400, 560, white, white.darker(0.15)), 10)
	bowl := path{append(append(arc(860, 520, 76, 76, 180, 90), arc(1000, 520, 76, 76, 90, 0)...), point{1086, 400}, point{774, 400})}
	c.cut(bowl, across(774, 1086, white, white.darker(0.16)), 16)
	c.fill(ellipse(930, 400, 156, 30), white.darker(0.08))
	c.fill(ellipse(930, 404, 138, 22), hex(0x7a4632))
	c.fill(curve(10, 840, 480, 880, 452, 930, 480, 980, 452, 1026, 480), hex(0xd9572f))
	c.fill(curve(10, 850, 520, 890, 492, 930, 520, 970, 492, 1016, 520), hex(0x2d6a72))
	c.glasses()
}

// leaves is a branch that grows from the table; side 1 leans right.
func (c *canvas) leaves(x, foot, side float64) {
	stem := hex(0x173a40)
	c.fill(curve(10, x, foot, x-20*side, foot-240, x+40*side, foot-480, x+140*side, foot-640), stem)
	colors := []tone{hex(0x4f9a86), hex(0x7fb89a), hex(0xe8a33a), hex(0x3a7f78)}
	for i := range 9 {
		k := float64(i) / 9
		px, py := x+side*(-20+150*k*k), foot-110-520*k
		turn := side * (50 - 24*k)
		if i%2 == 0 {
			turn = -side * 62
		}
		leaf := smooth(px, py, px-38, py-80, px, py-180, px+38, py-80).turn(turn, px, py)
		c.cut(leaf, colors[i%4], 7)
	}
}

// glasses lie before the books.
func (c *canvas) glasses() {
	ink := hex(0x2b2233)
	c.shadow(ring(400, 1070, 66, 14).and(ring(566, 1082, 66, 14)), 10, 0.3)
	c.fill(circle(400, 1060, 62).and(circle(566, 1072, 62)), hex(0xffffff).thin(0.28))
	c.fill(ring(400, 1060, 66, 14).and(ring(566, 1072, 66, 14)), ink)
	c.fill(curve(13, 464, 1054, 483, 1042, 502, 1058).and(curve(12, 336, 1050, 300, 1010, 250, 1014), curve(12, 630, 1068, 700, 1040, 742, 1052)), ink)
}
