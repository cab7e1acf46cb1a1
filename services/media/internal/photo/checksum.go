package photo

import "hash/crc32"

// Checksum returns the CRC-32C of the bytes of a rendition.
func Checksum(data []byte) uint32 { return crc32.Checksum(data, castagnoli()) }

// castagnoli is the table of CRC-32C, which the package makes once.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// ChecksumOf is Checksum for bytes that come in pieces: it returns the
// checksum of what sum stands for and p behind it.
func ChecksumOf(sum uint32, p []byte) uint32 { return crc32.Update(sum, castagnoli(), p) }
