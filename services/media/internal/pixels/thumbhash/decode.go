package thumbhash

import "errors"

// AverageColor reads the average color and alpha out of a hash, each 0 to 255.
func AverageColor(hash []byte) (r, g, b, a uint8, err error) {
	if len(hash) < 5 || (hash[2]&0x80 != 0 && len(hash) < 6) {
		return 0, 0, 0, 0, errors.New("thumbhash: cut short")
	}
	header := int(hash[0]) | int(hash[1])<<8 | int(hash[2])<<16
	l := float64(header&63) / 63
	p := float64(header>>6&63)/31.5 - 1
	q := float64(header>>12&63)/31.5 - 1
	alpha := 1.0
	if header>>23 != 0 {
		alpha = float64(hash[5]&15) / 15
	}
	blue := l - 2.0/3*p
	red := (3*l - blue + q) / 2
	return level(red), level(red - q), level(blue), level(alpha), nil
}

func level(f float64) uint8 { return uint8(255*max(0, min(1, f)) + 0.5) }
