package drawing

// bookmobile is a library bus on a country road.
func bookmobile(c *canvas) {
	c.all(down(0, 760, hex(0x9fd0d4), hex(0xfdebc4)))
	c.glow(1380, 300, 420, hex(0xfff4cc).thin(0.9))
	c.fill(circle(1380, 300, 96), hex(0xffe08a))
	c.cloud(380, 220, 420, hex(0xffffff).thin(0.75))
	c.cloud(900, 150, 300, hex(0xffffff).thin(0.55))
	c.cut(ridge(1200, -20, 560, 260, 470, 560, 560, 900, 440, 1300, 560, 1820, 460), hex(0x93bfa0), 10)
	c.cut(ridge(1200, -20, 660, 300, 700, 700, 590, 1100, 690, 1500, 600, 1820, 660), hex(0x6a9f86), 12)
	c.cut(polygon(1470, 604, 1470, 530, 1520, 490, 1570, 530, 1570, 612), hex(0xf7e2bd), 6)
	c.cut(polygon(1456, 536, 1520, 480, 1584, 536), hex(0xc8553d), 5)
	for _, t := range []point{{120, 700}, {220, 720}, {1250, 690}, {1690, 680}} {
		c.fir(t.x, t.y, 190, hex(0x2d6a5e))
	}
	c.cut(ridge(1200, -20, 820, 400, 770, 900, 800, 1400, 760, 1820, 810), hex(0x3f8071), 14)
	c.tree(1560, 840, 230, hex(0xe8a33a))
	c.tree(1700, 870, 290, hex(0xd9662f))
	c.tree(110, 880, 260, hex(0xe39136))
	road := hex(0x4a4758)
	c.cut(ridge(1200, -20, 960, 500, 930, 1000, 935, 1500, 925, 1820, 950), down(930, 1200, road.lighter(0.08), road.darker(0.2)), 16)
	for x := -40.0; x < 1800; x += 230 {
		c.fill(polygon(x, 1100, x+120, 1098, x+110, 1112, x-10, 1114), hex(0xf6e7c4))
	}
	c.bus()
	c.fill(ridge(1200, -20, 1160, 500, 1175, 1000, 1160, 1820, 1178), hex(0x2d6a5e))
}

func (c *canvas) bus() {
	c.fill(ellipse(880, 1050, 520, 34), hex(0x1b1330).thin(0.35))
	body := path{append(append(arc(470, 550, 90, 90, 180, 270), arc(1250, 580, 120, 120, 270, 345)...), point{1410, 800}, point{1420, 1000}, point{380, 1000})}
	c.cut(body, down(460, 1000, hex(0xe8693f), hex(0xc94a32)), 22)
	c.fill(rect(380, 800, 1040, 34), hex(0xfbe8c6))
	c.fill(rect(384, 846, 1034, 10), hex(0xfbe8c6))
	c.cut(rounded(440, 540, 640, 210, 26), hex(0x26404d), 4)
	covers := []tone{hex(0xeaa33b), hex(0xf0d9a8), hex(0x2f7f79), hex(0x8fb8a4), hex(0x9c3b4a), hex(0xe0733f)}
	c.fill(rounded(452, 552, 616, 186, 18), down(552, 738, hex(0xffe7ae), hex(0xf7c877)))
	for x := 466.0; x < 1030; {
		w, h := c.chance.between(18, 36), c.chance.between(90, 150)
		c.spine(x, 738, w, h, c.chance.pick(covers))
		x += w + 2
	}
	c.fill(rect(655, 540, 14, 210).and(rect(862, 540, 14, 210)), hex(0xc94a32))
	door := rounded(1100, 530, 120, 450, 20)
	c.cut(door, hex(0xfbe8c6), 5)
	c.fill(rounded(1116, 548, 88, 250, 14), down(548, 798, hex(0xbfe3e4), hex(0x7fb5bd)))
	glass := polygon(1246, 530, 1330, 530, 1384, 760, 1246, 760)
	c.fill(glass, down(530, 760, hex(0xcdeaea), hex(0x86bcc4)))
	c.fill(polygon(1266, 530, 1292, 530, 1270, 760, 1246, 760), hex(0xffffff).thin(0.35))
	c.cut(circle(1402, 900, 26), hex(0xffe08a), 5)
	c.cut(rounded(370, 985, 1070, 34, 16), hex(0x33303f), 8)
	for _, x := range []float64{590, 1240} {
		c.fill(circle(x, 1000, 108), hex(0x33303f))
		c.cut(circle(x, 1006, 90), hex(0x1f1d29), 8)
		c.fill(circle(x, 1006, 46), hex(0xd8cfc0))
		c.fill(circle(x, 1006, 18), hex(0x1f1d29))
	}
	c.openBook(915, 915, 170, hex(0x33303f))
}
