package check

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// Bounds of what may be taken for another language: the words of a sentence,
// those of them that are small words of that language, the words of a quotation
// that may be a name, and the most and fewest bytes.
const (
	foreignWords  = 3
	foreignSmall  = 2
	quotedName    = 8
	sentenceBytes = 2000
	foreignBytes  = 8
)

// languageRules are about texts that are read aloud in the wrong language.
func languageRules() []rule {
	return []rule{
		{id: "language-invalid", severity: failure, source: "WCAG 2.2, 3.1.2; BCP 47", find: languageInvalid},
		{id: "language-unmarked", severity: warning, source: "WCAG 2.2, 3.1.2", find: inPassages(0, languageUnmarked)},
	}
}

func languageInvalid(v *view, add func(hit)) {
	for i := range v.passages {
		p := &v.passages[i]
		said, at := "", 0
		for _, s := range p.spans {
			code := s.GetLanguageCode()
			if code != "" && code != said && !validLanguage(code) {
				h := p.hit(at, at+len(s.GetText()))
				h.excerpt, h.pairs = code, []string{"code", code}
				add(h)
			}
			said = code
			at += len(s.GetText())
		}
	}
}

// validLanguage reports whether a code is well-formed and names a language that
// is registered (BCP 47).
func validLanguage(code string) bool {
	tag, err := language.Parse(code)
	if err != nil || strings.Contains(code, "_") {
		return false
	}
	_, confidence := tag.Base()
	return confidence > language.No
}

// languageUnmarked finds sentences whose small words are those of another
// language. Names are no language: words in capitals and short quotations do not
// count.
func languageUnmarked(v *view, p *passage, add func(hit)) {
	for _, s := range p.sentences {
		start, end := s[0], s[1]
		if end-start > sentenceBytes {
			continue
		}
		other := v.otherLanguage(p.text[start:end])
		if other == "" || p.marked(start, end) {
			continue
		}
		h := p.hit(start, end)
		h.pairs = []string{"language", languageName(other)}
		add(h)
	}
}

// languageName is what a language calls itself, within a sentence.
func languageName(code string) string {
	l, ok := lang.For(code)
	if !ok {
		return code
	}
	return l.Name()
}

// otherLanguage returns the code of the language that a sentence seems to be
// in, "" for that of the article or none.
func (v *view) otherLanguage(sentence string) string {
	own, words := 0, 0
	small := make(map[string]int, len(v.tables))
	quote, first := 0, true
	for word := range strings.FieldsSeq(sentence) {
		opened := strings.ContainsAny(word, "„«»") || strings.HasPrefix(word, "“") || strings.HasPrefix(word, `"`)
		if opened && quote == 0 {
			quote = quotedName
		}
		inQuote := quote > 0
		if quote > 0 {
			quote--
		}
		if inQuote && strings.TrimRight(word, "“”\".,;:!?") != word && strings.ContainsAny(word[1:], "“”\"") {
			quote = 0
		}
		name := isNamed(word) && !first
		first = false
		if inQuote || name {
			continue
		}
		words++
		key := strings.ToLower(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }))
		if v.words().small[key] {
			if own++; own > 1 {
				return ""
			}
			continue
		}
		for code, table := range v.tables {
			if table.small[key] && table != v.words() {
				small[code]++
			}
		}
	}
	best := ""
	for code, n := range small {
		if n >= foreignSmall && n > 2*own && (best == "" || n > small[best] || n == small[best] && code < best) {
			best = code
		}
	}
	if words < foreignWords {
		return ""
	}
	return best
}

// isNamed takes a word with a capital at its beginning.
func isNamed(word string) bool {
	word = strings.TrimLeft(word, "„“”\"«»(")
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}
