package drawing

// window is a large window on an autumn park with a reading chair before it.
func window(c *canvas) {
	wall := hex(0xe9d3b4)
	c.all(down(0, 1200, wall.lighter(0.15), wall.darker(0.08)))
	c.cut(rect(200, 90, 1010, 800), down(90, 890, hex(0xf9e3bd), hex(0xf3b98a)), 8)
	c.glow(900, 330, 380, hex(0xfff6d8).thin(0.9))
	c.fill(ridge(890, 200, 600, 480, 540, 760, 590, 1010, 530, 1210, 570), hex(0xd98b5f).thin(0.75))
	c.fill(ridge(890, 200, 700, 500, 660, 820, 710, 1210, 650), hex(0xb96745))
	for _, t := range []struct {
		x, y, size float64
		crown      uint32
	}{{330, 770, 300, 0xd9572f}, {560, 740, 220, 0xe8a33a}, {760, 790, 330, 0xc23f35}, {960, 750, 240, 0xefb94f}, {1110, 800, 310, 0xd8713a}} {
		c.tree(t.x, t.y, t.size, hex(t.crown))
	}
	c.fill(ridge(890, 200, 800, 540, 770, 900, 810, 1210, 780), hex(0x8c4a3c))
	for range 46 {
		x, y := c.chance.between(230, 1180), c.chance.between(150, 870)
		leaf := ellipse(x, y, 11, 5).turn(c.chance.between(0, 180), x, y)
		c.fill(leaf, c.chance.pick([]tone{hex(0xd9572f), hex(0xefb94f), hex(0xb5382f)}))
	}
	frame := hex(0xfdf6e8)
	outer := rect(170, 60, 1070, 860).except(rect(206, 96, 998, 788))
	c.cut(outer.and(rect(530, 96, 18, 788), rect(862, 96, 18, 788), rect(206, 330, 998, 14)), frame, 12)
	c.cut(rect(130, 900, 1150, 44), down(900, 944, frame, frame.darker(0.12)), 16)
	floor := hex(0x9d6246)
	c.fill(rect(0, 1010, 1800, 190), down(1010, 1200, floor, floor.darker(0.3)))
	c.fill(rect(0, 994, 1800, 20), frame.darker(0.06))
	c.fill(polygon(260, 1014, 1140, 1014, 1420, 1200, 330, 1200), hex(0xffe3ac).thin(0.28))
	c.pot(330, 902, hex(0x2f7f79))
	c.armchair()
}

func (c *canvas) armchair() {
	green := hex(0x2f6f6a)
	c.cut(ellipse(1390, 1130, 400, 46), hex(0xd9a05b), 6)
	c.fill(ellipse(1390, 1126, 330, 32), hex(0xe9bf80))
	c.fill(line(20, 1180, 1020, 1150, 1120).and(line(20, 1600, 1020, 1632, 1120)), hex(0x4a3028))
	c.cut(rounded(1180, 480, 430, 520, 150), across(1180, 1610, green.lighter(0.10), green.darker(0.15)), 20)
	c.fill(circle(1310, 650, 12).and(circle(1480, 650, 12), circle(1395, 590, 12), circle(1395, 720, 12)), green.darker(0.35))
	c.cut(rounded(1190, 850, 410, 120, 46), down(850, 970, hex(0x4a958c), green), 14)
	c.cut(rounded(1110, 760, 130, 290, 60), down(760, 1050, hex(0x4a958c), green.darker(0.2)), 16)
	c.cut(rounded(1550, 760, 130, 290, 60), down(760, 1050, hex(0x4a958c), green.darker(0.2)), 16)
	c.cut(rounded(1150, 950, 480, 90, 36), down(950, 1040, green, green.darker(0.3)), 12)
	cushion := rounded(1320, 700, 190, 170, 40).turn(-12, 1415, 790)
	c.cut(cushion, hex(0xeaa33b), 12)
	c.openBook(1400, 856, 230, hex(0xc23f35))
}
