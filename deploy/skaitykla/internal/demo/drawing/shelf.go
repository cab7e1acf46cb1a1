package drawing

// shelf is a bookcase with three boards of colored spines.
func shelf(c *canvas) {
	wall := hex(0x23404a)
	c.all(radial{700, 350, 1500, wall.lighter(0.10), wall.darker(0.38)})
	covers := []tone{hex(0xd9572f), hex(0xeaa33b), hex(0xf0d9a8), hex(0x2f7f79), hex(0x8fb8a4), hex(0x9c3b4a), hex(0x3b5c8f)}
	wood := hex(0xb9794a)
	for i, foot := range []float64{420, 800, 1180} {
		c.fill(rect(0, foot-360, c.w, 360), down(foot-360, foot, hex(0x0e1d24).thin(0.55), hex(0x0e1d24).thin(0.05)))
		c.row(foot, covers, i)
		c.cut(rect(-20, foot, c.w+40, 30), down(foot, foot+30, wood.lighter(0.15), wood.darker(0.2)), 16)
	}
	c.glow(420, 120, 900, hex(0xffd98c).thin(0.20))
}

// row fills one board; each board has its own thing standing among the books.
func (c *canvas) row(foot float64, covers []tone, board int) {
	gaps := [][2]float64{{1180, 1470}, {260, 560}, {1020, 1290}}
	gap := gaps[board]
	last := hex(0)
	for x := -30.0; x < c.w; {
		if x > gap[0]-60 && x < gap[1] {
			x = gap[1]
		}
		cover := c.chance.pick(covers)
		if cover == last {
			continue
		}
		last = cover
		w, h := c.chance.between(40, 82), c.chance.between(230, 335)
		c.spine(x, foot, w, h, cover)
		x += w + 3
	}
	middle := (gap[0]-20)/2 + gap[1]/2
	switch board {
	case 0:
		c.pot(middle, foot, hex(0xe2734a))
	case 1:
		for i, cover := range []tone{hex(0x2f7f79), hex(0xd9572f), hex(0xf0d9a8)} {
			c.lying(middle-130+float64(i)*12, foot-float64(i)*52, 250-float64(i)*22, 52, cover)
		}
		c.cut(circle(middle, foot-206, 48), radial{middle - 14, foot - 222, 66, hex(0xffe3a1), hex(0xe08a2e)}, 8)
	default:
		c.cut(circle(middle-60, foot-52, 52), radial{middle - 78, foot - 72, 70, hex(0xa8d5cf), hex(0x2f7f79)}, 8)
		c.cut(rounded(gap[1]-140, foot-300, 62, 300, 7).turn(14, gap[1]-78, foot), hex(0xeaa33b), 10)
		c.fill(rect(gap[1]-140, foot-262, 62, 10).and(rect(gap[1]-140, foot-60, 62, 10)).turn(14, gap[1]-78, foot), hex(0xfff0cf))
	}
}

// pot is a plant in a pot.
func (c *canvas) pot(x, foot float64, clay tone) {
	green := hex(0x7fae7c)
	for i, turn := range []float64{-62, -38, -14, 12, 36, 60} {
		leaf := smooth(x, foot-110, x-24, foot-190, x, foot-300, x+24, foot-190).turn(turn, x, foot-100)
		c.cut(leaf, down(foot-300, foot-100, green.lighter(0.2), green.darker(0.1+0.05*float64(i%2))), 6)
	}
	c.cut(polygon(x-72, foot-128, x+72, foot-128, x+50, foot, x-50, foot), across(x-72, x+72, clay.lighter(0.15), clay.darker(0.15)), 10)
	c.cut(rounded(x-82, foot-144, 164, 36, 8), clay, 5)
}
