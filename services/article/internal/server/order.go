package server

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// order is the order of a list.
type order struct {
	field       string
	oldestFirst bool
}

// parseOrder reads an AIP-132 order of one field. It fails with
// INVALID_ORDER_BY.
func parseOrder(text string, working bool) (order, error) {
	fields := []string{"publish_time"}
	if working {
		fields = []string{"create_time", "update_time"}
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		return order{field: fields[0]}, nil
	}
	for _, field := range fields {
		switch {
		case words[0] != field:
		case len(words) == 1:
			return order{field: field, oldestFirst: true}, nil
		case len(words) == 2 && words[1] == "desc":
			return order{field: field}, nil
		}
	}
	return order{}, fault.Invalid("order_by", faultv1.Reason_REASON_INVALID_ORDER_BY,
		"this list is ordered by %s, or with desc behind it; there is no order %.100q", strings.Join(fields, " or "), text)
}

// requiredTag returns a tag that everything the filter takes has, if there is
// one: only the articles of that tag need to be looked at.
func requiredTag(match filter.Filter[*articlev1.Article]) (string, bool) {
	for _, c := range match.Required() {
		if asksForTag(c) {
			return c.Value, true
		}
	}
	return "", false
}

// onlyTag reports whether the filter takes all that has the tag.
func onlyTag(match filter.Filter[*articlev1.Article], tag string) bool {
	if !match.Exact() {
		return false
	}
	for _, c := range match.Required() {
		if !asksForTag(c) || c.Value != tag {
			return false
		}
	}
	return true
}

func asksForTag(c filter.Comparison) bool {
	return c.Field == "tags" && c.Operator == ":" && !c.Any()
}
