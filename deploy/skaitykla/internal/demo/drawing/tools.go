package drawing

// tools is a pegboard with tools that can be borrowed.
func tools(c *canvas) {
	board := hex(0xf0d3a0)
	c.all(down(0, 1600, hex(0x2a5a66), hex(0x1f444f)))
	c.cut(rounded(70, 80, 1060, 1180, 24), dotted{down(80, 1260, board.lighter(0.15), board.darker(0.05)), hex(0xc9a36c), 60, 6}, 24)
	red, blue, steel, wood, ink := hex(0xd9502f), hex(0x2f6f8f), hex(0xb9c2c9), hex(0xb5713f), hex(0x2c3340)
	c.hook(260, 170)
	c.cut(rounded(240, 210, 40, 400, 18), across(240, 280, wood.lighter(0.2), wood.darker(0.1)), 14)
	c.cut(polygon(150, 190, 330, 190, 370, 226, 330, 262, 176, 262, 150, 240), steel.darker(0.35), 12)
	c.hook(560, 170)
	c.cut(circle(560, 230, 78).except(rect(530, 154, 60, 78)), steel, 12)
	c.cut(line(50, 560, 300, 560, 520), across(530, 590, steel.lighter(0.3), steel.darker(0.15)), 10)
	c.cut(ring(560, 575, 44, 40), steel, 10)
	c.hook(860, 170)
	c.cut(rounded(838, 400, 50, 220, 20), across(838, 888, red.lighter(0.2), red.darker(0.15)), 12)
	c.fill(rect(850, 420, 6, 170).and(rect(870, 420, 6, 170)), red.darker(0.3))
	c.cut(rect(854, 200, 18, 205).and(polygon(846, 190, 880, 190, 872, 220, 854, 220)), steel, 8)
	c.cut(rounded(968, 400, 50, 220, 20), across(968, 1018, hex(0xeaa33b).lighter(0.2), hex(0xeaa33b).darker(0.15)), 12)
	c.cut(rect(984, 200, 18, 205).and(polygon(972, 190, 1014, 190, 1002, 222, 984, 222)), steel, 8)
	c.saw(wood, steel)
	c.drill(blue, ink)
	c.cut(rounded(170, 1090, 860, 84, 12), down(1090, 1174, hex(0xf0b63c), hex(0xd8932a)), 14)
	c.cut(rounded(520, 1104, 160, 56, 28), hex(0xcfe39a), 4)
	c.fill(circle(592, 1132, 20), hex(0xf4fbd9))
	c.fill(rect(566, 1104, 5, 56).and(rect(632, 1104, 5, 56)), ink)
	c.fill(circle(270, 1132, 30).and(circle(930, 1132, 30)), hex(0xf4fbd9).thin(0.8))
	shelfWood := hex(0x9d6246)
	c.cut(rect(-10, 1490, 1220, 120), down(1490, 1600, shelfWood.lighter(0.08), shelfWood.darker(0.3)), 20)
	c.box(red)
	c.pot(940, 1490, hex(0xeaa33b))
}

func (c *canvas) hook(x, y float64) { c.cut(circle(x, y, 12), hex(0x2c3340), 5) }

func (c *canvas) saw(wood, steel tone) {
	blade := []float64{170, 760, 560, 706, 560, 880}
	for i := range 26 {
		x := 560 - float64(i)*15
		y := 880 - float64(i)*2.2
		blade = append(blade, x, y, x-7.5, y+13)
	}
	c.cut(polygon(blade...), down(700, 880, steel.lighter(0.3), steel), 12)
	handle := rounded(545, 670, 150, 240, 60).except(rounded(590, 730, 56, 120, 28))
	c.cut(handle, across(545, 695, wood.lighter(0.15), wood.darker(0.15)), 12)
	c.fill(circle(566, 740, 9).and(circle(566, 840, 9)), hex(0xf0c36a))
}

func (c *canvas) drill(body, ink tone) {
	c.cut(rounded(880, 820, 84, 200, 24).turn(-8, 920, 820), ink, 12)
	c.cut(rounded(850, 996, 170, 66, 18), body.darker(0.2), 12)
	c.cut(rounded(800, 720, 250, 124, 44), down(720, 844, body.lighter(0.2), body.darker(0.1)), 14)
	c.cut(polygon(806, 744, 752, 760, 752, 804, 806, 820), ink, 8)
	c.cut(rect(690, 776, 66, 12), hex(0xb9c2c9), 5)
	c.fill(rounded(880, 760, 120, 14, 7).and(rounded(880, 786, 120, 14, 7)), hex(0xf0b63c))
	c.fill(rounded(866, 850, 24, 50, 10), hex(0xd9502f))
}

// box is a tool box on the bench.
func (c *canvas) box(red tone) {
	c.cut(rounded(300, 1290, 260, 90, 36).except(rounded(328, 1318, 204, 90, 20)), hex(0x2c3340), 8)
	c.cut(rounded(170, 1350, 520, 145, 16), down(1350, 1495, red.lighter(0.12), red.darker(0.15)), 18)
	c.fill(rect(170, 1396, 520, 8), red.darker(0.35))
	c.cut(rounded(270, 1380, 56, 44, 8).and(rounded(534, 1380, 56, 44, 8)), hex(0xf0c36a), 4)
	c.openBook(430, 1452, 90, hex(0x2c3340))
}
