package boltkv

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"os"
)

// The header of a bbolt file: pages 0 and 1 hold a meta record each, in the
// machine's byte order, after a page header of 16 bytes.
const (
	pageHeader = 16
	metaSize   = 64
	metaMagic  = 0xED0CDAED
)

// inspect checks what bbolt tolerates or would notice only when it is too late:
// that both meta records are whole, and that the file reaches as far as the
// newest of them says. bbolt opens with one good meta record, which silently
// forgets the last commit; a commit is one sector, so a bad record is not what
// a power cut leaves, it is damage.
func inspect(f *os.File, pageSize int) error {
	var newest, pages uint64
	size := uint64(pageSize) //nolint:gosec // bbolt read it from an unsigned field
	for i := range int64(2) {
		m := make([]byte, metaSize)
		if _, err := f.ReadAt(m, i*int64(pageSize)+pageHeader); err != nil {
			return fmt.Errorf("meta page %d: %w", i, err)
		}
		if magic := binary.NativeEndian.Uint32(m); magic != metaMagic {
			return fmt.Errorf("meta page %d: its first bytes are %#x, not a bbolt file's", i, magic)
		}
		sum := fnv.New64a()
		sum.Write(m[:56])
		if sum.Sum64() != binary.NativeEndian.Uint64(m[56:]) {
			return fmt.Errorf("meta page %d: checksum mismatch", i)
		}
		if tx := binary.NativeEndian.Uint64(m[48:]); tx >= newest {
			newest, pages = tx, binary.NativeEndian.Uint64(m[40:])
		}
	}
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if have := uint64(info.Size()) / size; have < pages { //nolint:gosec // not negative
		return fmt.Errorf("truncated: it has %d pages of %d", have, pages)
	}
	return nil
}
