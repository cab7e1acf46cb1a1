package pathrule

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Variables that are not of a fixed shape: a part has at most one of them.
const (
	slugVariable = "slug"
	anyVariable  = "any"
)

// part is one segment of a path, or the value of a parameter: what stands before
// its open variable and what stands after it.
type part struct {
	before, after []token
	open          string // slugVariable, anyVariable or "" for none
}

// token is text, or when max is not 0 a variable of min to max digits.
type token struct {
	text     string
	min, max int
}

// maxDigits bounds {number}: longer ones are no numbers of anything.
const maxDigits = 40

func digits(variable string) (token, bool) {
	switch variable {
	case "year":
		return token{min: 4, max: 4}, true
	case "month", "day":
		return token{min: 1, max: 2}, true
	case "number":
		return token{min: 1, max: maxDigits}, true
	}
	return token{}, false
}

func (p part) slugs() int {
	if p.open == slugVariable {
		return 1
	}
	return 0
}

// compilePart reads text with variables in braces.
func compilePart(text string) (part, error) {
	var p part
	to := &p.before
	wasVariable := false
	for text != "" {
		literal, rest, found := strings.Cut(text, "{")
		if strings.Contains(literal, "}") {
			return part{}, errors.New("there is a } without its {")
		}
		if literal != "" {
			*to = append(*to, token{text: literal})
			wasVariable = false
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		switch {
		case !closed:
			return part{}, errors.New("there is a { without its }")
		case wasVariable:
			return part{}, fmt.Errorf("put text between {%s} and the variable before it, or nobody can tell where one ends", name)
		}
		if err := p.addVariable(name, &to); err != nil {
			return part{}, err
		}
		text, wasVariable = after, true
	}
	return p, p.check()
}

// addVariable takes a variable; the open one is followed by what stands after.
func (p *part) addVariable(name string, to **[]token) error {
	if t, ok := digits(name); ok {
		**to = append(**to, t)
		return nil
	}
	switch {
	case name != slugVariable && name != anyVariable:
		return fmt.Errorf("{%s} is no variable; use {slug}, {year}, {month}, {day}, {number} or {any}", name)
	case p.open != "":
		return errors.New("between two slashes there can be only one of {slug} and {any}; use {number} or text for the other")
	}
	p.open, *to = name, &p.after
	return nil
}

// check refuses digits beside a variable of digits: they could be part of it.
func (p part) check() error {
	for _, tokens := range [][]token{p.before, p.after} {
		for i, t := range tokens {
			if t.max == 0 {
				continue
			}
			if i > 0 && isDigit(tokens[i-1].text[len(tokens[i-1].text)-1]) ||
				i+1 < len(tokens) && isDigit(tokens[i+1].text[0]) {
				return errors.New("a digit stands beside a variable of digits, so nobody can tell where it ends")
			}
		}
	}
	return nil
}

// match reports whether the text fits, and returns what stands for the slug.
func (p part) match(text string) (string, bool) {
	for _, t := range p.before {
		n, ok := t.prefix(text)
		if !ok {
			return "", false
		}
		text = text[n:]
	}
	if p.open == "" {
		return "", text == ""
	}
	for _, t := range slices.Backward(p.after) {
		n, ok := t.suffix(text)
		if !ok {
			return "", false
		}
		text = text[:len(text)-n]
	}
	if p.open == anyVariable {
		return "", text != ""
	}
	return text, text != ""
}

// prefix returns how many bytes of the beginning the token takes.
func (t token) prefix(text string) (int, bool) {
	if t.max == 0 {
		return len(t.text), strings.HasPrefix(text, t.text)
	}
	n := 0
	for n < len(text) && n < t.max && isDigit(text[n]) {
		n++
	}
	return n, n >= t.min
}

// suffix returns how many bytes of the end the token takes.
func (t token) suffix(text string) (int, bool) {
	if t.max == 0 {
		return len(t.text), strings.HasSuffix(text, t.text)
	}
	n := 0
	for n < len(text) && n < t.max && isDigit(text[len(text)-1-n]) {
		n++
	}
	return n, n >= t.min
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
