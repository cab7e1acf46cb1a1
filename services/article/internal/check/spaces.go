package check

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// typesetting is the source of rules that no norm states.
const typesetting = "typesetting practice"

// spaceRules are about spaces that nobody sees.
func spaceRules() []rule {
	return []rule{
		{id: "space-double", severity: warning, source: typesetting, fixable: true, find: inPassages(hasDoubleSpace, spaceDouble)},
		{id: "space-stray", severity: warning, source: typesetting, fixable: true, find: inPassages(hasInvisible, spaceStray)},
	}
}

func spaceDouble(_ *view, p *passage, add func(hit)) {
	for i := 0; i < len(p.text); i++ {
		if p.text[i] != ' ' {
			continue
		}
		end := i
		for end < len(p.text) && p.text[end] == ' ' {
			end++
		}
		if end > i+1 && !p.exempt(i, end) {
			h := p.hit(i, end)
			h.excerpt = lastWord(p.text[:i]) + p.text[i:end] + firstWord(p.text[end:])
			h.proposal = lastWord(p.text[:i]) + " " + firstWord(p.text[end:])
			for at := i + 1; at < end && p.repairable(); at++ {
				h.edits = append(h.edits, edit{at, at + 1, ""})
			}
			add(h)
		}
		i = end
	}
}

// spaceStray finds no-break spaces, zero-width spaces and soft hyphens that do
// nothing. They are repaired at the ends of words; a no-break space between two
// words may be meant.
func spaceStray(v *view, p *passage, add func(hit)) {
	kept := v.keptSpaces(p.text)
	for at, r := range p.text {
		size := utf8.RuneLen(r)
		if r != '\u00a0' && r != '\u00ad' && r != '\u200b' || p.exempt(at, at+size) {
			continue
		}
		before, after := p.text[:at], p.text[at+size:]
		loose := atEdge(before, after)
		if !loose && (r == '\u00ad' || r == '\u00a0' && (kept[at] || meant(before, after))) {
			continue
		}
		h := p.hit(at, at+size)
		h.excerpt = lastWord(before) + string(r) + firstWord(after)
		h.proposal = lastWord(before) + firstWord(after)
		if r == '\u00a0' && !loose {
			h.proposal = lastWord(before) + " " + firstWord(after)
		}
		if loose && p.repairable() {
			h.edits = []edit{{at, at + size, ""}}
		}
		add(h)
	}
}

// atEdge reports whether what stands between before and after is at the end of
// the text or a line, or beside another space.
func atEdge(before, after string) bool {
	left, _ := utf8.DecodeLastRuneInString(before)
	right, _ := utf8.DecodeRuneInString(after)
	return before == "" || after == "" || unicode.IsSpace(left) || unicode.IsSpace(right)
}

// keptSpaces returns where the language itself puts no-break spaces.
func (v *view) keptSpaces(text string) map[int]bool {
	kept := make(map[int]bool)
	at := 0
	for part := range strings.SplitSeq(v.language.Spaces(strings.ReplaceAll(text, "\u00a0", " ")), "\u00a0") {
		at += len(part)
		kept[at] = true // of the text with plain spaces
		at++
	}
	shifted := make(map[int]bool, len(kept))
	plainAt := 0
	for i, r := range text {
		if r == '\u00a0' {
			shifted[i] = kept[plainAt]
			plainAt++
			continue
		}
		plainAt += utf8.RuneLen(r)
	}
	return shifted
}

// meant takes a no-break space beside a number, after a word of one or two
// letters, and beside a dash.
func meant(before, after string) bool {
	left, _ := utf8.DecodeLastRuneInString(before)
	right, _ := utf8.DecodeRuneInString(after)
	return unicode.IsDigit(left) || unicode.IsDigit(right) || left == '–' || right == '–' ||
		utf8.RuneCountInString(lastWord(before)) <= 2
}
