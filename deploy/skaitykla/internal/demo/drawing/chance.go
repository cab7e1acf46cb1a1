package drawing

// chance is a repeatable source of numbers that look random (splitmix64): the
// same seed draws the same picture for ever, whatever the standard library
// does.
type chance uint64

func (c *chance) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// between gives a number from lo to hi.
func (c *chance) between(lo, hi float64) float64 {
	return lo + (hi-lo)*float64(c.next()>>11)/(1<<53)
}

// pick gives one of the colors.
func (c *chance) pick(from []tone) tone {
	return from[c.next()%uint64(len(from))]
}
