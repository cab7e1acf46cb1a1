package check

import (
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// rule is what a finding says about itself.
type rule struct {
	id       string
	severity articlev1.Finding_Severity
	source   string
}

// key is the name of the rule's message in the tables, a plain word.
func (r rule) key() string { return strings.ReplaceAll(r.id, "-", "_") }

const (
	warning = articlev1.Finding_SEVERITY_WARNING
	failure = articlev1.Finding_SEVERITY_ERROR
)

//nolint:gochecknoglobals // the table of rules, never changed.
var (
	titleEmpty     = rule{"title-empty", failure, "WCAG 2.2, 2.4.2"}
	slugTakenOver  = rule{"slug-taken-over", warning, ""}
	altMissing     = rule{"alt-missing", failure, "WCAG 2.2, 1.1.1"}
	altJunk        = rule{"alt-junk", failure, "WCAG 2.2, 1.1.1 (F30)"}
	altSameCaption = rule{"alt-same-as-caption", warning, "WCAG 2.2, 1.1.1"}
	altDuplicate   = rule{"alt-duplicate", warning, "WCAG 2.2, 1.1.1"}
	altRedundant   = rule{"alt-redundant-start", warning, "WCAG 2.2, 1.1.1"}
	headingEmpty   = rule{"heading-empty", failure, "WCAG 2.2, 1.3.1, 2.4.6"}
	headingSkipped = rule{"heading-skipped", warning, "WCAG 2.2, 1.3.1"}
	linkEmpty      = rule{"link-empty", failure, "WCAG 2.2, 2.4.4, 4.1.2"}
	linkVague      = rule{"link-vague", warning, "WCAG 2.2, 2.4.4"}
	tableHeaders   = rule{"table-without-headers", warning, "WCAG 2.2, 1.3.1"}
	embedUntitled  = rule{"embed-untitled", failure, "WCAG 2.2, 4.1.2"}
	attachUntitled = rule{"attachment-untitled", failure, "WCAG 2.2, 2.4.4"}
)

// rules returns all rules.
func rules() []rule {
	return []rule{
		titleEmpty, slugTakenOver, altMissing, altJunk, altSameCaption, altDuplicate, altRedundant,
		headingEmpty, headingSkipped, linkEmpty, linkVague, tableHeaders, embedUntitled, attachUntitled,
	}
}
