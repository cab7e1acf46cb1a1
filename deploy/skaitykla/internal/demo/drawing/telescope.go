package drawing

import "math"

// telescope stands on a hill under the stars.
func telescope(c *canvas) {
	c.all(down(0, 1500, hex(0x14204a), hex(0xb8648a)))
	c.glow(600, 1350, 800, hex(0xffb98a).thin(0.55))
	for range 420 {
		along := c.chance.between(-200, 1400)
		off := (c.chance.between(-1, 1) + c.chance.between(-1, 1)) * 130
		x, y := along, 900-along*0.72+off
		if y < 1000 && y > 0 {
			c.fill(circle(x, y, c.chance.between(0.8, 2.4)), hex(0xfff1cf).thin(c.chance.between(0.25, 0.8)))
		}
	}
	c.fill(line(260, -200, 1000, 1400, -150), hex(0x9a8fd0).thin(0.08))
	c.stars(120, 1000)
	bright := []point{{140, 330}, {250, 290}, {340, 330}, {430, 390}, {420, 500}, {560, 540}, {600, 420}, {430, 390}}
	c.fill(stroke(3, bright), hex(0xfff1cf).thin(0.45))
	for _, p := range bright {
		c.glow(p.x, p.y, 26, hex(0xfff1cf).thin(0.8))
		c.fill(sparkle(p.x, p.y, 15), hex(0xfffbe8))
	}
	c.glow(900, 300, 230, hex(0xfff1cf).thin(0.35))
	c.fill(circle(900, 300, 110), radial{870, 270, 170, hex(0xfff8e0), hex(0xf3d9a0)})
	c.fill(circle(860, 270, 24).and(circle(930, 340, 32), circle(940, 250, 15)), hex(0xe6c98f).thin(0.7))
	c.cut(ridge(1600, -20, 1180, 250, 1100, 480, 1190, 760, 1080, 1000, 1170, 1220, 1090), hex(0x5a3f78), 12)
	for _, x := range []float64{60, 150, 1010, 1100, 1180} {
		c.fir(x, 1310-math.Mod(x, 90)*0.4, 200, hex(0x3c2d5f))
	}
	c.cut(ridge(1600, -20, 1330, 300, 1290, 600, 1250, 900, 1300, 1220, 1360), hex(0x33264f), 14)
	c.instrument()
	c.cut(ridge(1600, -20, 1500, 300, 1470, 700, 1500, 1220, 1460), hex(0x241b3b), 14)
}

// sparkle is a star with four points.
func sparkle(x, y, r float64) path {
	k := r * 0.22
	return polygon(x, y-r, x+k, y-k, x+r, y, x+k, y+k, x, y+r, x-k, y+k, x-r, y, x-k, y-k)
}

func (c *canvas) instrument() {
	brass, ink := hex(0xe9a84a), hex(0x17122b)
	c.cut(line(22, 560, 1080, 430, 1440).and(line(22, 560, 1080, 690, 1440), line(22, 560, 1080, 566, 1470)), hex(0x8c5a3f), 10)
	c.fill(line(8, 480, 1300, 640, 1300), hex(0x6b4433))
	tube := func(p path) path { return p.turn(-38, 560, 1060) }
	c.cut(tube(rounded(330, 1006, 470, 110, 16)), linear{520, 980, 620, 1120, hex(0xd9573c).lighter(0.1), hex(0xa83a35)}, 18)
	c.cut(tube(rounded(780, 990, 130, 142, 18)), linear{700, 800, 800, 900, brass.lighter(0.3), brass.darker(0.1)}, 12)
	c.fill(tube(rect(440, 1006, 18, 110).and(rect(640, 1006, 18, 110))), brass)
	c.cut(tube(rounded(230, 1028, 110, 66, 10)), ink.lighter(0.15), 10)
	c.cut(tube(rounded(196, 1018, 40, 86, 10)), brass, 8)
	c.cut(tube(rounded(420, 960, 190, 30, 12)), ink.lighter(0.2), 6)
	c.cut(circle(560, 1080, 44), brass, 10)
	c.fill(circle(560, 1080, 16), ink)
}
