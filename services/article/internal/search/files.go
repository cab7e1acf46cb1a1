package search

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// guardFiles looks once through the files of the index, so that damage shows
// before a search comes upon it, and then for searches that did.
func (v *volume) guardFiles(ctx context.Context, cancel context.CancelCauseFunc) {
	if err := verify(ctx, v.folder); err != nil {
		cancel(err)
		return
	}
	ticker := time.NewTicker(v.lookEvery)
	defer ticker.Stop()
	for {
		select {
		case err := <-v.damaged:
			cancel(err)
			return
		case <-ticker.C:
			if err := v.wellKept(); err != nil {
				cancel(err)
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// wellKept fails with errDamaged when the index has met damage, or its folder
// was removed.
func (v *volume) wellKept() error {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.index == nil {
		return nil
	}
	if _, err := os.Stat(filepath.Join(v.folder, "store")); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: its folder was removed", errDamaged)
	}
	return health(v.index)
}

// verify compares every segment of an index with the checksum at its end. It
// fails with errDamaged and with the error of ctx.
func verify(ctx context.Context, folder string) error {
	segments, err := filepath.Glob(filepath.Join(folder, "store", "*.zap"))
	if err != nil {
		return err
	}
	for _, name := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := verifySegment(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // merged away meanwhile
			return fmt.Errorf("%w: %s: %w", errDamaged, filepath.Base(name), err)
		}
	}
	return nil
}

// verifySegment checks the CRC-32 (IEEE) that ends a segment.
func verifySegment(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if info.Size() < crc32.Size {
		return errors.New("it is cut off")
	}
	sum := crc32.NewIEEE()
	if _, err := io.Copy(sum, io.LimitReader(file, info.Size()-crc32.Size)); err != nil {
		return err
	}
	var want [crc32.Size]byte
	if _, err := io.ReadFull(file, want[:]); err != nil {
		return err
	}
	if binary.BigEndian.Uint32(want[:]) != sum.Sum32() {
		return errors.New("its checksum is wrong")
	}
	return nil
}
