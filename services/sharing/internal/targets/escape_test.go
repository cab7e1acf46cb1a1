package targets

import (
	"net/url"
	"strings"
	"testing"
)

// FuzzEscape compares with the standard library, whose query escapes write a
// space as a plus.
func FuzzEscape(f *testing.F) {
	f.Add("Ąžuolas & „x“ + 5 = 100 %~-_.")
	f.Add("\xff\x00\r\n")
	f.Fuzz(func(t *testing.T, value string) {
		got := string(appendEscaped(nil, value))
		if want := strings.ReplaceAll(url.QueryEscape(value), "+", "%20"); got != want {
			t.Errorf("appendEscaped(%q) = %q, want %q", value, got, want)
		}
		if len(got) != escapedLength(value) {
			t.Errorf("escapedLength(%q) = %d, want %d", value, escapedLength(value), len(got))
		}
	})
}
