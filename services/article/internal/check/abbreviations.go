package check

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

const lithuanianSpaces = "Klaipėda, «Sutrumpinimai»"

// abbreviationRules are about the spaces in abbreviations, and three dots.
func abbreviationRules() []rule {
	return []rule{
		{
			id: "abbreviation-space", severity: warning, source: lithuanianSpaces, fixable: true, languages: "lt",
			find: inPassages(hasGluedDot, abbreviationSpace),
		},
		{id: "initial-space", severity: warning, source: lithuanianSpaces, languages: "lt", find: inPassages(hasGluedDot, initialSpace)},
		{id: "ellipsis", severity: warning, source: typesetting, fixable: true, find: inPassages(hasDots, ellipsis)},
	}
}

var gluedWords = regexp.MustCompile(`(?i)(t\.t\.|t\.y\.|t\.p\.|š\.m\.|a\.a\.|pr\.m\.e\.|m\.e\.|doc\.dr\.|prof\.dr\.|habil\.dr\.|doc\.habil\.dr\.|prof\.habil\.dr\.)`)

// abbreviationSpace finds abbreviations of several words without their spaces.
// The two that can be nothing else are repaired.
func abbreviationSpace(_ *view, p *passage, add func(hit)) {
	for _, found := range gluedWords.FindAllStringIndex(p.text, -1) {
		start, end := found[0], found[1]
		if joined(p.text, start, end) || p.exempt(start, end) {
			continue
		}
		h := p.hit(start, end)
		h.proposal = strings.TrimSuffix(strings.ReplaceAll(h.excerpt, ".", ". "), " ")
		if short := strings.ToLower(h.excerpt); p.repairable() && p.hasRoom() && (short == "t.t." || short == "t.y.") {
			h.edits = []edit{{start + 2, start + 2, " "}}
		}
		add(h)
	}
}

// joined reports whether a word goes on before start or after end.
func joined(text string, start, end int) bool {
	after, _ := utf8.DecodeRuneInString(text[end:])
	return wordBefore(text, start) || end < len(text) && (unicode.IsLetter(after) || unicode.IsDigit(after))
}

func wordBefore(text string, start int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	return start > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || before == '.')
}

var gluedInitial = regexp.MustCompile(`(?:\p{Lu}\pL?\.)+\p{Lu}\p{Ll}+`)

// initialSpace finds initials that stick to a name, or to each other before one.
func initialSpace(_ *view, p *passage, add func(hit)) {
	for _, found := range gluedInitial.FindAllStringIndex(p.text, -1) {
		start, end := found[0], found[1]
		if wordBefore(p.text, start) || p.exempt(start, end) {
			continue
		}
		h := p.hit(start, end)
		h.proposal = strings.ReplaceAll(h.excerpt, ".", ". ")
		add(h)
	}
}

// ellipsis finds three dots, no more and no fewer.
func ellipsis(_ *view, p *passage, add func(hit)) {
	for i := 0; ; {
		at := strings.Index(p.text[i:], "...")
		if at < 0 {
			return
		}
		start, end := i+at, i+at+3
		for end < len(p.text) && p.text[end] == '.' {
			end++
		}
		i = end
		if end != start+3 || p.exempt(start, end) {
			continue
		}
		h := p.hit(start, end)
		h.excerpt = lastWord(p.text[:start]) + "..."
		h.proposal = lastWord(p.text[:start]) + "…"
		if p.repairable() {
			h.edits = []edit{{start, end, "…"}}
		}
		add(h)
	}
}
