package drawing

// repair is a bicycle on a stand in a repair café.
func repair(c *canvas) {
	wall := hex(0x3f6f78)
	c.all(down(0, 1200, wall.lighter(0.12), wall.darker(0.15)))
	c.fill(rect(0, 960, 1800, 240), down(960, 1200, hex(0xd8a873), hex(0xa9744a)))
	c.cut(rect(0, 944, 1800, 20), hex(0xf3dfbd), 6)
	c.cut(rounded(1290, 130, 400, 430, 20), hex(0xf3dfbd), 14)
	c.toolWall()
	for _, x := range []float64{420, 900} {
		c.fill(polygon(x-70, 240, x+70, 240, x+330, 960, x-330, 960), down(240, 960, hex(0xffe3a0).thin(0.34), hex(0xffe3a0).thin(0)))
		c.fill(rect(x-3, 0, 6, 140), hex(0x1f2f38))
		c.fill(ellipse(x, 246, 44, 26), hex(0xfff6d8))
		c.cut(path{append(arc(x, 236, 120, 106, 180, 360), point{x + 120, 244}, point{x - 120, 244})}, down(130, 244, hex(0xf2b544), hex(0xd9862e)), 12)
	}
	c.fill(ellipse(700, 1090, 620, 44), hex(0x1b1330).thin(0.28))
	c.cut(rect(676, 700, 24, 380).and(rounded(560, 1070, 260, 26, 12)), hex(0x26343d), 10)
	c.bicycle()
	c.cut(rect(1280, 800, 520, 30), hex(0x8c5a3f), 12)
	c.cut(rect(1310, 830, 30, 270).and(rect(1730, 830, 30, 270)), hex(0x6b4433), 8)
	c.toaster()
	c.lying(1560, 800, 200, 44, hex(0x2f7f79))
	c.lying(1572, 756, 176, 38, hex(0xeaa33b))
}

func (c *canvas) bicycle() {
	tire, red, steel := hex(0x222a33), hex(0xe0523a), hex(0xd5dbe0)
	for _, x := range []float64{370, 1010} {
		for i := range 16 {
			c.fill(line(3, x-206, 830, x+206, 830).turn(float64(i)*11.25, x, 830), steel.thin(0.55))
		}
		c.shadow(ring(x, 838, 215, 24), 12, 0.35)
		c.fill(ring(x, 830, 216, 26), tire)
		c.fill(ring(x, 830, 197, 8), steel)
		c.fill(circle(x, 830, 24), steel)
		c.fill(circle(x, 830, 10), tire)
	}
	frame := line(24, 370, 830, 500, 560, 870, 540, 650, 830, 370, 830).and(line(24, 478, 480, 650, 830), line(22, 852, 460, 900, 620, 1010, 830))
	c.cut(frame, linear{370, 500, 1010, 830, red.lighter(0.1), red.darker(0.1)}, 12)
	c.cut(ring(650, 830, 56, 16), steel.darker(0.2), 6)
	c.fill(line(6, 650, 774, 370, 806).and(line(6, 650, 886, 370, 854)), tire)
	c.cut(line(16, 650, 830, 700, 930).and(line(18, 670, 936, 734, 930)), tire, 5)
	c.cut(smooth(380, 462, 440, 440, 540, 450, 590, 462, 540, 486, 470, 500, 400, 494), hex(0x6b4433), 10)
	c.cut(curve(18, 852, 470, 846, 420, 900, 396, 960, 410, 970, 450), tire, 8)
	c.cut(circle(858, 520, 26), hex(0xffe7a6), 5)
	basket := polygon(930, 470, 1130, 470, 1100, 620, 960, 620)
	c.cut(basket, hex(0xd9a466), 10)
	for i := range 5 {
		c.fill(line(5, 945+float64(i)*43, 474, 965+float64(i)*33, 618), hex(0x9d6a3a))
	}
	c.fill(line(5, 938, 520, 1120, 520).and(line(5, 948, 570, 1110, 570)), hex(0x9d6a3a))
	c.cut(rounded(920, 456, 220, 24, 12), hex(0xc08a4d), 5)
}

// toolWall is the board of tools on the wall.
func (c *canvas) toolWall() {
	ink, red, steel := hex(0x26343d), hex(0xe0523a), hex(0x8d9aa3)
	c.cut(rounded(1362, 190, 26, 260, 12), hex(0xb5713f), 8)
	c.cut(polygon(1310, 186, 1430, 186, 1450, 208, 1430, 232, 1310, 232), ink, 8)
	c.cut(line(26, 1510, 260, 1510, 430), steel, 8)
	c.cut(ring(1510, 222, 34, 26).and(ring(1510, 462, 26, 22)), steel, 8)
	c.cut(rounded(1588, 330, 36, 150, 16), red, 8)
	c.cut(rect(1600, 180, 12, 155), steel, 5)
}

func (c *canvas) toaster() {
	mint := hex(0x9fd0bd)
	bread := path{append(append(arc(1400, 590, 34, 30, 150, 300), arc(1460, 590, 34, 30, 240, 390)...), point{1490, 720}, point{1370, 720})}
	c.cut(bread, hex(0xe0a45c), 6)
	c.fill(bread.scale(0.8, 1430, 640), hex(0xf7dca6))
	c.cut(rounded(1320, 660, 220, 140, 44), down(660, 800, mint.lighter(0.3), mint.darker(0.12)), 14)
	c.fill(rounded(1512, 690, 18, 60, 8), hex(0x26343d))
	c.fill(circle(1370, 740, 16), hex(0xe0523a))
	c.fill(curve(8, 1322, 780, 1270, 800, 1240, 900, 1290, 1010, 1230, 1100), hex(0x26343d))
}
