package article

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// CleanTexts brings every string in m to NFC, in place. It fails with
// INVALID_TEXT, naming each field below root, for control characters and for
// line breaks where a text has one line.
func CleanTexts(root string, m protoreflect.Message) error {
	c := &cleaner{place: []step{{name: root, index: -1}}}
	c.message(m)
	return fault.Join(c.faults...)
}

// CleanNote returns a note in NFC; it may have several lines. It fails with
// INVALID_TEXT on the field for control characters.
func CleanNote(field, note string) (string, error) {
	c := &cleaner{place: []step{{name: field, index: -1}}}
	note = c.text(true, note)
	return note, fault.Join(c.faults...)
}

// cleaner walks a message. Where it is becomes a path only when that is told.
type cleaner struct {
	place  []step
	faults []error
}

// step is a field, or with an index above -1 an item of a list.
type step struct {
	name  string
	index int
}

func (c *cleaner) enter(s step) { c.place = append(c.place, s) }

func (c *cleaner) leave() { c.place = c.place[:len(c.place)-1] }

func (c *cleaner) path() string {
	var path strings.Builder
	for i, s := range c.place {
		switch {
		case s.index >= 0:
			fmt.Fprintf(&path, "[%d]", s.index)
		case i > 0:
			path.WriteString("." + s.name)
		default:
			path.WriteString(s.name)
		}
	}
	return path.String()
}

func (c *cleaner) message(m protoreflect.Message) {
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		text := field.Kind() == protoreflect.StringKind
		if !text && field.Message() == nil {
			return true
		}
		c.enter(step{string(field.Name()), -1})
		defer c.leave()
		switch {
		case field.IsMap():
			c.mapping(field, value.Map())
		case field.IsList():
			c.list(text, value.List())
		case text:
			if clean := c.text(manyLines(field), value.String()); clean != value.String() {
				m.Set(field, protoreflect.ValueOfString(clean))
			}
		default:
			c.message(value.Message())
		}
		return true
	})
}

func (c *cleaner) list(texts bool, list protoreflect.List) {
	for i := range list.Len() {
		c.enter(step{index: i})
		if texts {
			list.Set(i, protoreflect.ValueOfString(c.text(false, list.Get(i).String())))
		} else {
			c.message(list.Get(i).Message())
		}
		c.leave()
	}
}

func (c *cleaner) mapping(field protoreflect.FieldDescriptor, texts protoreflect.Map) {
	if field.MapValue().Kind() != protoreflect.StringKind {
		return
	}
	texts.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		c.text(false, key.String())
		texts.Set(key, protoreflect.ValueOfString(c.text(true, value.String())))
		return true
	})
}

// text returns a text in NFC. What is wrong with it goes to the faults.
func (c *cleaner) text(manyLines bool, text string) string {
	if plainText(text) && (manyLines || !strings.Contains(text, "\n")) {
		return text
	}
	normal, err := lang.NormalizeText(text)
	e, refused := errors.AsType[*lang.TextError](err)
	switch {
	case refused:
		err = fault.Invalid(c.path(), faultv1.Reason_REASON_INVALID_TEXT, "%s", e.Error())
	case err != nil:
		err = fmt.Errorf("normalize %s: %w", c.path(), err)
	case !manyLines && strings.Contains(normal, "\n"):
		err = fault.Invalid(c.path(), faultv1.Reason_REASON_INVALID_TEXT, "this text has one line; remove the line break")
	default:
		return normal
	}
	c.faults = append(c.faults, err)
	return text
}

// plainText reports whether a text is made only of line feeds and of letters and
// signs that are allowed and NFC wherever they stand: ASCII, Latin-1, Latin
// Extended-A and common punctuation. That is most texts, and quick to see.
func plainText(text string) bool {
	for i := 0; i < len(text); i++ {
		if b := text[i]; b >= ' ' && b < 0x7f || b == '\n' {
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r < 0xa0 || r > 0x17f && r < 0x2010 || r > 0x2027 {
			return false
		}
		i += size - 1
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
