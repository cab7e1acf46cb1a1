package filter

import (
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Text is a field of one text; an empty one counts as not set.
func Text[T any](read func(T) string) Field[T] {
	return func(c Comparison) (func(T) bool, error) {
		if err := c.allow("=", "!=", ":"); err != nil {
			return nil, err
		}
		if c.Any() {
			return func(v T) bool { return read(v) != "" }, nil
		}
		want := c.Operator != "!="
		return func(v T) bool {
			text := read(v)
			return (text != "" && text == c.Value) == want
		}, nil
	}
}

// List is a field of several texts.
func List[T any](read func(T) []string) Field[T] {
	return func(c Comparison) (func(T) bool, error) {
		if c.Operator != ":" {
			return nil, refuse("%s is a list: write %s:%q", c.Field, c.Field, c.Value)
		}
		if c.Any() {
			return func(v T) bool { return len(read(v)) > 0 }, nil
		}
		return func(v T) bool { return slices.Contains(read(v), c.Value) }, nil
	}
}

// Bool is a field that is true or false.
func Bool[T any](read func(T) bool) Field[T] {
	return func(c Comparison) (func(T) bool, error) {
		if err := c.allow("=", "!="); err != nil {
			return nil, err
		}
		if c.Value != "true" && c.Value != "false" {
			return nil, refuse("%s is true or false, not %q", c.Field, c.Value)
		}
		want := (c.Value == "true") == (c.Operator == "=")
		return func(v T) bool { return read(v) == want }, nil
	}
}

// Enum is a field of an enum. Its values are written with or without the prefix
// that all of them share, such as "STATE_"; the one numbered 0 counts as not set.
func Enum[T any](prefix string, values protoreflect.EnumValueDescriptors, read func(T) protoreflect.EnumNumber) Field[T] {
	return func(c Comparison) (func(T) bool, error) {
		if err := c.allow("=", "!=", ":"); err != nil {
			return nil, err
		}
		if c.Any() {
			return func(v T) bool { return read(v) != 0 }, nil
		}
		value := values.ByName(protoreflect.Name(prefix + strings.TrimPrefix(c.Value, prefix)))
		if value == nil || value.Number() == 0 {
			return nil, refuse("%s is never %q", c.Field, c.Value)
		}
		want := c.Operator != "!="
		return func(v T) bool { return (read(v) == value.Number()) == want }, nil
	}
}

// Time is a field of a time, compared with one in the form of RFC 3339. What has
// no time is neither before nor after any.
func Time[T any](read func(T) *timestamppb.Timestamp) Field[T] {
	return func(c Comparison) (func(T) bool, error) {
		if c.Any() {
			return func(v T) bool { return read(v) != nil }, nil
		}
		holds, err := order(c)
		if err != nil {
			return nil, err
		}
		limit, err := time.Parse(time.RFC3339, c.Value)
		if err != nil {
			return nil, refuse("%q is not a time; write %s %s \"2026-01-31T10:00:00Z\"", c.Value, c.Field, c.Operator)
		}
		return func(v T) bool {
			if t := read(v); t != nil {
				return holds(t.AsTime().Compare(limit))
			}
			return c.Operator == "!="
		}, nil
	}
}

// order returns what the operator says of a comparison's outcome.
func order(c Comparison) (func(outcome int) bool, error) {
	switch c.Operator {
	case "=":
		return func(n int) bool { return n == 0 }, nil
	case "!=":
		return func(n int) bool { return n != 0 }, nil
	case "<":
		return func(n int) bool { return n < 0 }, nil
	case "<=":
		return func(n int) bool { return n <= 0 }, nil
	case ">":
		return func(n int) bool { return n > 0 }, nil
	case ">=":
		return func(n int) bool { return n >= 0 }, nil
	}
	return nil, c.allow("=", "!=", "<", "<=", ">", ">=")
}

// allow fails unless the operator is one of those.
func (c Comparison) allow(operators ...string) error {
	if slices.Contains(operators, c.Operator) {
		return nil
	}
	return refuse("%s is not compared with %s; use one of %s", c.Field, c.Operator, strings.Join(operators, " "))
}
