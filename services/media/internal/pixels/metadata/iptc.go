package metadata

import (
	"bytes"
	"encoding/binary"
	"unicode/utf8"
)

type iptcFields struct{ credit, creator, rights string }

// readIPTC reads the datasets of the application record. The block may be
// wrapped in Photoshop's resources, as it is in JPEG files.
func readIPTC(block []byte) iptcFields {
	var i iptcFields
	const (
		marker      = 0x1c
		application = 2
		byline      = 80
		credit      = 110
		copyright   = 116
	)
	data := unwrap(block)
	for len(data) >= 5 && data[0] == marker {
		size := int(binary.BigEndian.Uint16(data[3:]))
		if size > len(data)-5 { // includes the long form, which no text needs
			break
		}
		text := latin(data[5 : 5+size])
		if data[1] == application {
			switch data[2] {
			case byline:
				set(&i.creator, text)
			case credit:
				set(&i.credit, text)
			case copyright:
				set(&i.rights, text)
			}
		}
		data = data[5+size:]
	}
	return i
}

// unwrap finds the IPTC resource among Photoshop's: "8BIM", an id, a padded
// name, a length, padded data.
func unwrap(block []byte) []byte {
	const iptc = 0x0404
	data := bytes.TrimPrefix(block, []byte("Photoshop 3.0\x00"))
	for len(data) >= 12 && string(data[:4]) == "8BIM" {
		id := binary.BigEndian.Uint16(data[4:])
		at := 6 + 1 + int(data[6])
		at += at & 1
		if len(data) < at+4 {
			return nil
		}
		size := int64(binary.BigEndian.Uint32(data[at:]))
		data = data[at+4:]
		if size > int64(len(data)) {
			return nil
		}
		if id == iptc {
			return data[:size]
		}
		data = data[min(int64(len(data)), size+size&1):]
	}
	return data
}

// latin reads text that is UTF-8 or else ISO 8859-1.
func latin(text []byte) string {
	if utf8.Valid(text) {
		return string(text)
	}
	runes := make([]rune, len(text))
	for i, b := range text {
		runes[i] = rune(b)
	}
	return string(runes)
}
