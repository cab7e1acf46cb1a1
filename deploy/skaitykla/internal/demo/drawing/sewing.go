package drawing

// sewing is an old sewing machine at work.
func sewing(c *canvas) {
	c.all(radial{820, 460, 1300, hex(0xf9d58b), hex(0xe9a24c)})
	c.cut(circle(860, 520, 430), hex(0xfbe6b8), 8)
	for _, n := range []struct {
		x, y float64
		t    uint32
	}{{170, 300, 0xd94f5c}, {330, 300, 0x2f7f79}, {1540, 300, 0x3b5c8f}, {1690, 300, 0xd9572f}} {
		c.reel(n.x, n.y, hex(n.t))
	}
	c.cut(rect(60, 300, 380, 22).and(rect(1420, 300, 380, 22)), hex(0x8c5a3f), 10)
	table := hex(0x8c5a3f)
	c.cut(rect(-20, 960, 1840, 260), down(960, 1200, table.lighter(0.06), table.darker(0.35)), 20)
	ink := hex(0x22314a)
	c.cut(rounded(380, 880, 1060, 92, 22), down(880, 972, ink.lighter(0.12), ink.darker(0.3)), 16)
	body := path{append(append(append(
		arc(1290, 430, 110, 110, 270, 360), point{1400, 890}, point{1160, 890}),
		append(arc(1050, 640, 110, 90, 0, -90), arc(640, 560, 30, 20, 90, 180)...)...),
		append([]point{{610, 640}, {490, 640}}, arc(570, 400, 80, 80, 180, 270)...)...)}
	c.cut(body, down(320, 900, ink.lighter(0.16), ink.darker(0.15)), 22)
	gold := hex(0xf0be5c)
	c.fill(curve(6, 700, 440, 800, 400, 900, 440, 1000, 480, 1100, 440).and(curve(6, 700, 460, 800, 500, 900, 460, 1000, 420, 1100, 460)), gold)
	c.fill(circle(900, 450, 16).and(circle(690, 450, 10), circle(1110, 450, 10)), gold)
	c.fill(ring(1280, 620, 62, 8).and(circle(1280, 620, 30)), gold)
	c.fill(rect(400, 905, 1020, 6), gold)
	c.cut(ellipse(1440, 480, 44, 128), across(1396, 1484, hex(0x33445f), ink.darker(0.4)), 12)
	c.fill(ellipse(1436, 480, 20, 66), gold.darker(0.1))
	c.reel(1120, 320, hex(0xd94f5c))
	c.fill(curve(4, 1120, 240, 900, 270, 640, 330, 520, 470, 540, 640, 549, 800), hex(0xd94f5c))
	c.cut(rounded(520, 640, 58, 90, 8), hex(0xcfd4da), 6)
	c.fill(rect(544, 720, 10, 160), hex(0x8d97a5))
	c.cut(polygon(510, 850, 590, 850, 600, 872, 500, 872), hex(0xcfd4da), 4)
	c.cloth()
}

// reel is a reel of thread that stands at x, y.
func (c *canvas) reel(x, y float64, thread tone) {
	wood := hex(0xd9a466)
	c.cut(rounded(x-42, y-18, 84, 18, 6).and(rounded(x-42, y-110, 84, 18, 6)), wood, 6)
	c.fill(rounded(x-34, y-94, 68, 78, 8), across(x-34, x+34, thread.lighter(0.18), thread.darker(0.2)))
	for i := range 6 {
		c.fill(rect(x-34, y-86+float64(i)*12, 68, 3), thread.darker(0.22))
	}
}

// cloth is the dotted fabric that flows under the needle.
func (c *canvas) cloth() {
	red := hex(0xc8453f)
	shape := smooth(-80, 1000, 80, 950, 260, 896, 460, 874, 640, 876, 670, 900, 600, 990, 540, 1080, 380, 1150, 230, 1240, -80, 1260)
	c.cut(shape, dotted{linear{90, 900, 600, 1200, red.lighter(0.14), red.darker(0.18)}, hex(0xfbe6b8), 58, 9}, 14)
	fold := red.darker(0.45).thin(0.35)
	c.fill(curve(9, 470, 900, 380, 960, 300, 1060, 270, 1190).and(curve(8, 330, 920, 220, 990, 140, 1090, 100, 1200), curve(8, 590, 910, 520, 980, 470, 1060, 440, 1110)), fold)
	for i := range 7 {
		k := float64(i)
		c.fill(line(5, 520-k*52, 884+k*k*1.5, 494-k*52, 886+k*k*1.7), hex(0xfbe6b8))
	}
}
