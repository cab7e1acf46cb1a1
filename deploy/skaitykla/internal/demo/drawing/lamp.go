package drawing

// lamp is a reading lamp over an open book at night.
func lamp(c *canvas) {
	night := hex(0x1d2b4f)
	c.all(down(0, 1200, night.lighter(0.04), hex(0x111a35)))
	c.fill(rounded(150, 110, 520, 620, 10), down(110, 730, hex(0x2a4175), hex(0x4d5e96)))
	c.glow(520, 270, 230, hex(0xfdf0c8).thin(0.30))
	c.fill(crescent(520, 270, 66).turn(-25, 520, 270), hex(0xfdf0c8))
	for _, s := range []point{{230, 190}, {330, 320}, {280, 480}, {600, 430}, {400, 170}, {460, 560}} {
		c.fill(circle(s.x, s.y, 4), hex(0xfdf0c8).thin(0.85))
	}
	c.fill(ridge(730, 150, 660, 280, 610, 430, 650, 560, 600, 670, 640), hex(0x1c2c55))
	frame := hex(0x0f1833)
	c.fill(rounded(140, 100, 540, 640, 12).except(rect(164, 124, 492, 592)).and(rect(402, 124, 16, 592), rect(164, 400, 492, 16)), frame)

	light := polygon(1040, 400, 1330, 330, 1810, 1010, 380, 1010)
	c.fill(light, radial{1180, 380, 900, hex(0xffdf95).thin(0.62), hex(0xffb765).thin(0.04)})
	c.glow(1180, 420, 560, hex(0xffd88a).thin(0.35))
	desk := hex(0x7a4632)
	c.cut(rect(-20, 980, 1840, 260), down(980, 1200, desk.lighter(0.05), desk.darker(0.5)), 20)
	c.fill(ellipse(1040, 1050, 800, 130), radial{1040, 1050, 800, hex(0xffd490).thin(0.55), hex(0xffd490).thin(0)})
	c.lampBody()
	c.lying(300, 1015, 330, 62, hex(0x2f7f79))
	c.lying(322, 953, 290, 54, hex(0xd9572f))
	c.lying(310, 899, 250, 46, hex(0xeaa33b))
	c.openBook(1010, 1030, 640, hex(0x9c3b4a))
}

func (c *canvas) lampBody() {
	brass := hex(0xe9b04a)
	c.cut(ellipse(1560, 1040, 150, 34), down(1000, 1075, brass.lighter(0.2), brass.darker(0.3)), 14)
	c.cut(line(20, 1560, 1030, 1490, 640), brass.darker(0.1), 8)
	c.cut(line(18, 1490, 640, 1220, 250), brass, 8)
	c.cut(circle(1490, 640, 24), brass.lighter(0.25), 6)
	c.fill(ellipse(1180, 398, 72, 46), hex(0xfff6da))
	shade := path{append(arc(1180, 330, 185, 150, 180, 360), point{1398, 400}, point{962, 400})}.turn(-10, 1180, 330)
	c.cut(shade, across(980, 1400, hex(0xe0623c), hex(0xa93a2b)), 14)
	c.fill(line(8, 968, 402, 1392, 402).turn(-10, 1180, 330), hex(0xffdca0))
	c.cut(circle(1208, 186, 22), brass, 5)
}
