package filter

import "strings"

// maxDepth bounds parentheses and negations.
const maxDepth = 20

// node is a part of a filter.
type node[T any] struct {
	match    func(T) bool
	required []Comparison
	excluded []Comparison
	exact    bool // when it matches whatever meets what is required
}

type parser[T any] struct {
	words  []word
	at     int
	fields Fields[T]
}

func (p *parser[T]) next(sign string) bool {
	if p.at < len(p.words) && p.words[p.at].is(sign) {
		p.at++
		return true
	}
	return false
}

// all reads terms joined by AND, written or not, up to the end or a closing
// parenthesis.
func (p *parser[T]) all(depth int) (node[T], error) {
	joined := node[T]{exact: true}
	var terms []func(T) bool
	for {
		term, err := p.any(depth)
		if err != nil {
			return node[T]{}, err
		}
		terms = append(terms, term.match)
		joined.required = append(joined.required, term.required...)
		joined.excluded = append(joined.excluded, term.excluded...)
		joined.exact = joined.exact && term.exact
		if p.next("AND") {
			continue
		}
		if p.at == len(p.words) || p.words[p.at].is(")") {
			break
		}
	}
	joined.match = func(v T) bool {
		for _, match := range terms {
			if !match(v) {
				return false
			}
		}
		return true
	}
	return joined, nil
}

// any reads terms joined by OR.
func (p *parser[T]) any(depth int) (node[T], error) {
	first, err := p.term(depth)
	if err != nil || !p.next("OR") {
		return first, err
	}
	terms := []func(T) bool{first.match}
	for {
		term, err := p.term(depth)
		if err != nil {
			return node[T]{}, err
		}
		terms = append(terms, term.match)
		if !p.next("OR") {
			break
		}
	}
	return node[T]{match: func(v T) bool {
		for _, match := range terms {
			if match(v) {
				return true
			}
		}
		return false
	}}, nil
}

// term reads a comparison, a negation or a group.
func (p *parser[T]) term(depth int) (node[T], error) {
	switch {
	case depth > maxDepth:
		return node[T]{}, refuse("the filter nests too deep")
	case p.next("NOT") || p.minus():
		inner, err := p.term(depth + 1)
		if err != nil {
			return node[T]{}, err
		}
		negated := node[T]{match: func(v T) bool { return !inner.match(v) }}
		if inner.exact && len(inner.required) == 1 {
			negated.excluded = inner.required
		}
		return negated, nil
	case p.next("("):
		inner, err := p.all(depth + 1)
		if err == nil && !p.next(")") {
			err = refuse("a parenthesis is not closed")
		}
		return inner, err
	case p.at+2 >= len(p.words):
		return node[T]{}, refuse("the filter ends too early; write for example language_code = \"lt\"")
	}
	field, operator, value := p.words[p.at], p.words[p.at+1], p.words[p.at+2]
	if !operator.sign || strings.ContainsAny(operator.text, "()") {
		return node[T]{}, refuse("after %q there must be =, !=, <, <=, >, >= or :", field.text)
	}
	if value.sign {
		return node[T]{}, refuse("after %q there must be a value, not %q", operator.text, value.text)
	}
	p.at += 3
	c := Comparison{Field: field.text, Operator: operator.text, Value: value.text, Quoted: value.quoted}
	match, err := p.fields.compare(c)
	return node[T]{match: match, required: []Comparison{c}, exact: true}, err
}

// minus takes the sign of negation off the next word.
func (p *parser[T]) minus() bool {
	if p.at == len(p.words) {
		return false
	}
	w := &p.words[p.at]
	if w.quoted || w.sign || !strings.HasPrefix(w.text, "-") {
		return false
	}
	if w.text = w.text[1:]; w.text == "" {
		p.at++
	}
	return true
}
