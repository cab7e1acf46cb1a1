// Package redact takes a text out of records: what was written, by people or
// programs, not who did it, when, or under which name it is found.
//
// A text is found as it was given, letter by letter, in every string and across
// the spans of rich text; not across blocks, items or cells. It is replaced by
// Marker, in identifiers that allow no such signs by IDMarker. Names of
// resources, principals who acted, and languages stay, and so do the slugs that
// the caller says are public: readers hold them.
package redact

import (
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// What stands in the place of a text.
const (
	Marker   = "[…]"
	IDMarker = "x"
)

// MinLength is the least number of characters of a text: shorter ones would be
// found all over.
const MinLength = 3

// Redactor takes one text out of records.
type Redactor struct {
	text string
	// keepSlug reports whether a slug, in which the text stands, stays.
	keepSlug func(slug string) bool
}

// New returns a Redactor for a text in NFC. It returns nil when the text is
// part of the marker and so could never be taken out.
func New(text string, keepSlug func(slug string) bool) *Redactor {
	if text == "" || strings.Contains(Marker, text) {
		return nil
	}
	return &Redactor{text: text, keepSlug: keepSlug}
}

// Text returns s without the text, and whether it was there.
func (r *Redactor) Text(s string) (string, bool) { return r.replace(s, Marker) }

// rounds is how often a text may be made anew by what stands around the marker
// before all that it stands in goes. Only texts that look like the marker are,
// and each round looks at everything.
const rounds = 16

// replace goes on until the text is not made anew by what stands around the
// marker.
func (r *Redactor) replace(s, marker string) (string, bool) {
	found := false
	for range rounds {
		if !strings.Contains(s, r.text) {
			return s, found
		}
		s, found = strings.ReplaceAll(s, r.text, marker), true
	}
	if strings.Contains(s, r.text) {
		s = marker
	}
	return s, found
}

// Message takes the text out of m, in place, and reports whether it was there.
func (r *Redactor) Message(m proto.Message) bool { return r.message(m.ProtoReflect()) }

func (r *Redactor) message(m protoreflect.Message) bool {
	switch m := m.Interface().(type) {
	case *articlev1.RichText:
		return r.richText(m)
	case *mediav1.Rendition:
		return false // addresses of files
	}
	found := false
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap():
			found = r.mapping(field, value.Map()) || found
		case field.IsList():
			found = r.list(field, value.List()) || found
		case field.Message() != nil:
			found = r.message(value.Message()) || found
		case field.Kind() == protoreflect.StringKind:
			if s, changed := r.field(field, value.String()); changed {
				m.Set(field, protoreflect.ValueOfString(s))
				found = true
			}
		}
		return true
	})
	return found
}

func (r *Redactor) list(field protoreflect.FieldDescriptor, list protoreflect.List) bool {
	found := false
	for i := range list.Len() {
		switch {
		case field.Message() != nil:
			found = r.message(list.Get(i).Message()) || found
		case field.Kind() == protoreflect.StringKind:
			if s, changed := r.field(field, list.Get(i).String()); changed {
				list.Set(i, protoreflect.ValueOfString(s))
				found = true
			}
		}
	}
	return found
}

func (r *Redactor) mapping(field protoreflect.FieldDescriptor, texts protoreflect.Map) bool {
	if field.MapValue().Kind() != protoreflect.StringKind {
		return false
	}
	type pair struct{ key, value string }
	changed := make(map[string]pair)
	texts.Range(func(key protoreflect.MapKey, value protoreflect.Value) bool {
		k, inKey := r.replace(key.String(), IDMarker)
		v, inValue := r.field(field, value.String())
		if inKey || inValue {
			changed[key.String()] = pair{k, v}
		}
		return true
	})
	for old, p := range changed {
		texts.Clear(protoreflect.ValueOfString(old).MapKey())
		texts.Set(protoreflect.ValueOfString(p.key).MapKey(), protoreflect.ValueOfString(p.value))
	}
	return len(changed) > 0
}

// field takes the text out of one field, as far as it is of a kind that may
// hold it.
func (r *Redactor) field(field protoreflect.FieldDescriptor, s string) (string, bool) {
	switch field.Name() {
	case "name", "uid", "etag", "language_code", "photo", "resource", "article", "path", "aliases",
		"creator", "submitter", "reviewer", "author", "rule", "fingerprint", "mime_type",
		"time_zone", "wall_clock", "publish_time_texts":
		return s, false
	case "id", "quotation_id", "translation_group", "public_group", "group", "edit_session":
		return r.replace(s, IDMarker)
	case "slug", "public_slug":
		if !strings.Contains(s, r.text) || r.keepSlug(s) {
			return s, false
		}
		return r.replace(s, IDMarker)
	}
	return r.Text(s)
}
