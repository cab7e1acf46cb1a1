package check

import (
	"regexp"
	"slices"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// What is written as machines and registers want it: addresses, e-mails, ISBN
// and ISSN, dates of digits, telephone and document numbers.
var exemptForms = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`[a-z][a-z0-9+.-]*://[^\s„“”"<>]+`,
	`\bwww\.[^\s„“”"<>]+`,
	`[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`,
	`\b(?:[a-z0-9-]+\.)+(?:lt|lv|ee|pl|dk|se|no|fi|de|eu|com|org|net|info|gov|edu|uk)\b(?:/[^\s„“”"<>]*)?`,
	`\bIS[BS]N(?:-1[03])?[:\s]*[0-9][0-9Xx –-]{6,16}`,
	`\b\d{4}-\d{2}(?:-\d{2}(?:T[0-9:.+Z-]+)?)?\b`,
	`\+\d[\d ()-]{5,}\d`,
	`\(?\b8[ -]\(?\d[\d ()-]{5,}\d`,
	`\b(?:Nr|No|nr)\.[ \x{a0}]?[\pL\d][\pL\d./-]*`,
	`\b\pL{1,4}-\d[\d./-]*`,
}, "|"))

// around is how many words on each side of a place an exempt form may reach: a
// telephone number or an ISBN has five at most.
const around = 5

// exempt reports whether any byte from start to end is in text that is none of
// the language's: marked as code or another language, or written for machines.
func (p *passage) exempt(start, end int) bool {
	if p.marked(start, end) {
		return true
	}
	from, to := wordsBefore(p.text, start, around), wordsAfter(p.text, end, around)
	window := p.text[from:to]
	if !strings.ContainsAny(window, "0123456789@") && !strings.Contains(window, "://") && p.traits&hasGluedDot == 0 {
		return false
	}
	for _, found := range exemptForms.FindAllStringIndex(window, -1) {
		if start-from < found[1] && end-from > found[0] {
			return true
		}
	}
	return false
}

// marked reports whether anything from start to end is marked as another
// language or as code.
func (p *passage) marked(start, end int) bool {
	at := 0
	for _, s := range p.spans {
		next := at + len(s.GetText())
		if at < end && next > start && (coded(s) || foreign(s, p.code)) {
			return true
		}
		at = next
	}
	return false
}

// wordsBefore returns where the nth word before i begins.
func wordsBefore(text string, i, n int) int {
	for i > 0 {
		if text[i-1] == ' ' || text[i-1] == '\n' {
			if n--; n < 0 {
				return i
			}
		}
		i--
	}
	return 0
}

// wordsAfter returns where the nth word after i ends.
func wordsAfter(text string, i, n int) int {
	for ; i < len(text); i++ {
		if text[i] == ' ' || text[i] == '\n' {
			if n--; n < 0 {
				return i
			}
		}
	}
	return i
}

func coded(s *articlev1.Span) bool {
	return slices.Contains(s.GetMarks(), articlev1.Span_MARK_CODE)
}

// foreign reports whether a span is marked as another language than code.
func foreign(s *articlev1.Span, code string) bool {
	other := s.GetLanguageCode()
	return other != "" && !strings.EqualFold(base(other), base(code))
}

// base is the language of a code without region and script.
func base(code string) string {
	language, _, _ := strings.Cut(strings.ReplaceAll(code, "_", "-"), "-")
	return language
}
