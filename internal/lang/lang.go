// Package lang is what the suite knows of human languages: how each one writes
// dates, quotation marks, spaces and slugs, the words of its pages and messages,
// and what a meaningless alternative text or link looks like in it.
//
// Everything that differs from language to language is a table. A language is a
// folder tables/<code>/ with language.yaml, dates.yaml, letters.yaml,
// typography.yaml, words.yaml, pairs.yaml and messages.yaml; adding a language
// means adding such a folder, and texts of it in testdata/corpus that `make
// generate` counts letter pairs in, not code. Tables are decoded strictly: an unknown
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
//nolint:gochecknoglobals // a memoized constant, not state.
var builtin = sync.OnceValue(func() *Languages {
	languages, err := loadEmbedded()
	if err != nil {
		panic(fmt.Errorf("lang: embedded tables: %w", err)) //nolint:forbidigo // a program without its tables cannot go on
	}
	return languages
})

func loadEmbedded() (*Languages, error) {
	tables, err := fs.Sub(embedded, "tables")
	if err != nil {
		return nil, err
	}
	return Load(tables)
}

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
// best, spelled as in offered; fallback when the header is empty or malformed or
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
