// Package pathrule finds the slug in an address of an older system, by patterns
// such as /{year}/{month}/{day}/{slug} and /index.php?page={slug}.
//
// A pattern is matched part by part, and each part from both ends towards its
// one open variable, so that every character of an address is looked at once
// and there is only one way to read it. Patterns that could be read in several
// ways are refused when they are compiled. Case, escapes, slashes at the end
// and the order of parameters matter as little as in package address.
package pathrule

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/skaitykla/skaitykla/internal/address"
)

// Rule is a compiled pattern. It is never changed, so any number of goroutines
// may use it.
type Rule struct {
	segments []part
	params   []param
	form     string
}

// param is a parameter that must be there.
type param struct {
	name  string
	value part
}

// Compile reads a pattern. The error says, for people, what to change.
func Compile(pattern string) (Rule, error) {
	if strings.Contains(pattern, "#") {
		return Rule{}, errors.New("browsers do not send what stands after #; remove it")
	}
	a, err := address.Parse(pattern)
	if err != nil {
		return Rule{}, err
	}
	r := Rule{form: a.String()}
	slugs := 0
	add := func(text string) (part, error) {
		p, err := compilePart(text)
		slugs += p.slugs()
		return p, err
	}
	for _, segment := range a.Segments {
		p, err := add(segment)
		if err != nil {
			return Rule{}, err
		}
		r.segments = append(r.segments, p)
	}
	for _, given := range a.Params {
		if strings.ContainsAny(given.Name, "{}") {
			return Rule{}, errors.New("the name of a parameter cannot be a variable, only its value")
		}
		p, err := add(given.Value)
		if err != nil {
			return Rule{}, err
		}
		r.params = append(r.params, param{name: given.Name, value: p})
	}
	if slugs != 1 {
		return Rule{}, fmt.Errorf("{slug} stands in the pattern %d times, it must be there once", slugs)
	}
	return r, nil
}

// String returns the canonical form of the pattern: patterns with the same form
// match the same addresses.
func (r Rule) String() string { return r.form }

// Match returns what stands for {slug} in an address, never empty, and whether
// the rule matches. Parameters that the pattern does not name are passed over.
func (r Rule) Match(a address.Address) (string, bool) {
	if len(a.Segments) != len(r.segments) {
		return "", false
	}
	found := "" // in the one part that has the variable
	for i, p := range r.segments {
		slug, ok := p.match(a.Segments[i])
		if !ok {
			return "", false
		}
		found = cmp.Or(found, slug)
	}
	for _, p := range r.params {
		slug, ok := p.value.match(valueOf(a, p.name))
		if !ok {
			return "", false
		}
		found = cmp.Or(found, slug)
	}
	return found, found != ""
}

// valueOf returns the first value of a parameter; "" for none.
func valueOf(a address.Address, name string) string {
	for _, p := range a.Params {
		if p.Name == name {
			return p.Value
		}
	}
	return ""
}
