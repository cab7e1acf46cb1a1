package lang

import (
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
)

// Message returns the text of key in the language. Arguments are pairs of a
// name and its value and replace {name}; values are inserted as they are and
// never searched for placeholders; escaping is the caller's. A key the language
// lacks is taken from English, and a key that nobody has is returned itself, so
// that a page shows something to search for rather than nothing.
func (l *Language) Message(key string, args ...string) string {
	text, ok := l.messages[key]
	if !ok && l.fallback != nil {
		text, ok = l.fallback.messages[key]
	}
	if !ok {
		return strings.Clone(key) // so that a caller may put keys together without allocating them
	}
	if len(args) < 2 {
		return text
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i]+"}", args[i+1])
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Count is Message for a number of things: it takes the form of key that the
// language uses with n ("key.one", "key.few", "key.other") and replaces {n}.
func (l *Language) Count(key string, n int, args ...string) string {
	form := plural.Cardinal.MatchPlural(l.tag, max(n, -n), 0, 0, 0, 0)
	args = append([]string{"n", strconv.Itoa(n)}, args...)
	for _, suffix := range []string{pluralSuffix(form), "other"} {
		if _, ok := l.messages[key+"."+suffix]; ok {
			return l.Message(key+"."+suffix, args...)
		}
	}
	if l.fallback != nil && l.fallback != l {
		return l.fallback.Count(key, n, args[2:]...)
	}
	return key
}

func pluralSuffix(form plural.Form) string {
	switch form {
	case plural.One:
		return "one"
	case plural.Two:
		return "two"
	case plural.Few:
		return "few"
	case plural.Many:
		return "many"
	case plural.Zero:
		return "zero"
	case plural.Other:
	}
	return "other"
}
