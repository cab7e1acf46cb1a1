package boltkv

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// guard runs code of bbolt, and only that. bbolt panics on pages that make no
// sense, and reading a mapped page that the file or the disk no longer has
// faults; both mean damage, so guard turns them into a *kv.DamagedError.
func guard(path string, fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		if p := recover(); p != nil {
			err = damaged(path, fmt.Errorf("bbolt met a page that makes no sense: %v", p))
		}
	}()
	return fn()
}

// guard is the guard of an open store: damage also closes it to writes.
func (s *Store) guard(fn func() error) error {
	err := guard(s.path, fn)
	if errors.Is(err, errState) {
		err = damaged(s.path, err)
	}
	if damage, ok := errors.AsType[*kv.DamagedError](err); ok {
		s.failed.CompareAndSwap(nil, damage)
	}
	return err
}

func damaged(path string, err error) *kv.DamagedError {
	return &kv.DamagedError{Path: path, Err: err}
}

// isNoSpace reports whether err says that the disk or quota is full, which
// leaves the file as it was.
func isNoSpace(err error) bool {
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} {
		// bbolt keeps only the text of some of its errors.
		if errors.Is(err, full) || strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}
