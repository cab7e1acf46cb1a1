package article_test

import (
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// TestContentFields keeps TakeContent and ContentFields true to each other and
// to the proto: a field that is neither content nor known state fails here.
func TestContentFields(t *testing.T) {
	full := &articlev1.Article{}
	fillFields(full.ProtoReflect(), 3)
	content := article.Content(full).ProtoReflect()
	want := make(map[protoreflect.Name]bool)
	for _, name := range article.ContentFields() {
		want[name] = true
	}
	state := map[protoreflect.Name]bool{
		"name": true, "uid": true, "language_code": true, "annotations": true, "state": true, "creator": true,
		"create_time": true, "update_time": true, "publish_time": true, "first_public_time": true,
		"delete_time": true, "purge_time": true, "revision": true, "published_revision": true,
		"publish_time_texts": true, "path": true, "etag": true, "aliases": true, "translations": true,
		"review": true, "findings_summary": true, "waivers": true,
	}
	fields := content.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		if got := content.Has(f); got != want[f.Name()] {
			t.Errorf("%s: in the content %v, listed as content %v", f.Name(), got, want[f.Name()])
		}
		if want[f.Name()] == state[f.Name()] {
			t.Errorf("%s: decide whether it is content or state", f.Name())
		}
	}
	for spot, p := range article.Placements(article.Content(full)) {
		if p.GetPlaced() != nil {
			t.Errorf("%s keeps what only the server sets", spot.Path())
		}
	}
}

// fillFields sets every field, messages down to depth.
func fillFields(m protoreflect.Message, depth int) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		f := fields.Get(i)
		switch {
		case f.IsMap():
			m.Mutable(f).Map().Set(protoreflect.ValueOfString("k").MapKey(), protoreflect.ValueOfString("v"))
		case f.IsList() && f.Message() != nil:
			e := m.Mutable(f).List().AppendMutable()
			if depth > 0 {
				fillFields(e.Message(), depth-1)
			}
		case f.IsList() && f.Kind() == protoreflect.StringKind:
			m.Mutable(f).List().Append(protoreflect.ValueOfString("x"))
		case f.Message() != nil && !f.IsList():
			if depth > 0 {
				fillFields(m.Mutable(f).Message(), depth-1)
			}
		case f.Kind() == protoreflect.StringKind:
			m.Set(f, protoreflect.ValueOfString("x"))
		case f.Kind() == protoreflect.Int64Kind && !f.IsList():
			m.Set(f, protoreflect.ValueOfInt64(1))
		case f.Kind() == protoreflect.EnumKind && !f.IsList():
			m.Set(f, protoreflect.ValueOfEnum(1))
		}
	}
}
