package richtext

import (
	"strings"

	"golang.org/x/text/language"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Element returns the name of the HTML element for a mark; "" for unknown ones.
func Element(mark articlev1.Span_Mark) string {
	switch mark {
	case articlev1.Span_MARK_STRONG:
		return "strong"
	case articlev1.Span_MARK_EMPHASIS:
		return "em"
	case articlev1.Span_MARK_CODE:
		return "code"
	case articlev1.Span_MARK_SUPERSCRIPT:
		return "sup"
	case articlev1.Span_MARK_SUBSCRIPT:
		return "sub"
	case articlev1.Span_MARK_UNSPECIFIED:
	}
	return ""
}

// ForeignLanguage returns the code of a span for a lang attribute, if it is a
// language and not that of the text around it; else "".
func ForeignLanguage(code, around string) string {
	if code == "" || strings.EqualFold(code, around) {
		return ""
	}
	tag, err := language.Parse(code)
	if err != nil {
		return ""
	}
	return tag.String()
}
