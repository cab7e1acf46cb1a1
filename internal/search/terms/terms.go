// Package terms makes of texts what the search index files them under.
//
// A text is cut into words, and each word has terms in four tiers: the word as
// it is written; its stems by the grammar of its language; the same without
// diacritics; and its plain letters, where beginnings and typing errors are
// looked up. An article is analyzed by its own language, a query by every
// language of its site, and they meet where they share a term.
//
// Lithuanian stems are the paradigm keys of package lithuanian; English and
// Danish ones those of Snowball. A word of another language has no stem but
// itself. What stems look like is nobody's business but this package's.
package terms

import (
	"slices"
	"strconv"
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang/lithuanian"
)

// version grows with every change of what this package gives.
const version = 1

// Version names everything that decides about terms. An index built with
// another version is rebuilt.
func Version() string {
	return strconv.Itoa(version) + "." + strconv.Itoa(lithuanian.Version)
}

// Terms are what a word is filed under. The slices are shared: do not change
// them.
type Terms struct {
	// Exact is the word in lower case.
	Exact string
	// Class are its stems, never empty.
	Class []string
	// Folded are its stems without diacritics, never empty. One that is not
	// among Class is filed as Plain makes it.
	Folded []string
	// Filed are the stems to file a word under; those of a query have none.
	Filed []string
	// Forms are its plain letters; two where a letter can be written in two
	// ways, such as "arhus" and "aarhus".
	Forms []string
}

// Plain marks a stem without diacritics that is none of a word as it is
// written. What is looked up by Folded is looked up with it and without.
func Plain(folded string) string { return folded + "\x01" }

func filed(class, folded []string) []string {
	filed := slices.Clone(class)
	for _, stem := range folded {
		if !slices.Contains(class, stem) {
			filed = append(filed, Plain(stem))
		}
	}
	return filed
}

// Analyzer gives the terms of the words of one language. It is safe for
// concurrent use.
type Analyzer struct {
	stems func(exact string) (class, folded, forms []string)
	memo  memo
}

// Analyzers are the analyzers of all languages.
type Analyzers struct {
	byCode map[string]*Analyzer
	other  *Analyzer
}

// New returns the analyzers. They remember words, so keep them.
func New() *Analyzers {
	return &Analyzers{
		byCode: map[string]*Analyzer{
			"lt": {stems: lithuanianStems},
			"en": {stems: englishStems},
			"da": {stems: danishStems},
			Any:  {stems: anyStems},
		},
		other: &Analyzer{stems: noStems},
	}
}

// Any is the code of texts that may be of any language (ISO 639-2): they are
// filed by the rules of all.
const Any = "mul"

// For returns the analyzer of a language (BCP 47), or that of [Any].
func (a *Analyzers) For(code string) *Analyzer {
	base, _, _ := strings.Cut(strings.ToLower(code), "-")
	if found := a.byCode[base]; found != nil {
		return found
	}
	return a.other
}

// Query returns the terms of a word in all the languages together.
func (a *Analyzers) Query(word string, codes []string) Terms {
	all := Terms{Exact: exact(word)}
	for _, code := range codes {
		t := a.For(code).Word(word)
		all.Class = append(all.Class, t.Class...)
		all.Folded = append(all.Folded, t.Folded...)
		all.Forms = append(all.Forms, t.Forms...)
	}
	if len(codes) == 0 {
		all = a.other.Word(word)
		all.Filed = nil
		return all
	}
	all.Class, all.Folded, all.Forms = unique(all.Class), unique(all.Folded), unique(all.Forms)
	return all
}

func unique(terms []string) []string {
	slices.Sort(terms)
	return slices.Compact(terms)
}

// Word returns the terms of a word.
func (a *Analyzer) Word(word string) Terms {
	if t, ok := a.memo.get(word); ok {
		return t
	}
	t := Terms{Exact: exact(word)}
	t.Class, t.Folded, t.Forms = a.stems(t.Exact)
	t.Filed = filed(t.Class, t.Folded)
	a.memo.put(word, t)
	return t
}

// maxTerm is the most bytes of a word that count; what is longer is no word.
const maxTerm = 120

func exact(word string) string {
	word = lithuanian.Exact(strings.ReplaceAll(word, softHyphen, ""))
	if len(word) > maxTerm {
		word = strings.ToValidUTF8(word[:maxTerm], "")
	}
	return word
}
