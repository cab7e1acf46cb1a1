package versitytest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/internal/versitytest"
)

func TestVersionIsThePinnedOne(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "deploy", "versitygw", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	if want := "github.com/versity/versitygw " + versitytest.Version; !strings.Contains(string(data), want) {
		t.Errorf("deploy/versitygw/go.mod does not require %q", want)
	}
}
