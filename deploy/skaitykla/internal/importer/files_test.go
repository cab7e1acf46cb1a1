package importer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

// TestOpenRefuses puts into a folder what somebody who sends one could.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret")
	for _, err := range []error{
		os.WriteFile(secret, []byte("secret"), 0o600),
		unix.Mkfifo(filepath.Join(dir, "pipe.jpg"), 0o600),
		os.Symlink("/dev/zero", filepath.Join(dir, "endless.jpg")),
		os.Symlink(secret, filepath.Join(dir, "index.md")),
		os.Mkdir(filepath.Join(dir, "folder.jpg"), 0o700),
		os.WriteFile(filepath.Join(dir, "sparse.jpg"), nil, 0o600),
		os.Truncate(filepath.Join(dir, "sparse.jpg"), 200<<30),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for _, tt := range []struct{ name, want string }{
		{"pipe.jpg", "pipe"},
		{"endless.jpg", "escapes"},
		{"folder.jpg", "folder"},
		{"sparse.jpg", "smaller"},
		{"../secret", "escapes"},
	} {
		if _, err := measure(root, tt.name); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("measure(%s) = %v, want an error with %q", tt.name, err, tt.want)
		}
	}
	if _, err := readManuscript(filepath.Join(dir, "index.md")); err == nil || !strings.Contains(err.Error(), "escapes") {
		t.Errorf("a manuscript that is a link out of its folder: %v", err)
	}
	if err := os.Truncate(secret, 100<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := readManuscript(secret); err == nil || !strings.Contains(err.Error(), "smaller") {
		t.Errorf("a manuscript of 100 MB: %v", err)
	}
}

// TestFilesOfALink finds the manuscripts of a folder that is reached by a link.
func TestFilesOfALink(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(t.TempDir(), "link")
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "b", "c"), 0o700),
		os.WriteFile(filepath.Join(dir, "index.md"), nil, 0o600),
		os.WriteFile(filepath.Join(dir, "b", "c", "index.md"), nil, 0o600),
		os.Symlink(dir, link),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	got, err := Files(link)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{filepath.Join(link, "b", "c", "index.md"), filepath.Join(link, "index.md")}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
