// Package phototest makes photos for tests: with metadata, and hostile ones.
package phototest

import (
	"encoding/binary"
	"slices"
)

// Tag is one entry of an EXIF directory.
type Tag struct {
	ID, Type uint16
	Count    uint32
	Data     []byte
}

// The types of TIFF that tags here have.
const (
	typeByte     = 1
	typeASCII    = 2
	typeShort    = 3
	typeLong     = 4
	typeRational = 5
)

// Text is a tag of text.
func Text(id uint16, text string) Tag {
	return Tag{ID: id, Type: typeASCII, Count: uint32(len(text) + 1), Data: append([]byte(text), 0)} //nolint:gosec // short
}

// Short is a tag of one number.
func Short(id, value uint16) Tag {
	return Tag{ID: id, Type: typeShort, Count: 1, Data: binary.BigEndian.AppendUint16(nil, value)}
}

// Long is a tag of one large number.
func Long(id uint16, value uint32) Tag {
	return Tag{ID: id, Type: typeLong, Count: 1, Data: binary.BigEndian.AppendUint32(nil, value)}
}

// Degrees is a tag of degrees, minutes and seconds.
func Degrees(id uint16, degrees, minutes, seconds uint32) Tag {
	var data []byte
	for _, n := range []uint32{degrees, 1, minutes, 1, seconds, 1} {
		data = binary.BigEndian.AppendUint32(data, n)
	}
	return Tag{ID: id, Type: typeRational, Count: 3, Data: data}
}

// The tags that point to further directories.
const (
	exifPointer = 0x8769
	gpsPointer  = 0x8825
)

// Exif is a block of EXIF, as TIFF with the high byte first: a main directory,
// one of EXIF and one of GPS; the latter two may be empty.
func Exif(main, exif, gps []Tag) []byte {
	const first = 8
	main = slices.Clone(main)
	for _, d := range []struct {
		id   uint16
		tags []Tag
	}{{exifPointer, exif}, {gpsPointer, gps}} {
		if len(d.tags) > 0 {
			main = append(main, Tag{ID: d.id, Type: typeLong, Count: 1, Data: make([]byte, 4)})
		}
	}
	at := first + directorySize(main)
	for i := range main {
		switch main[i].ID {
		case exifPointer:
			main[i].Data = binary.BigEndian.AppendUint32(nil, uint32(at)) //nolint:gosec // small
			at += directorySize(exif)
		case gpsPointer:
			main[i].Data = binary.BigEndian.AppendUint32(nil, uint32(at)) //nolint:gosec // small
		}
	}
	block := []byte("MM\x00*\x00\x00\x00\x08")
	for _, tags := range [][]Tag{main, exif, gps} {
		if len(tags) > 0 {
			block = appendDirectory(block, tags)
		}
	}
	return block
}

const entrySize = 12

// directorySize is how many bytes the directory and its values take.
func directorySize(tags []Tag) int {
	size := 2 + entrySize*len(tags) + 4
	for _, t := range tags {
		if len(t.Data) > 4 {
			size += len(t.Data) + len(t.Data)%2
		}
	}
	return size
}

// appendDirectory writes the entries, then the values that do not fit in them.
func appendDirectory(block []byte, tags []Tag) []byte {
	tags = slices.Clone(tags)
	slices.SortFunc(tags, func(a, b Tag) int { return int(a.ID) - int(b.ID) })
	values := len(block) + 2 + entrySize*len(tags) + 4
	var after []byte
	block = binary.BigEndian.AppendUint16(block, uint16(len(tags))) //nolint:gosec // few
	for _, t := range tags {
		block = binary.BigEndian.AppendUint16(block, t.ID)
		block = binary.BigEndian.AppendUint16(block, t.Type)
		block = binary.BigEndian.AppendUint32(block, t.Count)
		if len(t.Data) <= 4 {
			block = append(block, append(slices.Clone(t.Data), make([]byte, 4-len(t.Data))...)...)
			continue
		}
		block = binary.BigEndian.AppendUint32(block, uint32(values+len(after))) //nolint:gosec // small
		after = append(after, t.Data...)
		if len(t.Data)%2 == 1 {
			after = append(after, 0)
		}
	}
	block = append(block, 0, 0, 0, 0) // no further directory
	return append(block, after...)
}
