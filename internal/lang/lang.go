// Package lang is what the suite knows of human languages: how each one writes
// dates, quotation marks, spaces and slugs, the words of its pages and messages,
// and what a meaningless alternative text or link looks like in it.
//
// Everything that differs from language to language is a table. A language is a
// folder tables/<code>/ with language.yaml, dates.yaml, letters.yaml,
// typography.yaml, words.yaml, pairs.yaml and messages.yaml; adding a language
// means adding such a folder, not code. Tables are decoded strictly: an unknown
// or missing field is an error, for a typing mistake in a table must not turn
// into a wrong page.
//
// The package does not translate texts that people wrote, does not guess the
// language of a text and does not stem (search does). All functions are safe for
// concurrent use; a *Language never changes after it was loaded.
package lang

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

//go:embed tables
var embedded embed.FS

// defaultCode is the language of the first library and of the suite.
const defaultCode = "lt"

// fallbackCode is the language whose messages stand in for missing ones.
const fallbackCode = "en"

// builtin decodes the embedded tables at the first use and never again. The
// tables are part of the program, so a mistake in them is a mistake in the
// program; the tests of this package load every one of them.
//
//nolint:gochecknoglobals // a memoized constant, not state: see above.
var builtin = sync.OnceValue(func() *Languages {
	tables, err := fs.Sub(embedded, "tables")
	if err != nil {
		panic(fmt.Errorf("lang: open embedded tables: %w", err))
	}
	languages, err := Load(tables)
	if err != nil {
		panic(fmt.Errorf("lang: embedded tables: %w", err))
	}
	return languages
})

// For returns the built-in language of a BCP 47 code. The base language
// decides: "lt", "lt-LT" and "LT" are Lithuanian. It returns false when the
// code is malformed or its language has no tables.
func For(code string) (*Language, bool) { return builtin().For(code) }

// Default returns the language used when nothing else is known: Lithuanian.
func Default() *Language { return builtin().byCode[defaultCode] }

// Codes returns the codes of all built-in languages, the default one first,
// the others in alphabetical order.
func Codes() []string { return builtin().Codes() }

// Match returns the element of offered that suits an Accept-Language header
// best, spelt as in offered; fallback when the header is empty or malformed or
// nothing suits it.
func Match(acceptLanguage string, offered []string, fallback string) string {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return fallback
	}
	var tags []language.Tag
	var codes []string
	for _, code := range offered {
		if tag, err := language.Parse(code); err == nil {
			tags, codes = append(tags, tag), append(codes, code)
		}
	}
	if len(tags) == 0 {
		return fallback
	}
	_, index, confidence := language.NewMatcher(tags).Match(wanted...)
	if confidence == language.No {
		return fallback
	}
	return codes[index]
}

// Languages is a set of languages loaded from one tree of tables.
type Languages struct {
	byCode map[string]*Language
}

// Load decodes every folder at the root of tables as one language, and the file
// letters.yaml beside them as the letters common to all. It returns all the
// mistakes of the first language that has any.
func Load(tables fs.FS) (*Languages, error) {
	var common commonTable
	if err := decodeFile(tables, "letters.yaml", &common); err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(tables, ".")
	if err != nil {
		return nil, fmt.Errorf("list languages: %w", err)
	}
	set := &Languages{byCode: map[string]*Language{}}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		l, err := loadLanguage(tables, entry.Name(), common)
		if err != nil {
			return nil, fmt.Errorf("language %s: %w", entry.Name(), err)
		}
		set.byCode[entry.Name()] = l
	}
	for _, l := range set.byCode {
		l.fallback, l.set = set.byCode[fallbackCode], set
	}
	return set, nil
}

// For is like the function For, within the set.
func (s *Languages) For(code string) (*Language, bool) {
	tag, err := language.Parse(code)
	if err != nil {
		return nil, false
	}
	base, confidence := tag.Base()
	if confidence < language.High { // "und" would be guessed to be English
		return nil, false
	}
	l, ok := s.byCode[base.String()]
	return l, ok
}

// Codes is like the function Codes, within the set.
func (s *Languages) Codes() []string {
	codes := slices.Sorted(maps.Keys(s.byCode))
	slices.SortStableFunc(codes, func(a, b string) int {
		switch defaultCode {
		case a:
			return -1
		case b:
			return 1
		}
		return 0
	})
	return codes
}

// loadLanguage decodes the seven files of one folder.
func loadLanguage(tables fs.FS, code string, common commonTable) (*Language, error) {
	l := &Language{folds: map[rune]string{}}
	files := []struct {
		name string
		into any
	}{
		{"language.yaml", &l.about},
		{"dates.yaml", &l.dates},
		{"letters.yaml", &l.letters},
		{"typography.yaml", &l.typography},
		{"words.yaml", &l.words},
		{"pairs.yaml", &l.pairTable},
		{"messages.yaml", &l.messages},
	}
	for _, file := range files {
		if err := decodeFile(tables, path.Join(code, file.name), file.into); err != nil {
			return nil, err
		}
	}
	if l.about.Code != code {
		return nil, fmt.Errorf("language.yaml: code is %q, but the folder is %q", l.about.Code, code)
	}
	for _, folds := range []map[string]string{common.Folds, l.letters.Folds} {
		for letter, ascii := range folds {
			r := []rune(letter)
			if len(r) != 1 || strings.Trim(ascii, "abcdefghijklmnopqrstuvwxyz") != "" {
				return nil, fmt.Errorf("letters.yaml: fold of %q to %q: want one letter to ASCII letters", letter, ascii)
			}
			l.folds[r[0]] = ascii
		}
	}
	return l, l.prepare()
}
