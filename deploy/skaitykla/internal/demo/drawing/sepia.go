package drawing

// The colors of the old photographs, from paper to ink.
func sepia(k float64) tone { return hex(0xf6e6c6).mix(hex(0x3a2618), k) }

// print leaves the white border of an old photographic print, ages its edges
// and puts a few specks on it.
func (c *canvas) print() {
	c.all(radial{c.w / 2, c.h / 2, c.w * 0.75, hex(0x3a2618).thin(0), hex(0x3a2618).thin(0.42)})
	for range 34 {
		x, y := c.chance.between(0, c.w), c.chance.between(0, c.h)
		c.fill(circle(x, y, c.chance.between(1, 3.5)), hex(0xfff4dc).thin(0.5))
	}
	for range 5 {
		x, y := c.chance.between(100, c.w-100), c.chance.between(100, c.h-200)
		c.fill(curve(2, x, y, x+c.chance.between(-14, 14), y+60, x+c.chance.between(-20, 20), y+c.chance.between(90, 160)), hex(0xfff4dc).thin(0.4))
	}
	const m = 54
	border := rect(0, 0, c.w, c.h).except(rounded(m, m, c.w-2*m, c.h-2*m, 10))
	c.cut(border, linear{0, 0, c.w, c.h, hex(0xfbf1dc), hex(0xeedcb8)}, 8)
}

// sepiaSky is the sky of an old photograph with thin clouds.
func (c *canvas) sepiaSky(horizon float64) {
	c.all(down(0, horizon, sepia(0.26), sepia(0.04)))
	for range 7 {
		c.cloud(c.chance.between(0, c.w), c.chance.between(90, horizon*0.55), c.chance.between(240, 520), sepia(0).thin(0.4))
	}
}

// house is a wooden house seen from the gable end.
func (c *canvas) house(x, foot, w, h float64, wall tone) {
	c.cut(rect(x, foot-h, w, h), across(x, x+w, wall.lighter(0.1), wall.darker(0.12)), 10)
	c.cut(polygon(x-w*0.1, foot-h+6, x+w/2, foot-h-w*0.52, x+w*1.1, foot-h+6), sepia(0.72), 10)
	c.cut(rect(x+w*0.70, foot-h-w*0.46, w*0.12, w*0.3), sepia(0.6), 5)
	n := max(1, int(w/95))
	for i := range n {
		wx := x + w*(float64(i)+0.5)/float64(n) - 22
		c.fill(rect(wx-5, foot-h*0.74-5, 54, 74), sepia(0.05))
		c.fill(rect(wx, foot-h*0.74, 44, 64), sepia(0.78))
		c.fill(rect(wx+20, foot-h*0.74, 4, 64).and(rect(wx, foot-h*0.74+24, 44, 4)), sepia(0.05))
	}
	c.fill(rect(x+w*0.42, foot-h*0.36, w*0.16, h*0.36), sepia(0.8))
}

// person is somebody far away in old clothes.
func (c *canvas) person(x, foot, h float64, hat bool) {
	ink := sepia(0.86)
	c.fill(ellipse(x+h*0.1, foot, h*0.26, h*0.04), sepia(1).thin(0.35))
	if hat {
		c.fill(polygon(x-h*0.13, foot-h*0.78, x+h*0.13, foot-h*0.78, x+h*0.15, foot-h*0.4, x+h*0.1, foot, x+h*0.02, foot, x, foot-h*0.36, x-h*0.02, foot, x-h*0.1, foot, x-h*0.15, foot-h*0.4), ink)
		c.fill(circle(x, foot-h*0.87, h*0.075), sepia(0.4))
		c.fill(rect(x-h*0.12, foot-h*0.93, h*0.24, h*0.03).and(rounded(x-h*0.075, foot-h*1.03, h*0.15, h*0.12, h*0.02)), ink)
		return
	}
	c.fill(polygon(x-h*0.09, foot-h*0.78, x+h*0.09, foot-h*0.78, x+h*0.08, foot-h*0.5, x+h*0.24, foot, x-h*0.24, foot, x-h*0.08, foot-h*0.5), sepia(0.62))
	c.fill(circle(x, foot-h*0.87, h*0.075), sepia(0.35))
	c.fill(pie(x, foot-h*0.88, h*0.1, h*0.11, 150, 390), sepia(0.1))
}
