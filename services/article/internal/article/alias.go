package article

import (
	"fmt"
	"slices"

	"github.com/skaitykla/skaitykla/internal/address"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	// MaxAliases is how many aliases an article has at most.
	MaxAliases = 50
	// MaxAliasChanges is how many of them one save adds or removes at most, for
	// it is one transaction with everything else that is saved.
	MaxAliasChanges = 20
)

// CleanAliases returns addresses of older systems in the form in which they are
// compared, each once, in the order given. It fails with INVALID_FIELD, naming
// each address that is none or that the suite itself answers.
func CleanAliases(given []string) ([]string, error) {
	var aliases []string
	var faults []error
	for i, raw := range given {
		field := fmt.Sprintf("article.aliases[%d]", i)
		a, err := address.Parse(raw)
		switch {
		case err != nil:
			faults = append(faults, fault.InvalidField(field, "%q is not the address of a page: %v", clip(raw), err))
		case a.IsRoot():
			faults = append(faults, fault.InvalidField(field, "this is the front page; name the page of the article, as /?p=123"))
		case servedHere(a):
			faults = append(faults, fault.InvalidField(field, "%q is an address of the suite itself, which answers it", clip(raw)))
		case !slices.Contains(aliases, a.String()):
			aliases = append(aliases, a.String())
		}
	}
	if n := len(aliases); n > MaxAliases {
		faults = append(faults, fault.InvalidField("article.aliases", "there are %d addresses, the limit is %d", n, MaxAliases))
	}
	return aliases, fault.Join(faults...)
}

// servedHere reports whether the suite never asks who has the address.
func servedHere(a address.Address) bool {
	switch {
	case len(a.Segments) == 0:
		return false
	case slices.Contains(lang.Codes(), a.Segments[0]):
		return len(a.Segments) == 1 && len(a.Params) == 0 || len(a.Segments) == 2 && a.Segments[1] == "feed.xml"
	case len(a.Segments) == 1 && slices.Contains([]string{"feed.xml", "robots.txt", "openapi.json"}, a.Segments[0]):
		return true
	}
	return ReservedSlug(a.Segments[0]) || a.Segments[0] == "-"
}

// CheckAliasChanges fails with INVALID_FIELD when one save would change more
// aliases than it can.
func CheckAliasChanges(was, is []string) error {
	changes := 0
	for _, pair := range [][2][]string{{was, is}, {is, was}} {
		for _, alias := range pair[0] {
			if !slices.Contains(pair[1], alias) {
				changes++
			}
		}
	}
	if changes <= MaxAliasChanges {
		return nil
	}
	return fault.InvalidField("article.aliases",
		"this adds and removes %d addresses; change at most %d in one save, the others in the next", changes, MaxAliasChanges)
}

// AliasTaken returns the error for an alias that leads to another article.
func AliasTaken(alias string, holder Name) error {
	return fault.New(faultv1.Reason_REASON_ALIAS_TAKEN,
		"the address %s already leads to %s; remove it there first", alias, holder).
		With("alias", alias).With("holder", holder.String())
}
