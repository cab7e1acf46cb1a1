package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const vlkkDash = "VLKK, konsultacijos 4929"

// dashRules are about dashes and hyphens.
func dashRules() []rule {
	return []rule{
		{id: "dash-hyphen", severity: warning, source: vlkkDash, fixable: true, find: inPassages(hasHyphen, dashHyphen)},
		{id: "dash-em", severity: warning, source: vlkkDash, languages: "lt", find: inPassages(hasDash, dashEm)},
		{id: "dash-range", severity: warning, source: vlkkDash, languages: "lt", find: inPassages(hasDigit, dashRange)},
	}
}

// dashHyphen finds hyphens between words with spaces around them. Between
// numbers it may be a minus, at the beginning of a line somebody who speaks.
func dashHyphen(_ *view, p *passage, add func(hit)) {
	for i := 0; ; i++ {
		at := strings.IndexByte(p.text[i:], '-')
		if at < 0 {
			return
		}
		i += at
		before, after := strings.TrimRight(p.text[:i], " \u00a0"), strings.TrimLeft(p.text[i+1:], " \u00a0")
		if len(before) == i || len(after) == len(p.text)-i-1 || before == "" || after == "" {
			continue
		}
		left, _ := utf8.DecodeLastRuneInString(before)
		right, _ := utf8.DecodeRuneInString(after)
		digits := unicode.IsDigit(left) && unicode.IsDigit(right)
		if left == '\n' || right == '\n' || digits || !wordEdge(left) || !wordEdge(right) || p.exempt(i, i+1) {
			continue
		}
		h := p.hit(len(before)-utf8.RuneLen(left), len(p.text)-len(after)+utf8.RuneLen(right))
		h.excerpt = lastWord(before) + " - " + firstWord(after)
		h.proposal = lastWord(before) + " – " + firstWord(after)
		if p.repairable() && !unicode.IsDigit(right) {
			h.edits = []edit{{i, i + 1, "–"}}
		}
		add(h)
	}
}

// wordEdge takes what a word, a quotation or a bracket begins or ends with.
func wordEdge(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("„“”\"«»()[],.!?…%€", r)
}

func lastWord(s string) string {
	i := strings.LastIndexFunc(s, unicode.IsSpace)
	if i < 0 {
		return s
	}
	_, size := utf8.DecodeRuneInString(s[i:])
	return s[i+size:]
}

func firstWord(s string) string {
	if i := strings.IndexFunc(s, unicode.IsSpace); i >= 0 {
		return s[:i]
	}
	return s
}

// dashEm finds em dashes, which Lithuanian does not have.
func dashEm(_ *view, p *passage, add func(hit)) {
	for i := 0; ; i += len("—") {
		at := strings.Index(p.text[i:], "—")
		if at < 0 {
			return
		}
		i += at
		if p.exempt(i, i+len("—")) {
			continue
		}
		before, after := p.text[:i], p.text[i+len("—"):]
		h := p.hit(i, i+len("—"))
		h.excerpt = lastWord(before) + "—" + firstWord(after)
		h.proposal = strings.TrimSpace(lastWord(before) + " – " + firstWord(after))
		if strings.HasSuffix(before, " ") || strings.HasPrefix(after, " ") {
			h.excerpt, h.proposal = "—", "–"
		}
		add(h)
	}
}

var numberRange = regexp.MustCompile(`(\d{1,2}[.:]\d{2}|\d+)([ \x{a0}]?[-–—][ \x{a0}]?)(\d{1,2}[.:]\d{2}|\d+)` +
	`([ \x{a0}]?(?:d\.|val\.|min\.|proc\.|%|Eur|€|m\.|metų|metais|metai|kartus|kartų|psl\.|km|kg|vnt\.|a\.|amž|žmon|kl\.|klas))?`)

// dashRange finds ranges of numbers that are not joined by an en dash without
// spaces: of times of day, or before a unit. Other numbers with a hyphen may be
// those of a house or a document.
func dashRange(_ *view, p *passage, add func(hit)) {
	if p.traits&(hasHyphen|hasDash) == 0 {
		return
	}
	if !dashAfterNumber(p.text) {
		return
	}
	for _, m := range numberRange.FindAllStringSubmatchIndex(p.text, -1) {
		from, dash, to := p.text[m[2]:m[3]], p.text[m[4]:m[5]], p.text[m[6]:m[7]]
		times := strings.ContainsAny(from, ".:") && strings.ContainsAny(to, ".:")
		if dash == "–" || !times && m[8] < 0 || startsInside(p.text, m[0]) || p.exempt(m[0], m[7]) {
			continue
		}
		h := p.hit(m[0], m[7])
		h.proposal = from + "–" + to
		add(h)
	}
}

// dashAfterNumber spares most texts the look of numberRange.
func dashAfterNumber(text string) bool {
	for i := 1; i < len(text); i++ {
		if text[i] != '-' && (text[i] != 0xe2 || !strings.HasPrefix(text[i:], "–") && !strings.HasPrefix(text[i:], "—")) {
			continue
		}
		before := strings.TrimRight(text[:i], " \u00a0")
		if before != "" && before[len(before)-1] >= '0' && before[len(before)-1] <= '9' {
			return true
		}
	}
	return false
}

// startsInside reports whether the number at i goes on from something before it.
func startsInside(text string, i int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:i])
	return i > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("-–—./:,", r))
}
