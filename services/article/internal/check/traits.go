package check

import (
	"unicode"
	"unicode/utf8"
)

// traits are what one look at the bytes of a text says of it, so that most
// rules need no look at most texts: a check runs at every save.
type traits uint16

const (
	hasDoubleSpace traits = 1 << iota
	hasInvisible          // no-break and zero-width spaces, soft hyphens
	hasQuote              // a quotation mark of any kind
	hasDash               // an en dash or an em dash
	hasHyphen
	hasGluedDot // a full stop with a letter right after it
	hasDots     // one after another
	hasDigit
	hasGluedUnit // a digit with a letter or a sign right after it
	hasCapitals  // two side by side
)

// class says what a byte may begin that a scan looks for. Most begin nothing.
type class uint8

const (
	classNone class = iota
	classSpace
	classEnd // of a sentence
	classDot
	classColon
	classDigit
	classUpper
	classHyphen
	classQuote
	classTwice // a quotation mark when it stands there twice
	classWide  // the first byte of a letter or sign that is not ASCII
)

func classes() (table [256]class) {
	for b := range table {
		switch {
		case b >= 0xc0:
			table[b] = classWide
		case b >= '0' && b <= '9':
			table[b] = classDigit
		case b >= 'A' && b <= 'Z':
			table[b] = classUpper
		}
	}
	for b, c := range map[byte]class{
		' ': classSpace, '\n': classEnd, '!': classEnd, '?': classEnd, ';': classEnd, '.': classDot, ':': classColon,
		'-': classHyphen, '"': classQuote, '\'': classTwice, ',': classTwice, '<': classTwice, '>': classTwice,
	} {
		table[b] = c
	}
	return table
}

// scan looks at each byte of a passage once: for its traits, for sentences
// without a letter of the language's own, and for words of places and colors.
func (t *wordTable) scan(p *passage) {
	s := scanner{table: t, p: p, text: p.text}
	s.wordStart(0)
	text, classes := p.text, &t.classes
	for i := 0; i < len(text); i++ {
		if c := classes[text[i]]; c != classNone {
			i += s.sign(c, i)
		}
	}
	s.sentence(len(s.text))
}

// scanner is the state of a scan.
type scanner struct {
	table *wordTable
	p     *passage
	text  string
	start int  // of the sentence
	own   bool // whether it has a letter of the language's own
}

// sign takes the byte at i, which is of class c, and returns how many more were
// looked at.
func (s *scanner) sign(c class, i int) int {
	after := byte(0)
	if i+1 < len(s.text) {
		after = s.text[i+1]
	}
	switch c {
	case classSpace:
		if after == ' ' {
			s.p.traits |= hasDoubleSpace
		}
		s.wordStart(i + 1)
	case classWide:
		return s.wide(i)
	case classUpper:
		if after >= 'A' && after <= 'Z' || after >= 0xc0 && s.upperAt(i+1) {
			s.p.traits |= hasCapitals
		}
	case classDigit:
		s.p.traits |= hasDigit
		if after == '%' || letterStart(after) || after >= 0xc0 && s.signAt(i+1) {
			s.p.traits |= hasGluedUnit
		}
	case classHyphen:
		s.p.traits |= hasHyphen
	case classQuote:
		s.quote(i)
	case classTwice:
		if after == s.text[i] {
			s.quote(i)
			return 1
		}
	default:
		s.stop(c, i, after)
	}
	return 0
}

// stop takes what may end a sentence.
func (s *scanner) stop(c class, i int, after byte) {
	if c == classDot {
		switch {
		case after == '.':
			s.p.traits |= hasDots
		case letterStart(after):
			s.p.traits |= hasGluedDot
		}
	}
	if c == classEnd || after == ' ' || after == '\n' || i+1 == len(s.text) {
		s.sentence(i)
		s.start = i + 1
		s.wordStart(i + 1)
	}
}

func letterStart(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0xc3 && b <= 0xd1
}

func (s *scanner) upperAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return isUpper(r)
}

func (s *scanner) signAt(i int) bool {
	r, _ := utf8.DecodeRuneInString(s.text[i:])
	return r == '€' || r == '°'
}

// wide takes a letter or sign that is not ASCII.
func (s *scanner) wide(i int) int {
	r, size := rune(s.text[i]&0x1f)<<6, 2
	if s.text[i] < 0xe0 && i+1 < len(s.text) { // most letters that are not ASCII
		r |= rune(s.text[i+1] & 0x3f)
	} else {
		r, size = utf8.DecodeRuneInString(s.text[i:])
	}
	if r < 0x2000 && r >= 0xc0 {
		s.own = s.own || int(r) < len(s.table.letters) && s.table.letters[r]
		if isUpper(r) && i+size < len(s.text) && s.upperAt(i+size) {
			s.p.traits |= hasCapitals
		}
		return size - 1
	}
	found := special(r)
	s.p.traits |= found
	if found == hasQuote {
		s.quote(i)
	}
	s.wordStart(i + size)
	return size - 1
}

func (s *scanner) quote(i int) {
	s.p.traits |= hasQuote
	s.p.marks = append(s.p.marks, i)
}

// sentence ends the sentence that began at s.start, and keeps it when it may be
// in another language.
func (s *scanner) sentence(end int) {
	start := s.start
	for start < end && s.text[start] == ' ' {
		start++
	}
	if !s.own && end-start >= foreignBytes {
		s.p.sentences = append(s.p.sentences, [2]int{start, end})
	}
	s.own = false
}

// wordStart keeps i when a word for a place or color begins there.
func (s *scanner) wordStart(i int) {
	if i+1 < len(s.text) && s.table.starts[s.text[i]][s.text[i+1]>>3]&(1<<(s.text[i+1]&7)) != 0 && s.table.place(s.text[i:]) {
		s.p.places = append(s.p.places, i)
	}
}

// special is for what is neither ASCII nor a letter.
func special(r rune) traits {
	switch {
	case r == '\u00a0' || r == '\u00ad' || r == '\u200b':
		return hasInvisible
	case r >= '“' && r <= '‟', r == '«', r == '»':
		return hasQuote
	case r == '–' || r == '—':
		return hasDash
	}
	return 0
}

// isUpper is unicode.IsUpper, quick for the letters of Lithuanian.
func isUpper(r rune) bool {
	switch {
	case r < 0x100 || r > 0x17f:
		return unicode.IsUpper(r)
	case r >= 0x139 && r <= 0x148, r >= 0x179:
		return r&1 == 1 && r != 0x17f
	}
	return r&1 == 0 && r != 0x138
}
