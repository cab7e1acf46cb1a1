package sharingtest

import (
	"bytes"
	"os/exec"
	"strings"
	"testing"
)

// Validate fails the test unless the XML document is valid by the schema in a
// file: RELAX NG when its name ends in ".rng", else XML Schema. It runs xmllint,
// which `make test` installs.
func Validate(t *testing.T, document []byte, schema string) {
	t.Helper()
	if report := invalid(t, document, schema); report != "" {
		t.Errorf("not valid by %s:\n%s\n%.4000s", schema, report, document)
	}
}

// Refuse fails the test when the XML document is valid by the schema: a check
// that cannot fail is none.
func Refuse(t *testing.T, document []byte, schema string) {
	t.Helper()
	if invalid(t, document, schema) == "" {
		t.Errorf("valid by %s:\n%.4000s", schema, document)
	}
}

// invalid returns what xmllint complains of; empty for a valid document.
func invalid(t *testing.T, document []byte, schema string) string {
	t.Helper()
	kind := "--schema"
	if strings.HasSuffix(schema, ".rng") {
		kind = "--relaxng"
	}
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatalf("xmllint is missing; run `go run ./tools/setup test`, which installs it: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), program, "--noout", "--nonet", "--huge", kind, schema, "-") //nolint:gosec // G204: of the tests
	cmd.Stdin = bytes.NewReader(document)
	report, err := cmd.CombinedOutput()
	if err == nil {
		return ""
	}
	return err.Error() + "\n" + string(report)
}
