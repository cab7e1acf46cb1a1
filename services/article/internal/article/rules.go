package article

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article/pathrule"
)

// checkPathRules fails with INVALID_FIELD, naming each rule that cannot be
// followed, is of a language that the site does not have, or is there twice.
func checkPathRules(s *articlev1.Site) error {
	var faults []error
	seen := make(map[string]int)
	for i, rule := range s.GetPathRules() {
		field := fmt.Sprintf("site.path_rules[%d]", i)
		compiled, err := pathrule.Compile(rule.GetPattern())
		if err != nil {
			faults = append(faults, fault.InvalidField(field+".pattern", "the pattern %q cannot be followed: %v", clip(rule.GetPattern()), err))
			continue
		}
		if code := rule.GetLanguageCode(); code != "" && !slices.Contains(s.GetLanguageCodes(), code) {
			faults = append(faults, fault.InvalidField(field+".language_code", "the site has no articles in %q", clip(code)))
		}
		if first, ok := seen[compiled.String()]; ok {
			faults = append(faults, fault.InvalidField(field+".pattern", "rule %d has the same pattern; remove one of them", first))
		}
		seen[compiled.String()] = i
	}
	return fault.Join(faults...)
}

// Place is a slug in a language.
type Place struct{ LanguageCode, Slug string }

// Rules are the path rules of a site, ready to be followed.
type Rules struct{ rules []rule }

type rule struct {
	pathrule.Rule

	language *lang.Language
	code     string
}

// CompileRules returns the rules of a site that was checked.
func CompileRules(s *articlev1.Site) Rules {
	var all Rules
	for _, given := range s.GetPathRules() {
		compiled, err := pathrule.Compile(given.GetPattern())
		code := cmp.Or(given.GetLanguageCode(), s.GetDefaultLanguageCode())
		l, ok := lang.For(code)
		if err == nil && ok {
			all.rules = append(all.rules, rule{Rule: compiled, language: l, code: code})
		}
	}
	return all
}

// Places returns where the rules lead from an address, in their order. What
// stands for the slug is made one by the rules of the language.
func (r Rules) Places(a address.Address) []Place {
	var places []Place
	for _, rule := range r.rules {
		if found, ok := rule.Match(a); ok {
			places = append(places, Place{LanguageCode: rule.code, Slug: rule.language.Slug(found)})
		}
	}
	return places
}
