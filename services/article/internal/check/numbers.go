package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// numberRules are about numbers with units, and dates.
func numberRules() []rule {
	return []rule{
		{id: "number-unit", severity: warning, source: lithuanianSpaces, languages: "lt", find: inPassages(hasGluedUnit, numberUnit)},
		{id: "date-without-m", severity: warning, source: "VLKK, 2001-05-03 Nr. 2 (78); CLDR", languages: "lt", find: inPassages(hasDigit, dateWithoutM)},
	}
}

// units are those that people stick to their numbers.
func units() []string {
	return []string{
		"%", "€", "Eur", "proc.", "val.", "min.", "sek.", "m.", "d.", "mėn.", "psl.", "vnt.", "tūkst.", "mln.", "mlrd.", "km", "kg", "cm", "mm", "°C",
	}
}

// numberUnit finds units that stick to their number.
func numberUnit(_ *view, p *passage, add func(hit)) {
	for i := 0; i < len(p.text); i++ {
		if !isDigit(p.text[i]) {
			continue
		}
		start := i
		for i < len(p.text) && (isDigit(p.text[i]) || (p.text[i] == ',' || p.text[i] == '.') && i+1 < len(p.text) && isDigit(p.text[i+1])) {
			i++
		}
		for _, unit := range units() {
			end := i + len(unit)
			if !strings.HasPrefix(p.text[i:], unit) || startsInside(p.text, start) || goesOn(p.text, end) || p.exempt(start, end) {
				continue
			}
			h := p.hit(start, end)
			h.proposal = p.text[start:i] + " " + unit
			add(h)
			break
		}
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// goesOn reports whether the letters before i are the beginning of a longer word.
func goesOn(text string, i int) bool {
	last, _ := utf8.DecodeLastRuneInString(text[:i])
	next, _ := utf8.DecodeRuneInString(text[i:])
	return unicode.IsLetter(last) && i < len(text) && (unicode.IsLetter(next) || unicode.IsDigit(next))
}

var dateForm = regexp.MustCompile(`^(\d{4})([ \x{a0}])((?:sausio|vasario|kovo|balandžio|gegužės|birželio|liepos|rugpjūčio|rugsėjo|spalio|lapkričio|gruodžio)[ \x{a0}]\d{1,2}[ \x{a0}]?d\.)`)

// dateWithoutM finds dates without the m. after the year. What is proposed
// replaces the date up to its d.; nothing is repaired, for it may be quoted.
func dateWithoutM(_ *view, p *passage, add func(hit)) {
	for i := 0; i+4 < len(p.text); i++ {
		if !isDigit(p.text[i]) || !isDigit(p.text[i+3]) || isDigit(p.text[i+4]) || startsInside(p.text, i) {
			continue
		}
		m := dateForm.FindStringSubmatchIndex(p.text[i:])
		if m == nil || p.exempt(i, i+m[1]) {
			continue
		}
		date := p.text[i:]
		h := p.hit(i, i+m[1])
		h.proposal = date[m[2]:m[3]] + " m." + date[m[4]:m[5]] + date[m[6]:m[7]]
		add(h)
	}
}
