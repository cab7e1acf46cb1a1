package contract_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
)

// TestResources holds what resources say about themselves against AIP-122 and
// 123.
func TestResources(t *testing.T) {
	for _, m := range contract.Resources() {
		r := contract.Resource(m)
		one := strings.ToLower(string(m.Name()[:1])) + string(m.Name()[1:])
		if r.GetType() != "skaitykla.dev/"+string(m.Name()) || r.GetSingular() != one || r.GetPlural() == "" {
			t.Errorf("%s: type %s, singular %s, plural %s", m.FullName(), r.GetType(), r.GetSingular(), r.GetPlural())
		}
		for _, p := range r.GetPattern() {
			// A resource below another one may leave its parent's word out
			// (AIP-122): ArticleRevision is at .../revisions/{revision}.
			short := snake(one)[strings.LastIndex(snake(one), "_")+1:]
			want := r.GetPlural() + "/{" + snake(one) + "}"
			if p != want && !strings.HasSuffix(p, "/"+want) && !strings.HasSuffix(p, "}/"+short+"s/{"+short+"}") {
				t.Errorf("%s: the pattern %s does not end in %s", m.FullName(), p, want)
			}
		}
		for _, want := range []protoreflect.Name{"name", "uid", "create_time", "update_time", "etag"} {
			if missing := m.Fields().ByName(want) == nil; missing != slices.Contains(unchanging[m.Name()], want) {
				t.Errorf("%s: lacks %s: %v", m.FullName(), want, missing)
			}
		}
		if first := m.Fields().Get(0).Name(); first != "name" {
			t.Errorf("%s begins with %s", m.FullName(), first)
		}
	}
}

// TestReferences asks that every name of a resource says of which, and names
// one that there is.
func TestReferences(t *testing.T) {
	var types []string
	for _, m := range contract.Resources() {
		types = append(types, contract.Resource(m).GetType())
	}
	for _, f := range contract.Fields(contract.Messages()) {
		kind, parent := contract.Reference(f)
		if kind != "" && !slices.Contains(types, kind) {
			t.Errorf("%s refers to %s, which is not there", f.FullName(), kind)
		}
		own := contract.Resource(f.ContainingMessage()) != nil
		switch f.Name() {
		case "name", "names":
			if !own && (kind == "" || parent) {
				t.Errorf("%s does not say what it names", f.FullName())
			}
		case "parent":
			if kind == "" || !parent {
				t.Errorf("%s does not say of what it is the parent", f.FullName())
			}
		}
	}
}

// TestLists holds lists against AIP-132 and 158.
func TestLists(t *testing.T) {
	for _, m := range contract.Methods() {
		kind, noun := split(m)
		if kind != "List" || foreign(m) {
			continue
		}
		in, out := m.Input().Fields(), m.Output().Fields()
		root := !strings.Contains(pattern(singular(t, noun)), "}/")
		if (in.ByName("parent") == nil) != root {
			t.Errorf("%s: top-level is %v, yet parent says otherwise", m.FullName(), root)
		}
		wantKind(t, m, in.ByName("page_size"), protoreflect.Int32Kind)
		wantKind(t, m, in.ByName("page_token"), protoreflect.StringKind)
		wantKind(t, m, out.ByName("next_page_token"), protoreflect.StringKind)
		known := []protoreflect.Name{"parent", "page_size", "page_token", "filter", "order_by", "show_deleted", "read_mask", "view"}
		deviation := protoreflect.FullName("skaitykla.article.v1.ListArticlesRequest.language_codes") // its comment says why
		for _, f := range contract.Fields([]protoreflect.MessageDescriptor{m.Input()}) {
			if !slices.Contains(known, f.Name()) && f.FullName() != deviation {
				t.Errorf("%s is not a field of lists", f.FullName())
			}
			if f.Name() != "parent" && !slices.Contains(contract.Behavior(f), annotations.FieldBehavior_OPTIONAL) {
				t.Errorf("%s is not OPTIONAL", f.FullName())
			}
		}
		first := out.Get(0)
		if !first.IsList() || first.Number() != 1 || first.Message() == nil || contract.Resource(first.Message()) == nil ||
			string(first.Name()) != snake(noun) || out.Len() != 2 {
			t.Errorf("%s answers with something else than its resources and the next token", m.FullName())
		}
	}
}

func wantKind(t *testing.T, m protoreflect.MethodDescriptor, f protoreflect.FieldDescriptor, kind protoreflect.Kind) {
	t.Helper()
	if f == nil || f.Kind() != kind || f.IsList() {
		t.Errorf("%s: %v is not one %v", m.FullName(), f, kind)
	}
}

// TestSoftDelete asks that what can be restored tells until when (AIP-164).
func TestSoftDelete(t *testing.T) {
	for _, m := range contract.Methods() {
		verb, noun := split(m)
		if verb != "Undelete" {
			continue
		}
		for _, r := range contract.Resources() {
			if string(r.Name()) == noun && (r.Fields().ByName("delete_time") == nil || r.Fields().ByName("purge_time") == nil) {
				t.Errorf("%s does not tell when it was deleted and is purged", r.FullName())
			}
		}
	}
}
