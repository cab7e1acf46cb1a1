package check

import "slices"

// rules returns all rules, by theme.
func rules() []rule {
	return slices.Concat(
		headingRules(), slugRules(), photoRules(), rightsRules(), altRules(), linkRules(), tableRules(), embedRules(),
		languageRules(), readabilityRules(),
		quoteRules(), dashRules(), spaceRules(), abbreviationRules(), numberRules(),
	)
}

// Rule is what docs/check.md and FixArticle say of a rule.
type Rule struct {
	ID, Source               string
	Error, Waivable, Fixable bool
}

// Rules returns all rules in the order of docs/check.md.
func Rules() []Rule {
	var all []Rule
	for _, r := range rules() {
		all = append(all, Rule{
			ID: r.id, Source: r.source, Error: r.severity == failure, Waivable: r.canWaive(), Fixable: r.fixable,
		})
	}
	return all
}
