package rpc

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"buf.build/go/protovalidate"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/contract"
	"github.com/skaitykla/skaitykla/internal/lang"
)

// textRule is what the protos say of a text.
type textRule interface {
	HasPattern() bool
	GetPattern() string
	HasMaxLen() bool
	GetMaxLen() uint64
}

// patternRules returns the rules with a pattern of a field itself, of its items,
// and of the keys and values of a map.
func patternRules(t *testing.T, field protoreflect.FieldDescriptor) []textRule {
	t.Helper()
	rules, err := protovalidate.ResolveFieldRules(field)
	if err != nil {
		t.Fatal(err)
	}
	items, pairs := rules.GetRepeated().GetItems(), rules.GetMap()
	all := []textRule{rules.GetString(), items.GetString(), pairs.GetKeys().GetString(), pairs.GetValues().GetString()}
	return slices.DeleteFunc(all, func(r textRule) bool { return !r.HasPattern() })
}

// TestEveryPatternHasASentence walks the patterns of the whole contract: each is
// told in every language, with an example that fits it.
func TestEveryPatternHasASentence(t *testing.T) {
	texts, err := embeddedTexts()
	if err != nil {
		t.Fatal(err)
	}
	used := make(map[string]bool)
	for _, field := range contract.Fields(contract.Messages()) {
		for _, rule := range patternRules(t, field) {
			p, ok := patternOf(rule.GetPattern())
			if !ok {
				t.Errorf("%s: nothing is said about %s; add it to patterns()", field.FullName(), rule.GetPattern())
				continue
			}
			used[rule.GetPattern()] = true
			tooLong := rule.HasMaxLen() && uint64(len(p.example)) > rule.GetMaxLen()
			if fits := regexp.MustCompile(rule.GetPattern()); tooLong || !fits.MatchString(p.example) {
				t.Errorf("%s: the example %q does not fit %s", field.FullName(), p.example, rule.GetPattern())
			}
			for _, code := range lang.Codes() {
				if text := texts(code, keyPattern+p.key, metaExample, p.example); !strings.Contains(text, p.example) {
					t.Errorf("%s: in %s it is said that %q", field.FullName(), code, text)
				}
			}
		}
	}
	if len(used) < 40 {
		t.Errorf("the walk found only %d patterns", len(used))
	}
	for expression := range patterns() {
		if !used[expression] {
			t.Errorf("no field has the pattern %s any more; take it out of patterns()", expression)
		}
	}
}

// TestNamePatterns tells names of resources from other texts.
func TestNamePatterns(t *testing.T) {
	for _, test := range []struct {
		expression string
		want       pattern
		ok         bool
	}{
		{`^sites/[a-z][a-z0-9-]{2,62}$`, pattern{"name", "sites/kaunas"}, true},
		{`^(sites/[a-z][a-z0-9-]{2,62}/articles/[a-z][a-z0-9-]{2,62})?$`, pattern{"name", "sites/kaunas/articles/knygu-muge"}, true},
		{`^sites/([a-z][a-z0-9-]{2,62}|-)/shareLinks/[^/]{1,64}$`, pattern{"any_name", "sites/kaunas/shareLinks/knygu-muge"}, true},
		{`^shelves/[a-z][a-z0-9-]{2,62}$`, pattern{}, false},
		{`^sites/[A-Z]+$`, pattern{}, false},
		{`^[a-z]+$`, pattern{}, false},
	} {
		if got, ok := patternOf(test.expression); got != test.want || ok != test.ok {
			t.Errorf("%s: got %+v, %v", test.expression, got, ok)
		}
	}
}
