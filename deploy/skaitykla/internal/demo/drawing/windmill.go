package drawing

// windmill is a wooden mill on a hill, long ago.
func windmill(c *canvas) {
	c.sepiaSky(1150)
	c.cut(ridge(1600, -20, 1120, 300, 1060, 640, 1110, 960, 1050, 1220, 1090), sepia(0.22), 6)
	for _, x := range []float64{930, 1000, 1080, 1150} {
		c.fir(x, 1150, 130, sepia(0.42))
	}
	c.cut(ridge(1600, -20, 1260, 300, 1170, 620, 1150, 900, 1190, 1220, 1270), down(1150, 1600, sepia(0.32), sepia(0.56)), 10)
	body := polygon(490, 640, 710, 640, 800, 1220, 400, 1220)
	c.cut(body, across(400, 800, sepia(0.34), sepia(0.7)), 18)
	for i := range 9 {
		y := 690 + float64(i)*60
		half := 116 + float64(i)*9.4
		c.fill(rect(600-half, y, 2*half, 5), sepia(0.82).thin(0.55))
	}
	c.cut(path{append(append([]point{}, arc(600, 640, 130, 150, 180, 360)...), point{730, 664}, point{470, 664})}, across(470, 730, sepia(0.5), sepia(0.84)), 14)
	c.fill(rounded(560, 1080, 84, 140, 30), sepia(0.88))
	for _, y := range []float64{760, 920} {
		c.fill(rect(572, y-6, 60, 84), sepia(0.06))
		c.fill(rect(578, y, 48, 72), sepia(0.85))
		c.fill(rect(600, y, 4, 72).and(rect(578, y+34, 48, 4)), sepia(0.06))
	}
	for i := range 4 {
		c.sail(600, 600, 20+float64(i)*90)
	}
	c.cut(circle(600, 600, 34), sepia(0.85), 8)
	c.fill(curve(80, 610, 1230, 560, 1330, 690, 1440, 560, 1640), sepia(0.12).thin(0.85))
	c.person(760, 1420, 190, true)
	c.cart()
	c.fill(ridge(1600, -20, 1500, 200, 1530, 420, 1590, 500, 1620), sepia(0.66))
	for range 120 {
		x := c.chance.between(0, 1200)
		y := c.chance.between(1480, 1590)
		c.fill(line(4, x, y, x+c.chance.between(-12, 12), y-c.chance.between(24, 64)), sepia(c.chance.between(0.55, 0.8)))
	}
	c.print()
}

// sail is one of the four sails, lattice and cloth.
func (c *canvas) sail(x, y, turn float64) {
	arm := line(14, x, y, x, y-490).turn(turn, x, y)
	c.shadow(rect(x, y-480, 100, 400).turn(turn, x, y), 14, 0.16)
	c.fill(rect(x, y-480, 96, 380).turn(turn, x, y), sepia(0.06).thin(0.75))
	lattice := path{}
	for i := range 10 {
		lattice = lattice.and(line(5, x, y-100-float64(i)*42, x+96, y-100-float64(i)*42))
	}
	lattice = lattice.and(line(6, x+96, y-100, x+96, y-480), line(5, x+48, y-100, x+48, y-480))
	c.fill(lattice.turn(turn, x, y), sepia(0.7))
	c.fill(arm, sepia(0.84))
}

// cart is a cart loaded with sacks.
func (c *canvas) cart() {
	c.fill(ellipse(300, 1424, 200, 18), sepia(1).thin(0.35))
	for _, s := range [][2]float64{{210, 1280}, {290, 1270}, {370, 1282}, {250, 1230}, {330, 1226}} {
		c.cut(smooth(s[0]-40, s[1]+50, s[0]-44, s[1], s[0]-14, s[1]-38, s[0]+14, s[1]-38, s[0]+44, s[1], s[0]+40, s[1]+50), across(s[0]-44, s[0]+44, sepia(0.08), sepia(0.3)), 6)
	}
	c.cut(polygon(130, 1310, 450, 1310, 430, 1364, 150, 1364), sepia(0.72), 8)
	c.fill(line(10, 440, 1340, 640, 1390), sepia(0.8))
	for _, x := range []float64{210, 370} {
		c.fill(ring(x, 1366, 54, 10).and(circle(x, 1366, 12)), sepia(0.9))
		for i := range 4 {
			c.fill(line(5, x-50, 1366, x+50, 1366).turn(float64(i)*45+10, x, 1366), sepia(0.9))
		}
	}
}
