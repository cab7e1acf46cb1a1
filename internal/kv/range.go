package kv

import "bytes"

// Range selects the keys from Start up to but not including End, in byte order
// or, with Reverse, from the last one down. An empty Start means the first key,
// an empty End no upper bound. A Limit above zero bounds the number of entries.
type Range struct {
	Start, End []byte
	Reverse    bool
	Limit      int
}

// Prefix returns the Range of all keys that begin with p. It shares no memory
// with p. An empty p selects everything.
func Prefix(p []byte) Range {
	r := Range{Start: bytes.Clone(p)}
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] != 0xff {
			r.End = bytes.Clone(p[:i+1])
			r.End[i]++
			break
		}
	}
	return r
}

// Contains reports whether key lies in r, whatever its Limit.
func (r Range) Contains(key []byte) bool {
	return bytes.Compare(key, r.Start) >= 0 && (len(r.End) == 0 || bytes.Compare(key, r.End) < 0)
}
