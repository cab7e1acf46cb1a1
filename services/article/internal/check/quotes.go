package check

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const vlkkQuotes = "VLKK, konsultacijos 3501"

// quoteRules are about quotation marks.
func quoteRules() []rule {
	return []rule{
		{id: "quote-mark", severity: warning, source: vlkkQuotes, fixable: true, languages: "lt", find: quoteMarkWrong},
		{id: "quote-unbalanced", severity: warning, source: vlkkQuotes + "; CLDR", languages: "lt en", find: quoteUnbalanced},
		{id: "quote-double-closing", severity: warning, source: "VLKK, cited by Zarasai (498)", languages: "lt", find: quoteDoubleClosing},
	}
}

// quoteMark is a quotation mark in a passage.
type quoteMark struct {
	start, end int
	opens      bool
	unsure     bool // whether it opens or closes
	right      bool // it is the mark that the language has for this
}

func (m quoteMark) ascii(p *passage) bool { return p.text[m.start:m.end] == `"` }

// quoteMarks returns the marks of a passage that may be judged. What a mark
// does is told from the mark where the language has it, else from its place.
func (v *view) quoteMarks(p *passage) []quoteMark {
	if p.traits&hasQuote == 0 {
		return nil
	}
	if p.quotes == nil {
		p.quotes = v.findQuotes(p)
	}
	return p.quotes
}

func (v *view) findQuotes(p *passage) []quoteMark {
	open, closing := v.language.QuoteMarks()
	marks := []quoteMark{}
	depth := 0
	for _, i := range p.marks {
		m := quoteMark{start: i, end: i + markSize(p.text[i:])}
		m.read(p.text, open, closing)
		if p.marked(m.start, m.end) || depth == 0 && measure(p.text, m) {
			continue
		}
		marks = append(marks, m)
		if m.opens {
			depth++
		} else {
			depth = max(depth-1, 0)
		}
	}
	return marks
}

// markSize returns the bytes of the quotation mark that text begins with.
func markSize(text string) int {
	switch text[0] {
	case '"':
		return 1
	case ',', '\'', '<', '>':
		return 2
	}
	_, size := utf8.DecodeRuneInString(text)
	return size
}

func (m *quoteMark) read(text, open, closing string) {
	mark := text[m.start:m.end]
	before, _ := utf8.DecodeLastRuneInString(text[:m.start])
	after, _ := utf8.DecodeRuneInString(text[m.end:])
	looser := m.start == 0 || unicode.IsSpace(before) || strings.ContainsRune("([{„“–—/-«", before)
	tighter := m.end < len(text) && !unicode.IsSpace(after) && !strings.ContainsRune(".,;:!?…)]}-–—/“”", after)
	switch mark {
	case "„", "«", "<<", ",,":
		m.opens = true
	case "»", ">>", "''":
	case "”":
		m.opens = open == "”"
	case "“":
		m.opens = open == "“" || looser && tighter
	default:
		m.opens = looser && tighter
		m.unsure = looser != tighter
	}
	m.right = m.opens && mark == open || !m.opens && mark == closing
}

// measure takes a mark after a number, where no quotation is open, for inches or
// seconds.
func measure(text string, m quoteMark) bool {
	mark := text[m.start:m.end]
	if mark != `"` && mark != "''" || m.start == 0 {
		return false
	}
	b := text[m.start-1]
	return b >= '0' && b <= '9'
}

// quoteMarkWrong finds marks that Lithuanian has others for. Pairs within a
// passage are repaired when it is plain which mark opens and which closes; marks
// of other languages are not, for the quotation may be in one.
func quoteMarkWrong(v *view, add func(hit)) {
	for i := range v.passages {
		p := &v.passages[i]
		marks := v.quoteMarks(p)
		unsure := false
		for _, m := range marks {
			unsure = unsure || m.unsure
		}
		var open []quoteMark
		for _, m := range marks {
			switch {
			case m.opens:
				open = append(open, m)
			case len(open) > 0:
				wrongPair(p, open[len(open)-1], m, unsure, add)
				open = open[:len(open)-1]
			case !m.right && !m.unsure:
				add(v.wrongMark(p, m))
			}
		}
		for _, m := range open {
			if !m.right && !m.unsure {
				add(v.wrongMark(p, m))
			}
		}
	}
}

func wrongPair(p *passage, from, to quoteMark, unsure bool, add func(hit)) {
	if from.right && to.right {
		return
	}
	h := p.hit(from.start, to.end)
	h.proposal = "„" + p.text[from.end:to.start] + "“"
	opener, closer := p.text[from.start:from.end], p.text[to.start:to.end]
	if !unsure && p.repairable() && (opener == "„" || opener == `"`) && (closer == "“" || closer == "”" || closer == `"`) {
		for _, e := range []edit{{from.start, from.end, "„"}, {to.start, to.end, "“"}} {
			if p.text[e.start:e.end] != e.text {
				h.edits = append(h.edits, e)
			}
		}
	}
	add(h)
}

func (v *view) wrongMark(p *passage, m quoteMark) hit {
	h := p.hit(m.start, m.end)
	open, closing := v.language.QuoteMarks()
	h.proposal = closing
	if m.opens {
		h.proposal = open
	}
	return h
}

// quoteDoubleClosing finds two closing marks side by side; one is written.
func quoteDoubleClosing(v *view, add func(hit)) {
	for i := range v.passages {
		p := &v.passages[i]
		marks := v.quoteMarks(p)
		for j := 1; j < len(marks); j++ {
			a, b := marks[j-1], marks[j]
			if !a.opens && !b.opens && !a.unsure && !b.unsure && a.end == b.start {
				h := p.hit(a.start, b.end)
				h.proposal = "“"
				add(h)
			}
		}
	}
}
