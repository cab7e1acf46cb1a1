package targets

// appendEscaped appends a value percent-encoded so that every program reads it
// alike: all but the unreserved characters of RFC 3986, section 2.3. A plus and
// a space are escapes too: mail programs take a plus for itself, others for a
// space.
func appendEscaped(to []byte, value string) []byte {
	const digits = "0123456789ABCDEF"
	begin := 0 // of what stands for itself
	for i := range len(value) {
		c := value[i]
		if unreserved(c) {
			continue
		}
		to = append(to, value[begin:i]...)
		to = append(to, '%', digits[c>>4], digits[c&15])
		begin = i + 1
	}
	return append(to, value[begin:]...)
}

// escapedLength returns the length of a value percent-encoded, in bytes.
func escapedLength(value string) int {
	n := len(value)
	for i := range len(value) {
		if !unreserved(value[i]) {
			n += 2
		}
	}
	return n
}

// unreserved reports whether c is one of the 66 that stand for themselves: a
// bit of each is set in two words.
func unreserved(c byte) bool {
	const low, high = 0x03ff6000_00000000, 0x47fffffe_87fffffe
	return c < 64 && uint64(low)>>c&1 == 1 || c >= 64 && c < 128 && uint64(high)>>(c-64)&1 == 1
}
