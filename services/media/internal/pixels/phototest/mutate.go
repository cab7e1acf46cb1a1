package phototest

import "math/rand/v2"

// Mutate damages a copy of a file in one to four of the ways that files are
// damaged in, or that an attacker would try: flipped bits, extreme bytes, a
// hole, a cut, a part twice.
func Mutate(random *rand.Rand, file []byte) []byte {
	const longest, header = 64, 100
	out := append([]byte{}, file...)
	for range 1 + random.IntN(4) {
		at := random.IntN(len(out))
		span := 1 + random.IntN(min(longest, len(out)-at))
		switch random.IntN(6) {
		case 0:
			out[at] ^= 1 << random.IntN(8)
		case 1:
			out[at] = []byte{0, 0xff, 0x7f, 0x80}[random.IntN(4)]
		case 2:
			for i := range span {
				out[at+i] = byte(random.Uint32()) //nolint:gosec // any byte will do
			}
		case 3:
			if len(out) > 2*header {
				out = append(out[:at], out[at+span:]...)
			}
		case 4:
			out = append(out[:at:at], append(append([]byte{}, out[at:at+span]...), out[at:]...)...)
		case 5:
			if at > header {
				out = out[:at]
			}
		}
	}
	return out
}
