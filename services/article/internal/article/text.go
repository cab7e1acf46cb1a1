package article

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// CleanTexts brings every string in m to NFC, in place. It fails with
// INVALID_TEXT, naming each field below root, for control characters and for
// line breaks where a text has one line.
func CleanTexts(root string, m protoreflect.Message) error {
	return fault.Join(cleanMessage(&place{name: root, index: -1}, m)...)
}

// place is where a text stands; it becomes a path only when that is told.
type place struct {
	above *place
	name  string
	index int // in a list, else -1
}

func (p *place) String() string {
	switch {
	case p.index >= 0:
		return fmt.Sprintf("%s[%d]", p.above, p.index)
	case p.above == nil:
		return p.name
	}
	return p.above.String() + "." + p.name
}

func cleanMessage(at *place, m protoreflect.Message) []error {
	var faults []error
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		text, message := field.Kind() == protoreflect.StringKind, field.Message() != nil
		if !text && !message {
			return true
		}
		here := &place{above: at, name: string(field.Name()), index: -1}
		switch {
		case field.IsMap():
			faults = append(faults, cleanMap(here, field, value.Map())...)
		case field.IsList():
			faults = append(faults, cleanList(here, text, value.List())...)
		case text:
			clean, err := cleanText(here, manyLines(field), value.String())
			if err != nil {
				faults = append(faults, err)
			} else if clean != value.String() {
				m.Set(field, protoreflect.ValueOfString(clean))
			}
		default:
			faults = append(faults, cleanMessage(here, value.Message())...)
		}
		return true
	})
	return faults
}

func cleanList(at *place, texts bool, list protoreflect.List) []error {
	var faults []error
	for i := range list.Len() {
		here := &place{above: at, index: i}
		if !texts {
			faults = append(faults, cleanMessage(here, list.Get(i).Message())...)
			continue
		}
		clean, err := cleanText(here, false, list.Get(i).String())
		if err != nil {
			faults = append(faults, err)
			continue
		}
		list.Set(i, protoreflect.ValueOfString(clean))
	}
	return faults
}

func cleanMap(at *place, field protoreflect.FieldDescriptor, texts protoreflect.Map) []error {
	if field.MapValue().Kind() != protoreflect.StringKind {
		return nil
	}
	var faults []error
	texts.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		if _, err := cleanText(at, false, key.String()); err != nil {
			faults = append(faults, err)
		}
		clean, err := cleanText(at, true, value.String())
		if err != nil {
			faults = append(faults, err)
			return true
		}
		texts.Set(key, protoreflect.ValueOfString(clean))
		return true
	})
	return faults
}

func cleanText(at *place, manyLines bool, text string) (string, error) {
	if plainText(text) && (manyLines || !strings.ContainsRune(text, '\n')) {
		return text, nil
	}
	normal, err := lang.NormalizeText(text)
	if e, ok := errors.AsType[*lang.TextError](err); ok {
		return text, fault.Invalid(at.String(), faultv1.Reason_REASON_INVALID_TEXT, "%s", e.Error())
	}
	if err != nil {
		return text, fmt.Errorf("normalize %s: %w", at, err)
	}
	if !manyLines && strings.ContainsRune(normal, '\n') {
		return text, fault.Invalid(at.String(), faultv1.Reason_REASON_INVALID_TEXT, "this text has one line; remove the line break")
	}
	return normal, nil
}

// plainText reports whether a text is made only of line feeds and of letters and
// signs that are allowed and NFC wherever they stand: ASCII, Latin-1, Latin
// Extended-A and common punctuation. That is most texts, and quick to see.
func plainText(text string) bool {
	for _, r := range text {
		switch {
		case r >= ' ' && r < 0x7f, r == '\n', r >= 0xa0 && r <= 0x17f, r >= 0x2010 && r <= 0x2027:
		default:
			return false
		}
	}
	return true
}

// manyLines reports whether line breaks belong to the texts of a field.
func manyLines(field protoreflect.FieldDescriptor) bool {
	switch field.FullName() {
	case "skaitykla.article.v1.Span.text", "skaitykla.article.v1.PhotoPlacement.caption":
		return true
	}
	return false
}
