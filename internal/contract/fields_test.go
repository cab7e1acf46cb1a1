package contract_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
)

const timestamp = "google.protobuf.Timestamp"

// TestFieldBehavior asks for a behavior on all that a caller can send and on
// resources (AIP-203). Of a oneof the linter asks for none.
func TestFieldBehavior(t *testing.T) {
	for _, f := range contract.Fields(append(contract.Requests(), contract.Resources()...)) {
		behavior := contract.Behavior(f)
		name := f.Name() == "name" && contract.Resource(f.ContainingMessage()) != nil
		switch {
		case name && !slices.Equal(behavior, []annotations.FieldBehavior{annotations.FieldBehavior_IDENTIFIER}):
			t.Errorf("%s is %v, want IDENTIFIER only", f.FullName(), behavior)
		case !name && slices.Contains(behavior, annotations.FieldBehavior_IDENTIFIER):
			t.Errorf("%s is IDENTIFIER, which only the name of a resource is", f.FullName())
		case len(behavior) == 0 && f.ContainingOneof() == nil:
			t.Errorf("%s has no field_behavior", f.FullName())
		case len(behavior) > 1 && slices.Contains(behavior, annotations.FieldBehavior_OPTIONAL):
			t.Errorf("%s is OPTIONAL and something else: %v", f.FullName(), behavior)
		}
	}
}

// TestServerSets asks that what only the server knows is OUTPUT_ONLY.
func TestServerSets(t *testing.T) {
	for _, f := range contract.Fields(contract.Resources()) {
		switch f.Name() {
		case "uid", "state", "create_time", "update_time", "delete_time", "purge_time", "creator":
			if !slices.Contains(contract.Behavior(f), annotations.FieldBehavior_OUTPUT_ONLY) {
				t.Errorf("%s is not OUTPUT_ONLY", f.FullName())
			}
		case "etag":
			if f.Kind() != protoreflect.StringKind {
				t.Errorf("%s is not a string", f.FullName())
			}
		}
	}
}

// TestUUIDs asks that what is a UUID says so (AIP-148, AIP-155, AIP-202).
func TestUUIDs(t *testing.T) {
	for _, f := range contract.Fields(contract.Messages()) {
		uuid := f.Name() == "uid" || f.Name() == "request_id"
		if got := contract.Format(f) == annotations.FieldInfo_UUID4; got != uuid {
			t.Errorf("%s: the format UUID4 is %v, want %v", f.FullName(), got, uuid)
		}
	}
}

// TestFieldNames holds names against AIP-140 to 143.
func TestFieldNames(t *testing.T) {
	plain := regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z][a-z0-9]*)*$`)
	refused := []string{ // prepositions, long words, and words that stand for others
		"after", "at", "before", "between", "by", "except", "for", "from", "in", "of", "over", "per", "since", "to",
		"toward", "under", "upon", "with", "within", "without", "url", "urls", "configuration", "identifier",
		"information", "specification", "statistics", "colour", "licence", "status",
	}
	reserved := []string{ // by languages, or by AIP-143 in favor of another name
		"lang", "language", "country", "currency", "timezone", "tz", "mime", "content_type",
		"abstract", "case", "class", "const", "continue", "default", "delete", "do", "enum", "export", "final",
		"function", "import", "interface", "new", "null", "package", "private", "public", "return", "static", "true", "void",
	}
	for _, f := range contract.Fields(contract.Messages()) {
		name := string(f.Name())
		if !plain.MatchString(name) || slices.Contains(reserved, name) {
			t.Errorf("%s is not a name for a field", f.FullName())
		}
		if name == "order_by" || name == "take_over_slug" { // AIP-132, and one verb, as its comment says
			continue
		}
		for word := range strings.SplitSeq(name, "_") {
			if slices.Contains(refused, word) {
				t.Errorf("%s has the word %q", f.FullName(), word)
			}
		}
		if strings.HasSuffix(name, "_name") && name != "display_name" {
			t.Errorf("%s ends in _name (AIP-122)", f.FullName())
		}
	}
}

// TestFieldTypes holds types against AIP-141, 142 and 146.
func TestFieldTypes(t *testing.T) {
	for _, f := range contract.Fields(contract.Messages()) {
		time := f.Message() != nil && f.Message().FullName() == timestamp
		if named := strings.HasSuffix(string(f.Name()), "_time") || f.IsList() && strings.HasSuffix(string(f.Name()), "_times"); named != time {
			t.Errorf("%s: a Timestamp is %v, its name says %v", f.FullName(), time, named)
		}
		switch f.Kind() {
		case protoreflect.Uint32Kind, protoreflect.Uint64Kind, protoreflect.Fixed32Kind, protoreflect.Fixed64Kind:
			t.Errorf("%s is unsigned", f.FullName())
		case protoreflect.MessageKind:
			if name := f.Message().FullName(); name == "google.protobuf.Any" || name == "google.protobuf.Struct" {
				t.Errorf("%s can be anything: %s", f.FullName(), name)
			}
		default: // any other will do
		}
	}
}

// TestEnums asks for a first value that says nothing (AIP-126), and that a
// State stands in what has it (AIP-216).
func TestEnums(t *testing.T) {
	for _, f := range contract.Fields(contract.Messages()) {
		enum := f.Enum()
		if enum == nil {
			continue
		}
		if zero := string(enum.Values().Get(0).Name()); !strings.HasSuffix(zero, "_UNSPECIFIED") || enum.Values().Get(0).Number() != 0 {
			t.Errorf("%s: the first value is %s", enum.FullName(), zero)
		}
		if _, nested := enum.Parent().(protoreflect.MessageDescriptor); !nested && enum.Name() == "State" {
			t.Errorf("%s does not stand in a message", enum.FullName())
		}
	}
}
