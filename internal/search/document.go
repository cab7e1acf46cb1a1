package search

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/document"
	index "github.com/blevesearch/bleve_index_api"

	"github.com/skaitykla/skaitykla/internal/search/terms"
)

// layout grows with every change of what a document holds.
const layout = 1

const (
	asPresence  = index.IndexField | index.SkipFreqNorm
	asValue     = asPresence | index.DocValues
	asPositions = index.IndexField | index.IncludeTermVectors
	// gap is added to positions between two texts of one place.
	gap = 8
)

// tokens are an analysis that was made beforehand.
type tokens analysis.TokenStream

// Analyze implements analysis.Analyzer.
func (t tokens) Analyze([]byte) analysis.TokenStream { return analysis.TokenStream(t) }

// set is the terms of a field, each once.
type set map[string]struct{}

func (s set) add(all ...string) {
	for _, term := range all {
		s[term] = struct{}{}
	}
}

// writer makes a document of the index.
type writer struct {
	doc      *document.Document
	sections []section
	stems    [places]set
	forms    [2]set         // of the title, and of the rest
	counts   map[string]int // of stems
}

// section is a section that is being filed.
type section struct {
	Section

	analyzer *terms.Analyzer
	words    map[string]*entry
}

// entry is a word of a section.
type entry struct {
	terms.Terms

	exact []byte
	place Place // the last one it was filed for
}

// documentOf files a resource. Its texts are not kept.
func documentOf(analyzers *terms.Analyzers, n Name, d Document) *document.Document {
	w := &writer{doc: document.NewDocument(idOf(d.Sides[0], n)), counts: map[string]int{}}
	for _, s := range d.Sections {
		w.sections = append(w.sections, section{s, analyzers.For(s.Language), map[string]*entry{}})
	}
	for _, p := range texts() {
		w.place(p)
	}
	w.often()
	for _, p := range stemmed() {
		w.presence(p.stem(), w.stems[p])
	}
	w.presence(Title.form(), w.forms[0])
	w.presence(anywhere.form(), w.forms[1])
	w.about(n, d)
	return w.doc
}

// place files the words of one part of the resource.
func (w *writer) place(p Place) {
	w.stems[p] = set{}
	form := min(1, int(p))
	if w.forms[form] == nil {
		w.forms[form] = set{}
	}
	var all []analysis.Token
	position := 0
	for _, s := range w.sections {
		for _, text := range s.Texts[p] {
			for token := range terms.Words(text) {
				position++
				e := s.word(text[token.Start:token.End])
				all = append(all, analysis.Token{Term: e.exact, Position: position})
				for _, stem := range e.Class {
					w.counts[stem]++
				}
				if e.place == p {
					continue
				}
				e.place = p
				w.stems[p].add(e.Filed...)
				w.forms[form].add(e.Forms...)
			}
			position += gap
		}
	}
	w.field(p.exact(), asPositions, all)
}

func (s section) word(word string) *entry {
	e, ok := s.words[word]
	if !ok {
		t := s.analyzer.Word(word)
		e = &entry{Terms: t, exact: []byte(t.Exact), place: places}
		s.words[word] = e
	}
	return e
}

// often files the words that the resource says again and again.
func (w *writer) often() {
	w.stems[often] = set{}
	for _, s := range w.sections {
		for _, e := range s.words {
			if slices.ContainsFunc(e.Class, func(stem string) bool { return w.counts[stem] >= oftenMin }) {
				w.stems[often].add(e.Filed...)
			}
		}
	}
}

// about files what filters and orders ask.
func (w *writer) about(n Name, d Document) {
	scopes := make([]string, len(d.Sides))
	for i, side := range d.Sides {
		scopes[i] = scopeOf(side, n.Site)
	}
	w.value(fieldScope, asPresence, scopes...)
	for _, fact := range d.Facts {
		w.value(fact.Field, asValue, fact.Values...)
	}
	w.value(fieldNewest, asValue, TimeTerm(d.Newest)+n.ID)
	w.value(fieldOrder, asValue, TimeTerm(d.Order)+n.ID)
}

func (w *writer) value(field string, options index.FieldIndexingOptions, values ...string) {
	all := make([]analysis.Token, len(values))
	for i, value := range values {
		all[i] = analysis.Token{Term: []byte(value), Position: i + 1}
	}
	w.field(field, options, all)
}

func (w *writer) presence(field string, all set) {
	w.value(field, asPresence, slices.Collect(maps.Keys(all))...)
}

func (w *writer) field(name string, options index.FieldIndexingOptions, all []analysis.Token) {
	if len(all) > 0 {
		stream := make(tokens, len(all)) // into one piece of memory: there are thousands
		for i := range all {
			stream[i] = &all[i]
		}
		w.doc.AddField(document.NewTextFieldCustom(name, nil, nil, options, stream))
	}
}

// timeWidth is the length of a time as a term.
const timeWidth = 16

// TimeTerm writes a time in hexadecimal microseconds, so that the order of
// terms is that of times, also before 1970. The zero time is the earliest.
func TimeTerm(t time.Time) string {
	if t.IsZero() {
		return strings.Repeat("0", timeWidth)
	}
	return fmt.Sprintf("%016x", uint64(t.UnixMicro())^1<<63)
}

// ParseTime reads what TimeTerm wrote.
func ParseTime(term string) time.Time {
	var bits uint64
	if _, err := fmt.Sscanf(term, "%016x", &bits); err != nil || bits == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(bits ^ 1<<63)).UTC() //nolint:gosec // the bits of TimeTerm
}
