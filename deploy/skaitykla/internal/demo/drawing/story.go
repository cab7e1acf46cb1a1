package drawing

// story is a circle of children who listen to somebody reading.
func story(c *canvas) {
	wall := hex(0xf6d9a9)
	c.all(down(0, 760, wall.lighter(0.25), wall))
	c.cut(circle(900, 470, 400), hex(0xfbe9c8), 8)
	c.bunting(60, []tone{hex(0xe0623c), hex(0x2f7f79), hex(0xeaa33b), hex(0x7d6aa8)})
	c.fill(rect(0, 780, 1800, 420), down(780, 1200, hex(0xc98a5c), hex(0x9d6246)))
	c.cut(ellipse(900, 1010, 820, 220), hex(0xe0623c), 10)
	c.fill(ellipse(900, 1006, 740, 192), hex(0xf2a65a))
	c.fill(ellipse(900, 1002, 640, 160), hex(0xfbe3b8))
	c.fill(ellipse(900, 998, 520, 122), hex(0x5aa39b))
	c.cut(rounded(60, 500, 250, 330, 14), hex(0x8c5a3f), 12)
	for i, foot := range []float64{650, 815} {
		c.fill(rect(80, foot-135, 210, 135), hex(0x5f3a2c))
		for x := 86.0; x < 250; {
			w := c.chance.between(22, 40)
			c.spine(x, foot, w, c.chance.between(84, 124), c.chance.pick([]tone{hex(0xe0623c), hex(0x5aa39b), hex(0xeaa33b), hex(0xfbe3b8), hex(0x7d6aa8)}))
			x += w + 2 + float64(i)
		}
	}
	c.pot(1640, 820, hex(0x2f7f79))
	c.reader()
	for _, k := range []child{
		{330, 940, 0.84, hex(0x7d6aa8), hex(0x3a2a2a), 1},
		{1480, 945, 0.86, hex(0x3b7fb0), hex(0xc98b3b), 0},
		{520, 1060, 1.0, hex(0xeaa33b), hex(0x5a3424), 2},
		{1290, 1065, 1.02, hex(0xd94f5c), hex(0x2d2430), 1},
		{770, 1120, 1.12, hex(0x2f7f79), hex(0xe0b45c), 0},
		{1035, 1125, 1.12, hex(0xfff1d6), hex(0x7a3f2a), 2},
	} {
		c.child(k)
	}
}

// bunting is a string of small flags along the top.
func (c *canvas) bunting(y float64, colors []tone) {
	sag := func(x float64) float64 { return y + 90 - (x-900)*(x-900)/9000 }
	c.fill(curve(5, -20, sag(-20), 300, sag(300), 600, sag(600), 900, sag(900), 1200, sag(1200), 1500, sag(1500), 1820, sag(1820)), hex(0x5a4638))
	for i := range 15 {
		x := 25 + float64(i)*125
		left, right := sag(x-42), sag(x+42)
		c.cut(polygon(x-42, left, x+42, right, x, (left+right)/2+96), colors[i%len(colors)], 6)
	}
}

// reader sits on a stool and holds a book up.
func (c *canvas) reader() {
	skin, dress := hex(0xf0c3a0), hex(0x355f7c)
	c.cut(rounded(800, 840, 200, 130, 20), hex(0x8c5a3f), 8)
	c.cut(rounded(810, 880, 76, 130, 34).and(rounded(914, 880, 76, 130, 34)), hex(0x2a3a4f), 8)
	c.cut(smooth(900, 545, 800, 590, 775, 740, 760, 900, 900, 930, 1040, 900, 1025, 740, 1000, 590), down(545, 930, dress.lighter(0.12), dress.darker(0.15)), 12)
	c.fill(rounded(872, 500, 56, 80, 24), skin.darker(0.08))
	c.cut(ellipse(900, 420, 118, 128), hex(0x6b3a2a), 10)
	c.fill(ellipse(900, 446, 82, 94), skin)
	c.fill(pie(900, 425, 92, 86, 180, 360), hex(0x6b3a2a))
	c.fill(circle(868, 456, 7).and(circle(932, 456, 7)), hex(0x3a2a2a))
	c.fill(curve(6, 874, 492, 900, 506, 926, 492), hex(0xa8503f))
	c.fill(circle(848, 484, 14).and(circle(952, 484, 14)), hex(0xe88a6f).thin(0.5))
	c.cut(circle(900, 296, 46), hex(0x6b3a2a), 6)
	c.cut(curve(54, 806, 640, 770, 740, 830, 800).and(curve(54, 994, 640, 1030, 740, 970, 800)), dress.lighter(0.08), 8)
	c.openBook(900, 775, 300, hex(0xd94f5c))
	c.fill(circle(792, 800, 27).and(circle(1008, 800, 27)), skin)
}

// child sits with the back to us.
type child struct {
	x, foot, size float64
	shirt, hair   tone
	style         int
}

func (c *canvas) child(k child) {
	at := func(p path) path { return p.scale(k.size, 0, 0).move(k.x, k.foot) }
	c.fill(at(ellipse(0, 6, 130, 24)), hex(0x1b1330).thin(0.28))
	c.cut(at(ellipse(-58, -14, 74, 34).and(ellipse(58, -14, 74, 34))), hex(0x354a63), 6)
	c.cut(at(smooth(0, -200, -74, -170, -98, -70, -82, 0, 0, 12, 82, 0, 98, -70, 74, -170)), down(k.foot-200*k.size, k.foot, k.shirt.lighter(0.12), k.shirt.darker(0.15)), 10)
	skin := hex(0xe9b48f)
	c.fill(at(circle(-60, -250, 15).and(circle(60, -250, 15), rounded(-20, -210, 40, 40, 10))), skin)
	switch k.style {
	case 1:
		c.cut(at(smooth(-66, -250, -112, -215, -100, -140, -72, -180).and(smooth(66, -250, 112, -215, 100, -140, 72, -180))), k.hair, 6)
	case 2:
		c.cut(at(smooth(0, -300, -64, -250, -70, -160, 0, -140, 70, -160, 64, -250)), k.hair.darker(0.05), 6)
	}
	c.cut(at(ellipse(0, -256, 64, 66)), radial{k.x - 20*k.size, k.foot - 290*k.size, 110 * k.size, k.hair.lighter(0.16), k.hair}, 8)
}
