package lang

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// Languages is a set of languages loaded from one tree of tables.
type Languages struct {
	byCode map[string]*Language
}

// Load decodes every folder at the root of tables as one language, and the file
// letters.yaml beside them as the letters common to all. It stops at the first
// mistake and names its file.
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
