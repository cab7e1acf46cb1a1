package contract_test

import (
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
	"github.com/skaitykla/skaitykla/internal/rpc"
)

// TestAccess asks that every method names a permission of the matrix, and a
// second one exactly where a request can ask for more than the public sees.
func TestAccess(t *testing.T) {
	for _, m := range contract.Methods() {
		access, err := rpc.AccessOf(m)
		if err != nil {
			t.Error(err)
			continue
		}
		fields := m.Input().Fields()
		more := fields.ByName("view") != nil || fields.ByName("show_deleted") != nil || fields.ByName("read_time") != nil
		if (access.GetWorkingPermission() != "") != more {
			t.Errorf("%s: working_permission is %q, the request can ask for more: %v", m.FullName(), access.GetWorkingPermission(), more)
		}
	}
}

// TestMutations asks that every method with an effect can be sent again
// (AIP-155), and that none without one pretends to.
func TestMutations(t *testing.T) {
	for _, m := range contract.Methods() {
		input := m.Input()
		if m.FullName() == uploads {
			input = input.Fields().ByName("description").Message()
		}
		id := input.Fields().ByName("request_id")
		if (id != nil) != changes(m) {
			t.Errorf("%s: has an effect: %v, has a request_id: %v", m.FullName(), changes(m), id != nil)
		}
	}
}

// TestEtags asks that whoever changes what is there says what they saw
// (AIP-154): in the request or in the resource that it carries.
func TestEtags(t *testing.T) {
	for _, m := range contract.Methods() {
		verb, noun := split(m)
		if !changes(m) || verb == "Create" || m.FullName() == uploads || m.FullName() == imports || m.FullName() == counts || operates(m) {
			continue
		}
		input := m.Input()
		if verb == "Update" {
			input = input.Fields().ByName(protoreflect.Name(snake(noun))).Message()
		}
		if input.Fields().ByName("etag") == nil {
			t.Errorf("%s takes no etag", m.FullName())
		}
	}
}

// TestNames asks that messages are called after their method, except where the
// answer is the resource itself or nothing, and that `name` is the name of what
// the method is called after (AIP-131 to 136).
func TestNames(t *testing.T) {
	for _, m := range contract.Methods() {
		if foreign(m) {
			continue
		}
		verb, noun := split(m)
		if noun == "" {
			t.Errorf("%s is not a verb and a noun", m.FullName())
		}
		if got, want := m.Input().Name(), m.Name()+"Request"; got != want {
			t.Errorf("%s takes %s, want %s", m.FullName(), got, want)
		}
		output := m.Output()
		own := contract.Resource(output) != nil && string(output.Name()) == noun
		nothing := verb == "Delete" && output.FullName() == "google.protobuf.Empty"
		if !own && !nothing && !operates(m) && !steps[m.FullName()] && output.Name() != m.Name()+"Response" {
			t.Errorf("%s answers with %s", m.FullName(), output.FullName())
		}
		if f := m.Input().Fields().ByName("name"); f != nil {
			if kind, _ := contract.Reference(f); kind != "skaitykla.dev/"+noun {
				t.Errorf("%s: name is that of a %s; call the field after it", m.FullName(), kind)
			}
		}
	}
}

// TestSignatures asks that what is required is in every method_signature
// (AIP-4232), and that a method called by REST has one.
func TestSignatures(t *testing.T) {
	for _, m := range contract.Methods() {
		signatures, _ := proto.GetExtension(m.Options(), annotations.E_MethodSignature).([]string)
		if len(signatures) == 0 && !withoutREST[m.FullName()] {
			t.Errorf("%s has no method_signature", m.FullName())
		}
		for _, signature := range signatures {
			named := strings.Split(signature, ",")
			for _, f := range contract.Fields([]protoreflect.MessageDescriptor{m.Input()}) {
				required := slices.Contains(contract.Behavior(f), annotations.FieldBehavior_REQUIRED)
				if required && !slices.Contains(named, string(f.Name())) {
					t.Errorf("%s: the signature %q lacks %s", m.FullName(), signature, f.Name())
				}
			}
			for _, name := range named {
				if name != "" && m.Input().Fields().ByName(protoreflect.Name(name)) == nil {
					t.Errorf("%s: the signature %q names the unknown field %s", m.FullName(), signature, name)
				}
			}
		}
	}
}

// snake returns a camel-case name in snake case.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
