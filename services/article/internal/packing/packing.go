// Package packing makes the stored bytes of revisions small. Most revisions
// differ from an earlier one by a few words, so they are packed against it, the
// base; a revision without a base is packed by itself.
//
// Packed bytes are one byte naming the codec, a checksum of the content, and
// what the codec made of it. Unpacking needs the same base again, byte for
// byte. A base has no base of its own, so one revision takes at most two reads.
//
// Everything here is a pure function; which revision is whose base is up to the
// caller.
package packing

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// MaxSize is how long content may be. Unpack holds no more in memory, whatever
// it is given.
const MaxSize = 4 << 20

// ErrDamaged means that packed bytes are not what Pack made, or that the base
// is not the one they were packed against.
var ErrDamaged = errors.New("packing: the packed bytes are damaged or their base is another one")

// codec is the first of the packed bytes. Numbers are never used again.
type codec byte

const (
	codecPlain     codec = 0 // the content as it is
	codecS2        codec = 1 // an S2 block
	codecS2Base    codec = 2 // an S2 block with the base as its dictionary
	codecZstdBase  codec = 3 // a Zstandard frame with the base as its raw dictionary
	headSize             = 5
	zstdDictionary       = 1
)

// s2Reach is how far into a block S2 looks at its dictionary, and the longest
// dictionary it takes. Longer texts are packed by Zstandard, which takes ten
// times as long.
const s2Reach = s2.MaxDictSize

// Pack returns content packed against base, or by itself when base is empty.
// Content longer than MaxSize could not be unpacked and is refused.
func Pack(base, content []byte) ([]byte, error) {
	if len(content) > MaxSize {
		return nil, fmt.Errorf("packing: %d bytes are too long, the limit is %d", len(content), MaxSize)
	}
	packed, err := pack(base, content)
	if err != nil {
		return nil, err
	}
	if len(packed) > headSize+len(content) {
		packed = append(head(codecPlain, content), content...)
	}
	return packed, nil
}

func pack(base, content []byte) ([]byte, error) {
	switch {
	case len(base) < s2.MinDictSize:
		return append(head(codecS2, content), s2.Encode(nil, content)...), nil
	case len(base) <= s2Reach && len(content) <= s2Reach:
		return append(head(codecS2Base, content), s2.MakeDict(base, nil).Encode(nil, content)...), nil
	}
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithEncoderDictRaw(zstdDictionary, base), zstd.WithWindowSize(windowFor(len(base), len(content))),
		zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
	if err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	return w.EncodeAll(content, head(codecZstdBase, content)), nil
}

// windowFor returns the least power of two that reaches over base and content.
func windowFor(base, content int) int {
	window := zstd.MinWindowSize
	for window < base+content {
		window *= 2
	}
	return window
}

// head returns the codec and the checksum, with room for what follows.
func head(c codec, content []byte) []byte {
	packed := append(make([]byte, 0, headSize+len(content)), byte(c))
	return binary.BigEndian.AppendUint32(packed, checksum(content))
}

func checksum(content []byte) uint32 {
	return crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))
}

// Unpack returns the content that Pack was given with the same base, or
// ErrDamaged.
func Unpack(base, packed []byte) ([]byte, error) {
	if len(packed) < headSize {
		return nil, ErrDamaged
	}
	content, err := unpack(codec(packed[0]), base, packed[headSize:])
	if err != nil {
		return nil, err
	}
	if checksum(content) != binary.BigEndian.Uint32(packed[1:]) {
		return nil, ErrDamaged
	}
	return content, nil
}

func unpack(c codec, base, body []byte) ([]byte, error) {
	switch c {
	case codecPlain:
		return body, nil
	case codecS2, codecS2Base:
		return unpackS2(c, base, body)
	case codecZstdBase:
		return unpackZstd(base, body)
	}
	return nil, fmt.Errorf("%w: codec %d", ErrDamaged, c)
}

func unpackS2(c codec, base, body []byte) ([]byte, error) {
	size, err := s2.DecodedLen(body)
	if err != nil || size > MaxSize {
		return nil, fmt.Errorf("%w: %d bytes: %w", ErrDamaged, size, err)
	}
	var content []byte
	if c == codecS2Base {
		dict := s2.MakeDict(base, nil)
		if dict == nil {
			return nil, fmt.Errorf("%w: a base of %d bytes", ErrDamaged, len(base))
		}
		content, err = dict.Decode(nil, body)
	} else {
		content, err = s2.Decode(nil, body)
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content, nil
}

func unpackZstd(base, body []byte) ([]byte, error) {
	r, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxSize),
		zstd.WithDecoderDictRaw(zstdDictionary, base))
	if err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	defer r.Close()
	content, err := r.DecodeAll(body, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content, nil
}
