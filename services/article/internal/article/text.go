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
	var faults []error
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		path := string(field.Name())
		if root != "" {
			path = root + "." + path
		}
		switch {
		case field.IsMap():
			faults = append(faults, cleanMap(path, field, value.Map()))
		case field.IsList():
			faults = append(faults, cleanList(path, field, value.List()))
		case field.Kind() == protoreflect.StringKind:
			text, err := cleanText(path, manyLines(field), value.String())
			faults = append(faults, err)
			if err == nil && text != value.String() {
				m.Set(field, protoreflect.ValueOfString(text))
			}
		case field.Message() != nil:
			faults = append(faults, CleanTexts(path, value.Message()))
		}
		return true
	})
	return fault.Join(faults...)
}

func cleanList(path string, field protoreflect.FieldDescriptor, list protoreflect.List) error {
	var faults []error
	for i := range list.Len() {
		at := fmt.Sprintf("%s[%d]", path, i)
		switch {
		case field.Kind() == protoreflect.StringKind:
			text, err := cleanText(at, false, list.Get(i).String())
			faults = append(faults, err)
			if err == nil {
				list.Set(i, protoreflect.ValueOfString(text))
			}
		case field.Message() != nil:
			faults = append(faults, CleanTexts(at, list.Get(i).Message()))
		}
	}
	return fault.Join(faults...)
}

func cleanMap(path string, field protoreflect.FieldDescriptor, texts protoreflect.Map) error {
	if field.MapValue().Kind() != protoreflect.StringKind {
		return nil
	}
	var faults []error
	texts.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		_, keyErr := cleanText(path, false, key.String())
		text, err := cleanText(path, true, value.String())
		faults = append(faults, keyErr, err)
		if err == nil {
			texts.Set(key, protoreflect.ValueOfString(text))
		}
		return true
	})
	return fault.Join(faults...)
}

func cleanText(path string, manyLines bool, text string) (string, error) {
	normal, err := lang.NormalizeText(text)
	if e, ok := errors.AsType[*lang.TextError](err); ok {
		return text, fault.Invalid(path, faultv1.Reason_REASON_INVALID_TEXT, "%s", e.Error())
	}
	if err != nil {
		return text, fmt.Errorf("normalize %s: %w", path, err)
	}
	if !manyLines && strings.ContainsRune(normal, '\n') {
		return text, fault.Invalid(path, faultv1.Reason_REASON_INVALID_TEXT, "this text has one line; remove the line break")
	}
	return normal, nil
}

// manyLines reports whether line breaks belong to the texts of a field.
func manyLines(field protoreflect.FieldDescriptor) bool {
	switch field.FullName() {
	case "skaitykla.article.v1.Span.text", "skaitykla.article.v1.PhotoPlacement.caption":
		return true
	}
	return false
}
