package importer

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
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

// taken answers that every photo is there, with other bytes.
type taken struct{ mediav1.MediaServiceClient }

func (taken) GetPhoto(_ context.Context, r *mediav1.GetPhotoRequest, _ ...grpc.CallOption) (*mediav1.Photo, error) {
	return &mediav1.Photo{Name: r.GetName(), Sha256: strings.Repeat("0", 64)}, nil
}

// TestLibraryLooksAtTheBytes takes no photo for the picture because of its name
// alone, which any author could have given to another.
func TestLibraryLooksAtTheBytes(t *testing.T) {
	p := picture{path: "a.jpg", sha256: strings.Repeat("a", 64)}
	name, err := library(t.Context(), Suite{Photos: taken{}}, p, "sites/kaunas")
	if name != "" || err == nil || !strings.Contains(err.Error(), p.photo("sites/kaunas")) {
		t.Errorf("library = %q, %v, want an error with the photo", name, err)
	}
}
