package contract_test

import (
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/genproto/googleapis/api/annotations"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
)

// TestLimits asks that everything a caller can send has a limit that is
// enforced before a service sees it: texts and bytes their length, lists and
// maps their number, enums their values, and names their form.
func TestLimits(t *testing.T) {
	for _, f := range contract.Fields(contract.Requests()) {
		if slices.Contains(contract.Behavior(f), annotations.FieldBehavior_OUTPUT_ONLY) {
			continue
		}
		rules, err := protovalidate.ResolveFieldRules(f)
		if err != nil {
			t.Fatalf("%s: %v", f.FullName(), err)
		}
		lists, maps := rules.GetRepeated(), rules.GetMap()
		switch {
		case f.IsMap():
			if !maps.HasMaxPairs() || !bounded(maps.GetKeys().GetString()) || !bounded(maps.GetValues().GetString()) {
				t.Errorf("%s: a map without limits", f.FullName())
			}
			continue
		case f.IsList():
			if !lists.HasMaxItems() {
				t.Errorf("%s: a list without a limit", f.FullName())
			}
			rules = lists.GetItems()
		}
		switch f.Kind() {
		case protoreflect.StringKind:
			if !bounded(rules.GetString()) {
				t.Errorf("%s: a text without a limit", f.FullName())
			}
			if kind, _ := contract.Reference(f); kind != "" && rules.GetString().GetPattern() == "" {
				t.Errorf("%s: a resource name of any form", f.FullName())
			}
		case protoreflect.BytesKind:
			if !rules.GetBytes().HasMaxLen() {
				t.Errorf("%s: bytes without a limit", f.FullName())
			}
		case protoreflect.EnumKind:
			if !rules.GetEnum().GetDefinedOnly() {
				t.Errorf("%s: an enum of any value", f.FullName())
			}
		case protoreflect.Int32Kind, protoreflect.Int64Kind:
			if rules.GetInt32() == nil && rules.GetInt64() == nil {
				t.Errorf("%s: a number without limits", f.FullName())
			}
		default: // messages are looked at themselves, and a bool has two values
		}
	}
}

// text is the rules of a string field, as far as they bound its length.
type text interface {
	HasMaxLen() bool
	GetPattern() string
	GetUuid() bool
}

// bounded reports whether a text cannot be of any length: by a limit, or by a
// pattern in which nothing repeats without end.
func bounded(rules text) bool {
	pattern := rules.GetPattern()
	return rules.HasMaxLen() || rules.GetUuid() || (pattern != "" && !strings.ContainsAny(pattern, "*+"))
}
