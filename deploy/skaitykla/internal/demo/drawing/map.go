package drawing

// chart is a folded map with the stops of a route.
func chart(c *canvas) {
	c.all(linear{0, 0, 1800, 1200, hex(0x2f7f79), hex(0x1f5560)})
	paper := polygon(120, 130, 510, 90, 900, 130, 1290, 90, 1680, 130, 1680, 1080, 1290, 1120, 900, 1080, 510, 1120, 120, 1080)
	c.cut(paper, hex(0xfaeccb), 26)
	c.fill(smooth(180, 260, 330, 190, 470, 250, 460, 420, 300, 470, 190, 400), hex(0xa9cfa0))
	c.fill(smooth(1060, 820, 1230, 760, 1500, 800, 1600, 930, 1460, 1020, 1180, 990), hex(0xa9cfa0))
	c.fill(smooth(1360, 200, 1500, 180, 1600, 250, 1580, 380, 1420, 370), hex(0xc5dcab))
	for _, t := range []point{{270, 350}, {350, 300}, {390, 390}, {1200, 900}, {1290, 860}, {1400, 930}, {1490, 890}} {
		c.fir(t.x, t.y+30, 80, hex(0x4f8f76))
	}
	c.fill(curve(56, 149, 800, 330, 740, 520, 800, 700, 700, 860, 560, 1080, 520, 1300, 560, 1500, 480, 1651, 500), hex(0x8fc7cf))
	c.fill(smooth(620, 760, 720, 690, 800, 770, 740, 860, 640, 850), hex(0x8fc7cf))
	roads := line(14, 128, 560, 480, 520, 700, 330, 1000, 260, 1300, 330, 1672, 250).and(line(14, 480, 520, 560, 1100), line(14, 1000, 260, 1040, 700, 980, 1086), line(14, 1040, 700, 1400, 720, 1672, 780))
	c.fill(roads, hex(0xe6cfa0))
	for _, h := range [][2]float64{{560, 420}, {610, 460}, {940, 340}, {1090, 330}, {1120, 620}, {960, 660}, {1330, 660}, {600, 960}, {420, 610}, {1390, 300}} {
		c.cut(rect(h[0]-18, h[1]-20, 36, 30), hex(0xf2b48a), 4)
		c.fill(polygon(h[0]-24, h[1]-18, h[0], h[1]-42, h[0]+24, h[1]-18), hex(0xc8553d))
	}
	c.route()
	for i, x := range []float64{120, 510, 900, 1290} {
		from, to := hex(0x3a2a20).thin(0), hex(0x3a2a20).thin(0.12)
		if i%2 == 1 {
			from, to = to, from
		}
		top, foot := 130.0, 1080.0
		if i%2 == 1 {
			top, foot = 90, 1120
		}
		c.fill(polygon(x, top, x+390, 220-top, x+390, 2200-foot, x, foot), across(x, x+390, from, to))
	}
}

// route is the dashed line from pin to pin.
func (c *canvas) route() {
	stops := []float64{300, 660, 470, 470, 720, 330, 1010, 300, 1060, 700, 1400, 730, 1530, 560}
	way := spline(pairs(stops), false)
	for i := 0; i+3 < len(way); i += 4 {
		c.fill(stroke(10, way[i:i+3]), hex(0xc8402f))
	}
	colors := []tone{hex(0xe0523a), hex(0xeaa33b), hex(0x3b5c8f), hex(0xe0523a), hex(0x7d4a8c), hex(0xeaa33b), hex(0xe0523a)}
	for i, p := range pairs(stops) {
		c.pin(p.x, p.y, 1+0.25*float64(i%2), colors[i])
	}
}

// pin stands with its point at x, y.
func (c *canvas) pin(x, y, k float64, head tone) {
	c.fill(ellipse(x+10, y+2, 34*k, 10*k), hex(0x1b1330).thin(0.30))
	drop := path{append(arc(x, y-104*k, 50*k, 50*k, 155, 385), point{x, y})}
	c.cut(drop, linear{x - 50, y - 150, x + 50, y, head.lighter(0.16), head.darker(0.12)}, 9)
	c.fill(circle(x, y-104*k, 21*k), hex(0xfff6e2))
}
