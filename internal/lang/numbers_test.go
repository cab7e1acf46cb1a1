package lang_test

import (
	"math"
	"testing"
)

func TestSize(t *testing.T) {
	cases := []struct {
		code  string
		bytes int64
		want  string
	}{
		{"lt", 0, "0\u00a0B"},
		{"lt", -1, "0\u00a0B"},
		{"lt", 999, "999\u00a0B"},
		{"lt", 1000, "1\u00a0kB"},
		{"lt", 1_400_000, "1,4\u00a0MB"},
		{"lt", 9_960_000, "10\u00a0MB"},
		{"lt", 999_700, "1\u00a0MB"},
		{"en", 1_400_000, "1.4\u00a0MB"},
		{"da", 2_500_000_000, "2,5\u00a0GB"},
		{"lt", math.MaxInt64, "9223372\u00a0TB"},
	}
	for _, c := range cases {
		if got := language(t, c.code).Size(c.bytes); got != c.want {
			t.Errorf("%s: Size(%d) = %q, want %q", c.code, c.bytes, got, c.want)
		}
	}
}
