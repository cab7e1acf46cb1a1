package lang

import "strings"

// QuoteMarks returns the marks that open and close a quotation.
func (l *Language) QuoteMarks() (open, closing string) {
	return l.typography.Open, l.typography.Close
}

// Quote puts s in the quotation marks of the language. A quotation inside s
// gets the inner marks. Where these are the same as the outer ones, as in
// Lithuanian, and s ends with one, it closes both: two closing marks never
// stand side by side.
func (l *Language) Quote(s string) string {
	t := l.typography
	inner := strings.NewReplacer(t.Open, t.InnerOpen, t.Close, t.InnerClose).Replace(s)
	if strings.HasSuffix(inner, t.Close) {
		return t.Open + inner
	}
	return t.Open + inner + t.Close
}
