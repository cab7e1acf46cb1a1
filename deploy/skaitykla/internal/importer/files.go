package importer

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"golang.org/x/sys/unix"
)

// What no suite takes is not even read: articles hold 256 KiB, and the largest
// photo is for the media service to say. Some Markdown takes a time to parse
// that grows with the square of its size.
const (
	maxManuscript = 512 << 10
	maxPicture    = 1 << 30
)

// Files returns the manuscripts that a path names: itself, the index.md in it,
// or those in the folders below it.
func Files(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var files []string
	// The walk does not follow links, but the path itself may be one.
	below := os.DirFS(path)
	err = fs.WalkDir(below, ".", func(p string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.IsDir() && entry.Name() == "index.md" {
			files = append(files, filepath.Join(path, filepath.FromSlash(p)))
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		return nil, fmt.Errorf("%s: there is no index.md in it or below; name the file to import", path)
	}
	slices.Sort(files)
	return files, err
}

// readManuscript reads a file that is meant to be an article.
func readManuscript(file string) ([]byte, error) {
	root, err := os.OpenRoot(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := open(root, filepath.Base(file), maxManuscript)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer f.Close()
	source, err := io.ReadAll(io.LimitReader(f, maxManuscript))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return source, nil
}

// open opens a file in the root, which links do not lead out of. Whoever made
// the folder may have put there what never ends or never answers: only files
// of at most so many bytes are opened.
func open(root *os.Root, name string, most int64) (*os.File, error) {
	f, err := root.OpenFile(path.Clean(name), os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular():
		err = fmt.Errorf("%s is no file but a %s; put a file there", name, kindOf(info))
	case info.Size() > most:
		err = fmt.Errorf("%s has %d bytes, at most %d are read; make it smaller", name, info.Size(), most)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return f, nil
}

func kindOf(info fs.FileInfo) string {
	if info.IsDir() {
		return "folder"
	}
	return "device or pipe"
}
