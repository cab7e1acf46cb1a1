package minio

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// credentials of the server's one user, as kept in its directory.
type credentials struct {
	AccessKey string `json:"access_key"`
	SecretKey string `json:"secret_key"`
}

// loadCredentials reads the file, or makes credentials and the file. The file
// is readable by this user only, and a file that others can read is refused:
// what they may have copied is no secret any more.
func loadCredentials(path string) (credentials, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeCredentials(path)
	}
	if err != nil {
		return credentials{}, fmt.Errorf("minio: read credentials: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return credentials{}, fmt.Errorf("minio: others can read %s: remove the file to get new credentials, or chmod 600 it", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return credentials{}, fmt.Errorf("minio: read credentials: %w", err)
	}
	var keys credentials
	if err := json.Unmarshal(data, &keys); err != nil || keys.AccessKey == "" || len(keys.SecretKey) < 8 {
		return credentials{}, fmt.Errorf("minio: %s is damaged: remove it to get new credentials", path)
	}
	return keys, nil
}

// makeCredentials writes the file under another name first, so that a crash
// leaves none rather than half of one.
func makeCredentials(path string) (credentials, error) {
	keys := credentials{AccessKey: "skaitykla-" + rand.Text()[:8], SecretKey: rand.Text() + rand.Text()}
	data, err := json.Marshal(keys) //nolint:gosec // this file is where they are kept
	if err != nil {
		return credentials{}, fmt.Errorf("minio: encode credentials: %w", err)
	}
	next := path + ".new"
	if err := os.WriteFile(next, data, 0o600); err != nil {
		return credentials{}, fmt.Errorf("minio: keep credentials: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return credentials{}, fmt.Errorf("minio: keep credentials: %w", err)
	}
	return keys, nil
}
