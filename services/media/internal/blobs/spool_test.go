package blobs_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

func TestSpool(t *testing.T) {
	dir := t.TempDir()
	s, err := blobs.NewSpool(dir, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"01234", "56789"} {
		if _, err := io.WriteString(s, part); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := io.WriteString(s, "x"); !errors.Is(err, blobs.ErrSpoolFull) {
		t.Errorf("Write beyond the limit = %v, want ErrSpoolFull", err)
	}
	sum := sha256.Sum256([]byte("0123456789"))
	if got := s.SHA256(); got != hex.EncodeToString(sum[:]) {
		t.Errorf("SHA256 = %s", got)
	}
	for range 2 {
		got, err := io.ReadAll(s.Reader())
		if err != nil || string(got) != "0123456789" {
			t.Errorf("read %q, %v", got, err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("the spool has a name on disk: %v, %v", entries, err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
