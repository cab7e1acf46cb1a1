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
	if err := verify(ctx, v.folder, v.segments); err != nil {
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

// segmentsIn returns the segments in a folder, which need not be there.
func segmentsIn(folder string) ([]fs.FileInfo, error) {
	entries, err := os.ReadDir(filepath.Join(folder, "store"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var segments []fs.FileInfo
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			return nil, err
		}
		if filepath.Ext(e.Name()) == ".zap" {
			segments = append(segments, info)
		}
	}
	return segments, nil
}

// verify compares the segments that were there before an index was opened with
// the checksums at their ends. It fails with errDamaged and with the error of
// ctx. What is new or gone since is left alone: opening removes what a crash
// left half written and the index does not name, and what is being written now
// is not complete.
func verify(ctx context.Context, folder string, segments []fs.FileInfo) error {
	for _, was := range segments {
		if err := ctx.Err(); err != nil {
			return err
		}
		name := filepath.Join(folder, "store", was.Name())
		is, err := os.Stat(name)
		if err != nil || is.Size() != was.Size() || !is.ModTime().Equal(was.ModTime()) {
			continue
		}
		err = verifySegment(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%w: %s: %w", errDamaged, was.Name(), err)
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
