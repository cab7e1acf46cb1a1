package photo

import "hash/crc32"

// Checksum returns the CRC-32C of the bytes of a rendition.
func Checksum(data []byte) int64 { return ChecksumOf(0, data) }

// ChecksumOf is Checksum for bytes that come in pieces: it returns the
// checksum of what sum stands for and p behind it.
func ChecksumOf(sum int64, p []byte) int64 {
	return int64(crc32.Update(uint32(sum), crc32.MakeTable(crc32.Castagnoli), p)) //nolint:gosec // a checksum of 32 bits
}
