// Package address compares addresses of older systems: the path and query of a
// page as people, feeds and search engines have kept them. Two spellings of one
// address have one canonical form.
//
// What does not matter: percent encoding, composed or decomposed letters, the
// case of the path, slashes at its end and doubled ones, the order of
// parameters, parameters that only count visits, and the fragment. The case of
// parameters matters, because identifiers of older systems stand there.
package address

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Max is the greatest length of a canonical address in bytes.
const Max = 900

// Address is an address taken apart. The zero value is the front page.
type Address struct {
	// Segments are the parts of the path, decoded, in lower case, none empty.
	Segments []string
	// Params are the parameters, decoded, in the order of their names and
	// values.
	Params []Param
}

// Param is one parameter of a query.
type Param struct{ Name, Value string }

// Parse takes apart a path with or without a query. It fails when raw does not
// begin with a slash, has an escape that is none, or would be longer than Max.
func Parse(raw string) (Address, error) {
	var a Address
	if !strings.HasPrefix(raw, "/") {
		return a, errors.New("an address begins with a slash")
	}
	raw, _, _ = strings.Cut(raw, "#")
	path, query, _ := strings.Cut(raw, "?")
	for part := range strings.SplitSeq(path, "/") {
		decoded, err := url.PathUnescape(part)
		if err != nil {
			return Address{}, fmt.Errorf("read the path: %w", err)
		}
		if decoded != "" {
			a.Segments = append(a.Segments, lower(decoded))
		}
	}
	for pair := range strings.SplitSeq(query, "&") {
		p, err := parseParam(pair)
		if err != nil {
			return Address{}, err
		}
		if p.Name != "" && !countsVisits(p.Name) {
			a.Params = append(a.Params, p)
		}
	}
	slices.SortFunc(a.Params, func(a, b Param) int {
		if a.Name != b.Name {
			return strings.Compare(a.Name, b.Name)
		}
		return strings.Compare(a.Value, b.Value)
	})
	if n := len(a.String()); n > Max {
		return Address{}, fmt.Errorf("the address has %d bytes, the limit is %d", n, Max)
	}
	return a, nil
}

func parseParam(pair string) (Param, error) {
	name, value, _ := strings.Cut(pair, "=")
	var p Param
	var err error
	if p.Name, err = url.QueryUnescape(name); err == nil {
		p.Value, err = url.QueryUnescape(value)
	}
	if err != nil {
		return Param{}, fmt.Errorf("read the query: %w", err)
	}
	p.Name, p.Value = norm.NFC.String(p.Name), norm.NFC.String(p.Value)
	return p, nil
}

// lower returns s composed and in lower case. Of what is no UTF-8, as in the
// addresses of systems older than it, only ASCII letters have a lower case.
func lower(s string) string {
	if utf8.ValidString(s) {
		return norm.NFC.String(strings.ToLower(norm.NFC.String(s)))
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// countsVisits reports whether a parameter only says where a visitor came from.
func countsVisits(name string) bool {
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid",
		"igsh", "igshid", "li_fat_id", "mc_cid", "mc_eid", "srsltid", "_ga", "_gl":
		return true
	}
	return strings.HasPrefix(name, "utm_")
}

// WithoutQuery returns the path alone.
func (a Address) WithoutQuery() Address { return Address{Segments: a.Segments} }

// IsRoot reports whether it is the front page without parameters.
func (a Address) IsRoot() bool { return len(a.Segments) == 0 && len(a.Params) == 0 }

// String returns the canonical form: parsed again it gives the same.
func (a Address) String() string {
	var b strings.Builder
	for _, segment := range a.Segments {
		b.WriteByte('/')
		escape(&b, segment, "/?#%")
	}
	if len(a.Segments) == 0 {
		b.WriteByte('/')
	}
	for i, p := range a.Params {
		b.WriteByte("?&"[min(i, 1)])
		escape(&b, p.Name, "&=+#%")
		if p.Value != "" {
			b.WriteByte('=')
			escape(&b, p.Value, "&+#%")
		}
	}
	return b.String()
}

// escape writes s, with escapes for the special characters and for what cannot
// be printed.
func escape(b *strings.Builder, s, special string) {
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if (r == utf8.RuneError && n == 1) || !printable(r) || strings.ContainsRune(special, r) {
			for _, c := range []byte(s[:n]) {
				fmt.Fprintf(b, "%%%02x", c)
			}
		} else {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
}

// printable reports whether a character may stand in an address as it is.
func printable(r rune) bool { return r != ' ' && r != utf8.RuneError && unicode.IsPrint(r) }
