package article

import (
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

// RulePlaces returns where the path rules of a site lead from an address, in the
// order of the rules. What stands for the slug may need to be made one.
func RulePlaces(s *articlev1.Site, a address.Address) []Place {
	var places []Place
	for _, rule := range s.GetPathRules() {
		compiled, err := pathrule.Compile(rule.GetPattern())
		if err != nil {
			continue // a site is not stored with it
		}
		found, ok := compiled.Match(a)
		if !ok {
			continue
		}
		p := Place{LanguageCode: rule.GetLanguageCode(), Slug: found}
		if p.LanguageCode == "" {
			p.LanguageCode = s.GetDefaultLanguageCode()
		}
		if l, ok := lang.For(p.LanguageCode); ok {
			p.Slug = l.Slug(found) // a slug is its own slug
		}
		places = append(places, p)
	}
	return places
}
