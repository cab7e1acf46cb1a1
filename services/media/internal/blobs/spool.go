package blobs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"

	"golang.org/x/sys/unix"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// ErrSpoolFull means that more bytes came than the spool may hold.
var ErrSpoolFull = errors.New("blobs: more bytes than allowed")

// Spool holds the bytes of one upload on disk while their hash, and with it
// their key, is not yet known. Its file has no name, so that it is gone with
// the process however that ends. One goroutine at a time may use it.
type Spool struct {
	file  *os.File
	hash  hash.Hash
	size  int64
	limit int64
}

// NewSpool returns an empty spool in dir that takes at most limit bytes.
func NewSpool(dir string, limit int64) (*Spool, error) {
	file, err := nameless(dir)
	if err != nil {
		return nil, spoolError("make a temporary file", err)
	}
	return &Spool{file: file, hash: sha256.New(), limit: limit}, nil
}

// hidden opens a file that loses its name at once.
func hidden(dir string) (*os.File, error) {
	file, err := os.CreateTemp(dir, "upload-*")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// Write appends p. It fails with ErrSpoolFull when that would exceed the limit
// and with STORE_UNAVAILABLE when the disk is full.
func (s *Spool) Write(p []byte) (int, error) {
	if s.size+int64(len(p)) > s.limit {
		return 0, ErrSpoolFull
	}
	n, err := s.file.Write(p)
	s.size += int64(n)
	s.hash.Write(p[:n])
	if err != nil {
		return n, spoolError("write a temporary file", err)
	}
	return n, nil
}

// Size returns the number of bytes written.
func (s *Spool) Size() int64 { return s.size }

// SHA256 returns the hash of the bytes written, in lower-case hexadecimal.
func (s *Spool) SHA256() string { return hex.EncodeToString(s.hash.Sum(nil)) }

// Reader returns a reader of everything written, from the beginning. Several
// readers do not disturb each other.
func (s *Spool) Reader() *io.SectionReader { return io.NewSectionReader(s.file, 0, s.size) }

// Close gives the space back. No reader may be used afterwards.
func (s *Spool) Close() error {
	if err := s.file.Close(); err != nil {
		return fmt.Errorf("blobs: close a temporary file: %w", err)
	}
	return nil
}

func spoolError(doing string, err error) error {
	err = fmt.Errorf("blobs: %s: %w", doing, err)
	if errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) {
		return fault.Unavailable(err, faultv1.Reason_REASON_STORE_UNAVAILABLE,
			"the server has no disk space left for uploads; ask the operator to free some")
	}
	return err
}
