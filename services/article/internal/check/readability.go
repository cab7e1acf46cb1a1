package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Letters from which capitals are hard to read: of several words in a row, and
// of one that is no abbreviation.
const (
	capitalLetters = 12
	capitalWord    = 11
)

// readabilityRules are about texts that some readers cannot follow.
func readabilityRules() []rule {
	return []rule{
		{id: "text-capitals", severity: warning, source: "WCAG 2.2, 3.1 (advice)", find: inPassages(hasCapitals, textCapitals)},
		{id: "text-sensory", severity: warning, source: "WCAG 2.2, 1.3.3, 1.4.1", find: inPassages(0, textSensory)},
		{id: "text-fake-list", severity: warning, source: "WCAG 2.2, 1.3.1 (H48)", find: fakeList},
	}
}

// textCapitals finds runs of words in capitals of any alphabet.
func textCapitals(_ *view, p *passage, add func(hit)) {
	run := capitalRun{passage: p, add: add}
	for i := 0; i < len(p.text); i++ {
		if p.text[i] == ' ' || p.text[i] == '\n' {
			continue
		}
		start := i
		for i < len(p.text) && p.text[i] != ' ' && p.text[i] != '\n' {
			i++
		}
		run.word(start, i)
	}
	run.end()
}

// capitalRun is the words in capitals that stand one after another.
type capitalRun struct {
	passage        *passage
	add            func(hit)
	from, to       int
	letters, words int
}

// word goes on with the word from start to end. Digits and marks alone neither
// begin nor end a run.
func (r *capitalRun) word(start, end int) {
	n := capitalCount(r.passage.text[start:end])
	switch {
	case n < 0:
		r.end()
		return
	case n == 0:
		return
	case r.words == 0:
		r.from = start
	}
	r.to, r.letters, r.words = end, r.letters+n, r.words+1
}

func (r *capitalRun) end() {
	if r.letters >= capitalLetters && r.words > 1 || r.letters >= capitalWord && r.words == 1 {
		from, to := trimWord(r.passage.text, r.from, r.to)
		if !r.passage.exempt(from, to) {
			r.add(r.passage.hit(from, to))
		}
	}
	r.letters, r.words = 0, 0
}

// capitalCount returns how many letters a word in capitals has, 0 for one
// without letters, and -1 when any is small.
func capitalCount(word string) int {
	n := 0
	if word[0] >= 'a' && word[0] <= 'z' {
		return -1
	}
	for _, r := range word {
		switch {
		case isUpper(r):
			n++
		case unicode.IsLetter(r):
			return -1
		}
	}
	return n
}

// trimWord leaves out the marks at both ends.
func trimWord(text string, from, to int) (trimmedFrom, trimmedTo int) {
	for from < to {
		r, size := utf8.DecodeRuneInString(text[from:to])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		from += size
	}
	for from < to {
		r, size := utf8.DecodeLastRuneInString(text[from:to])
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			break
		}
		to -= size
	}
	return from, to
}

// textSensory finds words that point by place or color alone.
func textSensory(v *view, p *passage, add func(hit)) {
	words := v.words()
	if p.kind == kindAlt || len(p.places) == 0 {
		return
	}
	told := -1 // up to where it was told
	words.sensoryWindows(p, func(from, to int) {
		for _, found := range words.sensory.FindAllStringSubmatchIndex(p.text[from:to], -1) {
			start, end := from+found[2], from+found[3]
			if start < told || p.exempt(start, end) {
				continue
			}
			told = end
			h := p.hit(start, end)
			h.pairs = []string{"text", p.text[start:end]}
			add(h)
		}
	})
}

var (
	listLine   = regexp.MustCompile(`^[ \x{a0}]*(?:[-–—•*·▪■►✓][ \x{a0}]|\d{1,2}[.)][ \x{a0}]+\pL|[a-zA-Z]\)[ \x{a0}])`)
	dialogDash = regexp.MustCompile(`^[ \x{a0}]*[-–—]`)
)

// listStart spares most lines the look of listLine.
func listStart(line string) bool {
	return line != "" && (line[0] < 'A' || line[0] >= 0x80 || len(line) > 1 && line[1] == ')')
}

// fakeList finds lists that are typed: lines, or paragraphs one after another,
// that begin with the marks of items. One dash alone may be somebody speaking;
// so may two.
func fakeList(v *view, add func(hit)) {
	run, before := 0, atLead
	for i := range v.passages {
		p := &v.passages[i]
		if p.kind != kindParagraph {
			continue
		}
		if p.block != before+1 {
			run = 0
		}
		before = p.block
		lines := 0
		for line := range strings.SplitSeq(p.text, "\n") {
			if !listStart(line) || !listLine.MatchString(line) {
				lines, run = 0, 0
				continue
			}
			lines, run = lines+1, run+1
			least := 2
			if dialogDash.MatchString(line) {
				least = 3
			}
			if lines == least || run == least {
				add(p.whole())
			}
		}
	}
}
