package photos

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// File is a photograph on disk.
type File struct {
	Path string
	Size int64
}

// endings are those of the formats that the media service takes. What a file
// really is, it finds out itself.
func endings() []string {
	return []string{".jpg", ".jpeg", ".jpe", ".png", ".webp", ".avif", ".heic", ".heif", ".gif", ".tif", ".tiff"}
}

// Find returns the files below a folder that look like photographs, in the
// order of their paths, and what it skipped and why. Links are not followed,
// for they may lead in circles. A path that names a file gives that file. It
// fails when the folder cannot be read; one below it that cannot is skipped.
func Find(root string) (files []File, skipped []Result, err error) {
	skip := func(path, reason string) {
		skipped = append(skipped, Result{File: path, Outcome: Skipped, Reason: reason})
	}
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil && path == root:
			return err
		case err != nil:
			skip(path, err.Error())
			return nil
		case path != root && strings.HasPrefix(entry.Name(), "."):
			if entry.IsDir() {
				skip(path, "a hidden folder")
				return fs.SkipDir
			}
			skip(path, "a hidden file")
			return nil
		case entry.IsDir():
			return nil
		}
		info, err := entry.Info()
		switch {
		case err != nil:
			skip(path, err.Error())
		case !info.Mode().IsRegular():
			skip(path, "not a file but a link or a device")
		case !slices.Contains(endings(), strings.ToLower(filepath.Ext(path))):
			skip(path, "its name does not end as that of a photo")
		case info.Size() == 0:
			skip(path, "it is empty")
		default:
			files = append(files, File{Path: path, Size: info.Size()})
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("look for photos: %w", err)
	}
	return files, skipped, nil
}

// ErrChanged says that a file is not what it was a moment ago.
var ErrChanged = errors.New("the file changed while it was read; add it again when it is at rest")

// hash returns the SHA-256 of the file in hexadecimal.
func (f File) hash(ctx context.Context) (string, error) {
	file, err := os.Open(f.Path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	n, err := io.Copy(sum, io.LimitReader(&interruptible{ctx, file}, f.Size+1))
	if err != nil {
		return "", err
	}
	if n != f.Size {
		return "", ErrChanged
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// interruptible is a reader that ends with its context.
type interruptible struct {
	ctx context.Context //nolint:containedctx // a reader has no other way to know
	r   io.Reader
}

// Read implements io.Reader.
func (i *interruptible) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	return i.r.Read(p) //nolint:wrapcheck // io.EOF stays what it is
}
