package run

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
)

const hidden = "(hidden)"

// Secret is a text that no log and no %v shows. Trailing line ends, which
// editors add to files, are not part of it.
type Secret string

// Reveal returns the text.
func (s Secret) Reveal() string { return strings.TrimRight(string(s), "\r\n") }

// Bytes decodes the secret as n bytes in base64, standard or URL, padded or not.
func (s Secret) Bytes(n int) ([]byte, error) {
	text := strings.TrimRight(s.Reveal(), "=")
	text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("not base64; make one with: head -c %d /dev/urandom | base64", n)
	}
	if len(b) != n {
		return nil, fmt.Errorf("%d bytes instead of %d; make one with: head -c %d /dev/urandom | base64", len(b), n, n)
	}
	return b, nil
}

// String returns a fixed text.
func (Secret) String() string { return hidden }

// GoString returns a fixed text.
func (Secret) GoString() string { return hidden }

// LogValue returns a fixed text.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// LogValue returns a config struct as a group of its variables, secrets
// hidden. A config's own LogValue method calls it.
func LogValue(config any) slog.Value {
	return slog.GroupValue(variables(reflect.Indirect(reflect.ValueOf(config)), "")...)
}

// variables returns the variables of a struct, whose names begin with prefix.
func variables(v reflect.Value, prefix string) []slog.Attr {
	var attrs []slog.Attr
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("env"), ",")
		switch {
		case !field.IsExported():
		case name == "" && value.Kind() == reflect.Struct:
			attrs = append(attrs, variables(value, prefix+field.Tag.Get("envPrefix"))...)
		case name != "":
			attrs = append(attrs, slog.Any(prefix+name, value.Interface()))
		}
	}
	return attrs
}
