package lang

import (
	"fmt"

	"golang.org/x/text/language"

	"github.com/skaitykla/skaitykla/internal/lang/internal/letterpair"
)

// Language is one language with its tables. Get one from For or Default.
type Language struct {
	about      aboutTable
	dates      datesTable
	letters    lettersTable
	typography typographyTable
	words      wordsTable
	pairTable  letterpair.Table
	messages   map[string]string

	tag      language.Tag
	folds    map[rune]string
	pairs    *letterpair.Model
	lists    wordLists
	parser   dateWords
	spaces   spaceWords
	fallback *Language  // whose messages replace missing ones; may be nil
	set      *Languages // where words of other languages are looked up
}

// Code returns the BCP 47 code, such as "lt".
func (l *Language) Code() string { return l.about.Code }

// Tag returns the code as a language tag, for collation and plural rules.
func (l *Language) Tag() language.Tag { return l.tag }

// Locale returns the form that Open Graph wants, such as "lt_LT".
func (l *Language) Locale() string { return l.about.Locale }

// Name returns the language's own name for itself, such as "Lietuvių".
func (l *Language) Name() string { return l.about.Name }

// prepare derives the look-up forms of the tables, once, after decoding.
func (l *Language) prepare() error {
	tag, err := language.Parse(l.about.Code)
	if err != nil {
		return fmt.Errorf("language.yaml: code %q: %w", l.about.Code, err)
	}
	l.tag = tag
	if err := l.dates.check(); err != nil {
		return fmt.Errorf("dates.yaml: %w", err)
	}
	l.parser = l.dateWords()
	l.spaces = l.spaceWords()
	l.lists = l.wordLists()
	keyboard, err := letterpair.NewKeyboard(l.letters.Keyboard)
	if err != nil {
		return fmt.Errorf("letters.yaml: %w", err)
	}
	if l.pairs, err = letterpair.NewModel(l.pairTable, keyboard); err != nil {
		return fmt.Errorf("pairs.yaml: %w", err)
	}
	return nil
}
