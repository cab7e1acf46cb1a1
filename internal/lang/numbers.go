package lang

import (
	"strconv"
	"strings"
)

// Size returns a number of bytes as readers know it, in powers of a thousand
// with at most one decimal: "812 B", "340 kB", "1,4 MB". The space does not
// break. A negative number counts as zero.
func (l *Language) Size(bytes int64) string {
	value, unit := float64(max(bytes, 0)), "B"
	for _, larger := range []string{"kB", "MB", "GB", "TB"} {
		if value < 999.5 {
			break
		}
		value, unit = value/1000, larger
	}
	decimals := 1
	if value >= 9.95 || unit == "B" {
		decimals = 0
	}
	digits := strings.TrimSuffix(strconv.FormatFloat(value, 'f', decimals, 64), ".0")
	return strings.Replace(digits, ".", l.typography.Decimal, 1) + noBreak + unit
}
