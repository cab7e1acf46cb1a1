package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/search/terms"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// Limits of a query.
const (
	maxQuery  = 200 // characters
	maxWords  = 16
	minPrefix = 4 // letters of a word that also finds what it begins
	minEdit   = 6 // letters of a word that may have a typing error
	spareFrom = 4 // words; of so many one may be missing, and one more for each further
)

// wanted is a query as it was understood.
type wanted struct {
	items     []item
	languages []string
}

// item is one thing that an article must have: a word, or words side by side.
type item struct {
	words  []terms.Terms
	prefix string // what may go on; empty for nothing
	edit   string // what may be mistyped; empty for nothing
}

func (i item) phrase() bool { return len(i.words) > 1 }

// spare is how many items an article may lack.
func (w *wanted) spare() int { return len(w.items) / spareFrom }

// parse reads what was typed. There is no syntax besides quotation marks of any
// kind, and no text that is refused but one without words or with too many.
func parse(analyzers *terms.Analyzers, query string, languages []string) (*wanted, error) {
	if utf8.RuneCountInString(query) > maxQuery {
		return nil, refuse("a query has at most %d characters", maxQuery)
	}
	w := &wanted{languages: languages}
	query = norm.NFC.String(strings.ToValidUTF8(query, " "))
	loose, phrases := unquote(query)
	for _, words := range phrases {
		w.items = append(w.items, phraseOf(analyzers, words, languages))
	}
	w.plain(analyzers, loose)
	total := 0
	for _, i := range w.items {
		total += len(i.words)
	}
	switch {
	case total == 0:
		return nil, refuse("there is no word to look for")
	case total > maxWords:
		return nil, refuse("there are %d words; look for at most %d", total, maxWords)
	}
	return w, nil
}

func refuse(text string, args ...any) error {
	return fault.Invalid("query", faultv1.Reason_REASON_INVALID_QUERY, text, args...)
}

// plain takes words that need not stand together, each once, without those that
// are too common if others remain.
func (w *wanted) plain(analyzers *terms.Analyzers, words []string) {
	kept := slices.DeleteFunc(slices.Clone(words), func(word string) bool { return terms.Stop(word, w.languages) })
	if len(kept) == 0 && len(w.items) == 0 {
		kept = words
	}
	seen := map[string]bool{}
	for _, word := range kept {
		t := analyzers.Query(word, w.languages)
		if seen[t.Exact] || t.Exact == "" {
			continue
		}
		seen[t.Exact] = true
		i := item{words: []terms.Terms{t}}
		letters := utf8.RuneCountInString(t.Exact)
		if letters >= minPrefix {
			i.prefix = t.Forms[0]
		}
		if letters >= minEdit && strings.IndexFunc(t.Exact, unicode.IsDigit) < 0 {
			i.edit = t.Forms[0]
		}
		w.items = append(w.items, i)
	}
}

func phraseOf(analyzers *terms.Analyzers, words, languages []string) item {
	i := item{}
	for _, word := range words {
		i.words = append(i.words, analyzers.Query(word, languages))
	}
	return i
}

// unquote parts the words in quotation marks from the loose ones. A mark that
// is not closed is none, and one word alone is no phrase.
func unquote(text string) (loose []string, phrases [][]string) {
	for {
		before, rest, found := cutMark(text)
		loose = append(loose, split(before)...)
		if !found {
			return loose, phrases
		}
		inside, after, closed := cutMark(rest)
		words := split(inside)
		switch {
		case closed && len(words) > 1:
			phrases = append(phrases, words)
		default:
			loose = append(loose, words...)
		}
		text = after
	}
}

// cutMark cuts text at its first quotation mark.
func cutMark(text string) (before, after string, found bool) {
	at := strings.IndexAny(text, "\"„“”«»")
	if at < 0 {
		return text, "", false
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return text[:at], text[at+size:], true
}

func split(text string) []string {
	var words []string
	for token := range terms.Words(text) {
		words = append(words, text[token.Start:token.End])
	}
	return words
}
