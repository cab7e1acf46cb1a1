// Package ready is how a running suite tells others where it is: a small JSON
// file, written once everything answers and removed when the suite stops.
package ready

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// File is the content of a ready file.
type File struct {
	// HTTP is where web frontends reach the gateway, with scheme.
	HTTP string `json:"http"`
	// Article, Media and Sharing are the gRPC addresses, host and port.
	Article string `json:"article"`
	Media   string `json:"media"`
	Sharing string `json:"sharing"`
	// TokenFile holds the operator's token; only its owner can read it.
	TokenFile string `json:"token_file"`
}

// Path is where the suite with the data folder dir keeps its ready file.
func Path(dir string) string { return filepath.Join(dir, "run", "ready.json") }

// Write writes the file in one step, so that nobody reads a half of it.
func Write(path string, f File) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	const dirMode, fileMode = 0o755, 0o644
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return err
	}
	half := path + ".tmp"
	if err := os.WriteFile(half, append(text, '\n'), fileMode); err != nil {
		return err
	}
	if err := os.Rename(half, path); err != nil {
		return errors.Join(err, os.Remove(half))
	}
	return nil
}

// Read reads the ready file of the suite with the data folder dir.
func Read(dir string) (File, error) {
	var f File
	text, err := os.ReadFile(Path(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return f, fmt.Errorf("no suite runs on %s; start it with `skaitykla up --data %s`, or give --article, --media, --sharing and --token-file", dir, dir)
	}
	if err != nil {
		return f, err
	}
	if err := json.Unmarshal(text, &f); err != nil {
		return f, fmt.Errorf("%s: %w", Path(dir), err)
	}
	return f, nil
}
