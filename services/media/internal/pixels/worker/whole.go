package worker

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// whole refuses a JPEG or GIF that does not reach its end mark. Their decoders
// stop reading at what they need: the last rows of a photo that is shrunk a
// lot, and the later frames of an animation, could be missing. What follows
// the mark, as phones write it, does not matter.
func whole(mediaType string, photo []byte) error {
	ends := true
	switch mediaType {
	case "image/jpeg":
		ends = jpegEnds(photo)
	case "image/gif":
		ends = gifEnds(photo)
	}
	if !ends {
		return refuse("corrupt", errors.New("there is no end mark"))
	}
	return nil
}

// jpegEnds walks the segments up to the first scan, because a thumbnail in
// them has an end mark of its own. Within scans the mark cannot occur.
func jpegEnds(file []byte) bool {
	const (
		mark     = 0xff
		scan     = 0xda
		smallest = 4 // a mark, a kind and a length
	)
	end := []byte{mark, 0xd9}
	rest := file[min(2, len(file)):]
	for len(rest) >= smallest && rest[0] == mark && !bytes.HasPrefix(rest, end) {
		if rest[1] == mark { // filling
			rest = rest[1:]
			continue
		}
		if rest[1] == scan {
			return bytes.Contains(rest, end)
		}
		rest = rest[min(len(rest), 2+int(binary.BigEndian.Uint16(rest[2:]))):]
	}
	return bytes.Contains(rest, end) // libjpeg looks for the next segment, too
}

// gifEnds walks the blocks: a picture, an extension, or the end.
func gifEnds(file []byte) bool {
	const (
		screen, picture = 13, 10 // the fixed part of each
		table           = 0x80   // a color table follows
	)
	skip := func(from []byte, size int) []byte { return from[min(len(from), size):] }
	colors := func(flags byte) int {
		if flags&table == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	if len(file) < screen {
		return false
	}
	rest := skip(file, screen+colors(file[10]))
	for len(rest) > 0 {
		switch rest[0] {
		case ';':
			return true
		case '!':
			rest = skip(rest, 2)
		case ',':
			if len(rest) < picture {
				return false
			}
			rest = skip(rest, picture+colors(rest[9])+1)
		default: // between blocks, as decoders do
			rest = rest[1:]
			continue
		}
		for len(rest) > 0 && rest[0] > 0 { // parts of data, each after its length
			rest = skip(rest, 1+int(rest[0]))
		}
		rest = skip(rest, 1)
	}
	return false
}
