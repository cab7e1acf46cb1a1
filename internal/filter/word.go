package filter

import "strings"

// word is a keyword, a name, a value or a sign.
type word struct {
	text   string
	quoted bool
	sign   bool
}

// is reports whether the word is the keyword or sign.
func (w word) is(text string) bool { return !w.quoted && w.text == text }

// split cuts a filter into words. After a comparison sign a word reaches to the
// next space or parenthesis, so that a time needs no quotation marks.
func split(text string) ([]word, error) {
	var words []word
	ends := " \t\r\n()=:!<>\"'"
	for i := 0; i < len(text); {
		if strings.IndexByte(" \t\r\n", text[i]) >= 0 {
			i++
			continue
		}
		w, n, err := cut(text[i:], ends)
		if err != nil {
			return nil, err
		}
		words = append(words, w)
		i += n
		ends = " \t\r\n()=:!<>\"'"
		if w.sign && w.text != "(" && w.text != ")" {
			ends = " \t\r\n()"
		}
	}
	return words, nil
}

// cut returns the first word of a text and its length there. ends are what a
// word without quotation marks ends before.
func cut(text, ends string) (word, int, error) {
	if c := text[0]; c == '"' || c == '\'' {
		value, n, ok := unquote(text)
		if !ok {
			return word{}, 0, refuse("a quotation mark is not closed")
		}
		return word{text: value, quoted: true}, n, nil
	}
	for _, sign := range []string{"!=", "<=", ">=", "<", ">", "=", ":", "(", ")"} {
		if strings.HasPrefix(text, sign) {
			return word{text: sign, sign: true}, len(sign), nil
		}
	}
	n := strings.IndexAny(text, ends)
	switch n {
	case -1:
		n = len(text)
	case 0:
		return word{}, 0, refuse("%q has no place here", text[:1])
	}
	return word{text: text[:n]}, n, nil
}

// unquote reads up to the closing mark; a backslash keeps what follows.
func unquote(text string) (value string, length int, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case c == text[0]:
			return b.String(), i + 1, true
		case c == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", 0, false
}
