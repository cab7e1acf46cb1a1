package diff_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/diff"
)

// filler puts a text of its own into every string that a message can hold.
type filler struct {
	t     *testing.T
	texts []string
}

func (f *filler) next() string {
	f.texts = append(f.texts, fmt.Sprintf("tekstas%d", len(f.texts)))
	return f.texts[len(f.texts)-1]
}

func (f *filler) message(m protoreflect.Message, depth int) {
	if text, ok := m.Interface().(*articlev1.RichText); ok {
		text.Spans = []*articlev1.Span{{Text: f.next()}}
		return
	}
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		field := fields.Get(i)
		if field.FullName() == "skaitykla.article.v1.PhotoPlacement.placed" {
			continue // output only
		}
		f.field(m, field, depth)
	}
}

func (f *filler) field(m protoreflect.Message, field protoreflect.FieldDescriptor, depth int) {
	text := field.Kind() == protoreflect.StringKind
	switch {
	case field.IsMap(), field.Kind() == protoreflect.BytesKind:
		f.t.Errorf("%s is of a kind that the diff does not look into", field.FullName())
	case field.Message() != nil && depth == 0:
	case field.IsList() && text:
		m.Mutable(field).List().Append(protoreflect.ValueOfString(f.next()))
	case field.IsList() && field.Message() != nil:
		f.message(m.Mutable(field).List().AppendMutable().Message(), depth-1)
	case text:
		m.Set(field, protoreflect.ValueOfString(f.next()))
	case field.Message() != nil:
		f.message(m.Mutable(field).Message(), depth-1)
	}
}

// Every text of every field and of every type of block is told, also of those
// that are yet to be added to the proto.
func TestEveryText(t *testing.T) {
	for _, name := range article.ContentFields() {
		if name == "blocks" {
			continue
		}
		f, to := &filler{t: t}, &articlev1.Article{}
		f.field(to.ProtoReflect(), to.ProtoReflect().Descriptor().Fields().ByName(name), 8)
		fields, _ := diff.Articles(&articlev1.Article{}, to)
		if len(fields) != 1 || fields[0].GetField() != string(name) {
			t.Errorf("%s: got %v", name, fields)
			continue
		}
		covered(t, string(name), f.texts, fields[0].GetTexts())
	}
	types := (&articlev1.Block{}).ProtoReflect().Descriptor().Oneofs().ByName("content").Fields()
	for i := range types.Len() {
		f, base, to := &filler{t: t}, paragraph("a", ""), &articlev1.Block{Id: "a"}
		if types.Get(i).Name() == "paragraph" {
			base = &articlev1.Block{Id: "a"}
		}
		f.field(to.ProtoReflect(), types.Get(i), 8)
		_, blocks := diff.Articles(&articlev1.Article{Blocks: []*articlev1.Block{base}}, &articlev1.Article{Blocks: []*articlev1.Block{to}})
		if len(blocks) != 1 {
			t.Errorf("%s: got %v", types.Get(i).Name(), blocks)
			continue
		}
		if len(f.texts) == 0 && types.Get(i).Name() != "divider" {
			t.Errorf("%s has no text", types.Get(i).Name())
		}
		covered(t, string(types.Get(i).Name()), f.texts, blocks[0].GetTexts())
	}
}

func covered(t *testing.T, name string, texts []string, told []*articlev1.TextDiff) {
	t.Helper()
	paths := make(map[string]string)
	for _, d := range told {
		if !strings.HasPrefix(d.GetPath(), name) {
			t.Errorf("%s: a text stands at %s", name, d.GetPath())
		}
		for _, s := range d.GetSegments() {
			paths[s.GetText()] = d.GetPath()
		}
	}
	for _, text := range texts {
		delete(paths, text)
	}
	if len(told) != len(texts) || len(paths) != 0 {
		t.Errorf("%s: %d texts are told of %d; unknown %v", name, len(told), len(texts), slices.Sorted(maps.Values(paths)))
	}
}
