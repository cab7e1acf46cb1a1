package diff

import (
	"fmt"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/richtext"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// walker compares messages field by field, whatever fields they have, so that
// no text can be forgotten.
type walker struct {
	budget int // steps that are left
	texts  []*articlev1.TextDiff
}

// collect returns the texts that walk found.
func (w *walker) collect(walk func()) []*articlev1.TextDiff {
	w.texts = nil
	walk()
	return w.texts
}

// message compares two messages of one type, of which one may not be set.
func (w *walker) message(path string, base, to protoreflect.Message) {
	if a, ok := base.Interface().(*articlev1.RichText); ok {
		if b, ok := to.Interface().(*articlev1.RichText); ok {
			w.text(path, richtext.Plain(a), richtext.Plain(b))
		}
		return
	}
	fields := to.Descriptor().Fields()
	for i := range fields.Len() {
		if field := fields.Get(i); base.Has(field) || to.Has(field) {
			w.field(path, field, base, to)
		}
	}
}

func (w *walker) field(path string, field protoreflect.FieldDescriptor, base, to protoreflect.Message) {
	if path != "" {
		path += "."
	}
	path += string(field.Name())
	switch {
	case field.IsList():
		w.list(path, field, base.Get(field).List(), to.Get(field).List())
	case field.Kind() == protoreflect.StringKind:
		w.text(path, base.Get(field).String(), to.Get(field).String())
	case field.Message() != nil && !field.IsMap():
		w.message(path, base.Get(field).Message(), to.Get(field).Message())
	}
}

// list compares the members of lists that belong together. A path names a
// member by where it is, or where it was if it was removed.
func (w *walker) list(path string, field protoreflect.FieldDescriptor, base, to protoreflect.List) {
	if field.Kind() != protoreflect.StringKind && field.Message() == nil {
		return
	}
	for _, p := range w.align(keys(base), keys(to)) {
		at := fmt.Sprintf("%s[%d]", path, p.to)
		if p.to < 0 {
			at = fmt.Sprintf("%s[%d]", path, p.base)
		}
		if field.Kind() == protoreflect.StringKind {
			w.text(at, stringAt(base, p.base), stringAt(to, p.to))
		} else {
			w.message(at, messageAt(base, p.base), messageAt(to, p.to))
		}
	}
}

func stringAt(l protoreflect.List, i int) string {
	if i < 0 {
		return ""
	}
	return l.Get(i).String()
}

// messageAt returns a member, or for -1 one that is empty.
func messageAt(l protoreflect.List, i int) protoreflect.Message {
	if i < 0 {
		return l.NewElement().Message()
	}
	return l.Get(i).Message()
}

// keys returns what makes two members of lists the same thing: a photo is the
// same one with another caption.
func keys(l protoreflect.List) []string {
	result := make([]string, l.Len())
	for i := range result {
		member := l.Get(i).Interface()
		m, ok := member.(protoreflect.Message)
		if !ok {
			result[i] = fmt.Sprint(member)
			continue
		}
		if p, ok := m.Interface().(*articlev1.PhotoPlacement); ok {
			result[i] = p.GetPhoto()
			continue
		}
		// What cannot be encoded differs from everything else by its place.
		encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(m.Interface())
		if err != nil {
			encoded = []byte{0, byte(i)}
		}
		result[i] = string(encoded)
	}
	return result
}

// pair is a member of a list in both versions; -1 where there is none.
type pair struct{ base, to int }

// align pairs members that are the same, and between them those that are left
// in order, as edits of one another.
func (w *walker) align(base, to []string) []pair {
	a, b := intern(base, to)
	var pairs []pair
	for _, r := range w.compare(a, b) {
		for n := range max(r.base.len(), r.to.len()) {
			p := pair{-1, -1}
			if n < r.base.len() {
				p.base = r.base.from + n
			}
			if n < r.to.len() {
				p.to = r.to.from + n
			}
			pairs = append(pairs, p)
		}
	}
	return pairs
}
