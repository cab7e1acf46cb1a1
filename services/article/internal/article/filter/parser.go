package filter

import (
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// maxDepth bounds parentheses and negations.
const maxDepth = 20

type word struct {
	text   string
	quoted bool
}

// is reports whether the word is the keyword or sign.
func (w word) is(sign string) bool { return !w.quoted && w.text == sign }

// split cuts a filter into words, quoted texts and signs.
func split(text string) ([]word, error) {
	var words []word
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case c == '"' || c == '\'':
			value, rest, ok := unquote(text[i+1:], c)
			if !ok {
				return nil, refuse("a quotation mark is not closed")
			}
			words = append(words, word{value, true})
			i = len(text) - len(rest)
		case strings.HasPrefix(text[i:], "!="):
			words = append(words, word{"!=", false})
			i += 2
		case strings.IndexByte("()=:", c) >= 0:
			words = append(words, word{text[i : i+1], false})
			i++
		default:
			n := strings.IndexAny(text[i:], " \t\r\n()=:!\"'")
			if n < 0 {
				n = len(text) - i
			}
			if n == 0 {
				return nil, refuse("%q has no place here", text[i:i+1])
			}
			words = append(words, word{text[i : i+n], false})
			i += n
		}
	}
	return words, nil
}

// unquote reads up to the closing mark; a backslash keeps what follows.
func unquote(text string, mark byte) (value, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == mark:
			return b.String(), text[i+1:], true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", "", false
}

type parser struct {
	words []word
	at    int
}

func (p *parser) next(sign string) bool {
	if p.at < len(p.words) && p.words[p.at].is(sign) {
		p.at++
		return true
	}
	return false
}

// all reads terms joined by AND, written or not, up to the end or a closing
// parenthesis.
func (p *parser) all(depth int) (test, error) {
	var terms []test
	for {
		term, err := p.any(depth)
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if p.next("AND") {
			continue
		}
		if p.at == len(p.words) || p.words[p.at].is(")") {
			break
		}
	}
	return func(a *articlev1.Article) bool {
		for _, t := range terms {
			if !t(a) {
				return false
			}
		}
		return true
	}, nil
}

// any reads terms joined by OR.
func (p *parser) any(depth int) (test, error) {
	var terms []test
	for {
		term, err := p.term(depth)
		if err != nil {
			return nil, err
		}
		terms = append(terms, term)
		if !p.next("OR") {
			break
		}
	}
	return func(a *articlev1.Article) bool {
		for _, t := range terms {
			if t(a) {
				return true
			}
		}
		return false
	}, nil
}

// term reads a comparison, a negation or a group.
func (p *parser) term(depth int) (test, error) {
	switch {
	case depth > maxDepth:
		return nil, refuse("the filter nests too deep")
	case p.next("NOT"):
		inner, err := p.term(depth + 1)
		if err != nil {
			return nil, err
		}
		return func(a *articlev1.Article) bool { return !inner(a) }, nil
	case p.next("("):
		inner, err := p.all(depth + 1)
		if err == nil && !p.next(")") {
			err = refuse("a parenthesis is not closed")
		}
		return inner, err
	case p.at+2 >= len(p.words):
		return nil, refuse("the filter ends too early; write for example language_code = \"lt\"")
	}
	field, operator, value := p.words[p.at], p.words[p.at+1], p.words[p.at+2]
	if !operator.is("=") && !operator.is("!=") && !operator.is(":") {
		return nil, refuse("after %q there must be =, != or :", field.text)
	}
	p.at += 3
	return restriction(field.text, operator.text, value.text, value.quoted)
}
