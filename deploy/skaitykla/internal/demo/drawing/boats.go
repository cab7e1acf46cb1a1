package drawing

// boats is a fleet of paper boats on a calm sea.
func boats(c *canvas) {
	c.all(down(0, 620, hex(0xf7d9b0), hex(0xfbeed2)))
	c.glow(1250, 420, 420, hex(0xfff6da))
	c.fill(circle(1250, 420, 130), hex(0xf2a65a))
	c.cloud(430, 230, 380, hex(0xffffff).thin(0.7))
	c.cloud(860, 330, 260, hex(0xffffff).thin(0.5))
	seas := []tone{hex(0x9cc9c6), hex(0x6fb0b3), hex(0x45909b), hex(0x2a6d80), hex(0x1b4f66)}
	fleet := []struct {
		x, size, tilt float64
		paper         tone
	}{
		{1420, 90, 3, hex(0xfff8ea)},
		{330, 130, -4, hex(0xf4c95d)},
		{1180, 190, 3, hex(0xfff8ea)},
		{690, 280, -5, hex(0xe7653f)},
	}
	for i, sea := range seas {
		y := 560 + float64(i)*120
		var crests []float64
		for k := range 13 {
			lift := 16.0
			if k%2 == 0 {
				lift = -16
			}
			crests = append(crests, -60+float64(k)*160+float64(i)*70-float64(i/2)*90, y+lift*(0.6+0.25*float64(i)))
		}
		crests[0], crests[len(crests)-2] = -40, 1860
		c.cut(ridge(1200, crests...), down(y-30, y+260, sea.lighter(0.10), sea.darker(0.12)), 12)
		if i < len(fleet) {
			b := fleet[i]
			// The next sea hides the keel.
			c.boat(b.x, y+120+b.size*0.16, b.size, b.tilt, b.paper)
		}
	}
	for _, g := range [][3]float64{{300, 280, 26}, {390, 330, 20}, {980, 190, 22}} {
		c.fill(curve(5, g[0]-g[2]*1.6, g[1]-g[2]*0.5, g[0]-g[2]*0.7, g[1]-g[2]*0.6, g[0], g[1], g[0]+g[2]*0.7, g[1]-g[2]*0.6, g[0]+g[2]*1.6, g[1]-g[2]*0.5), hex(0x2a4a5a))
	}
}

// boat is a folded paper boat that floats at x, y.
func (c *canvas) boat(x, y, size, tilt float64, paper tone) {
	part := func(xy ...float64) path {
		for i := 0; i < len(xy); i += 2 {
			xy[i], xy[i+1] = x+xy[i]*size, y+xy[i+1]*size
		}
		return polygon(xy...).turn(tilt, x, y)
	}
	c.cut(part(0, -1.05, 0.42, -0.2, -0.42, -0.2), paper.darker(0.06), size*0.07)
	c.fill(part(0, -1.05, 0.42, -0.2, 0, -0.2), paper.darker(0.20))
	c.cut(part(-0.95, -0.52, -0.42, -0.22, 0, -0.42, 0.42, -0.22, 0.95, -0.52, 0.58, 0.2, -0.58, 0.2), paper, size*0.07)
	c.fill(part(0, -0.42, 0.42, -0.22, 0.95, -0.52, 0.58, 0.2, 0, 0.2), paper.darker(0.12))
	c.fill(part(-0.95, -0.52, -0.42, -0.22, 0, -0.42, 0, -0.40, -0.42, -0.19, -0.9, -0.46), paper.lighter(0.6))
}
