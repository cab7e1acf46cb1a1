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
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/search/terms"
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

// writer makes the document of an article.
type writer struct {
	analyzer *terms.Analyzer
	doc      *document.Document
	stems    [places]set
	forms    [2]set         // of the title, and of the rest
	counts   map[string]int // of stems
	scopes   []string
	words    map[string]*entry
}

// entry is a word of the article.
type entry struct {
	terms.Terms

	exact []byte
	place place // the last one it was filed for
}

// documentOf files an article on one side, or on both when they are the same.
// Its texts are not kept.
func documentOf(analyzers *terms.Analyzers, n article.Name, a *articlev1.Article, sides ...side) *document.Document {
	w := &writer{
		analyzer: analyzers.For(a.GetLanguageCode()), doc: document.NewDocument(idOf(sides[0], n)),
		counts: map[string]int{}, words: map[string]*entry{},
	}
	for p, texts := range sectionsOf(a) {
		w.place(place(p), texts)
	}
	w.often()
	for _, p := range stemmed() {
		w.presence(p.stem(), w.stems[p])
	}
	w.presence(inTitle.form(), w.forms[0])
	w.presence(anywhere.form(), w.forms[1])
	for _, s := range sides {
		w.scopes = append(w.scopes, scopeOf(s, n.Site))
	}
	w.about(n, a)
	return w.doc
}

// idOf is the id of the document of an article on a side, or on both.
func idOf(s side, n article.Name) string { return scopeOf(s, n.Site) + "/" + n.ID }

// place files the words of one part of the article.
func (w *writer) place(p place, texts []string) {
	w.stems[p] = set{}
	form := min(1, int(p))
	if w.forms[form] == nil {
		w.forms[form] = set{}
	}
	var all []analysis.Token
	position := 0
	for _, text := range texts {
		for token := range terms.Words(text) {
			position++
			e := w.word(text[token.Start:token.End])
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
	w.field(p.exact(), asPositions, all)
}

func (w *writer) word(word string) *entry {
	e, ok := w.words[word]
	if !ok {
		t := w.analyzer.Word(word)
		e = &entry{Terms: t, exact: []byte(t.Exact), place: places}
		w.words[word] = e
	}
	return e
}

// often files the words that the article says again and again.
func (w *writer) often() {
	w.stems[often] = set{}
	for _, e := range w.words {
		if slices.ContainsFunc(e.Class, func(stem string) bool { return w.counts[stem] >= oftenMin }) {
			w.stems[often].add(e.Filed...)
		}
	}
}

// about files what filters and orders ask.
func (w *writer) about(n article.Name, a *articlev1.Article) {
	w.value(fieldScope, asPresence, w.scopes...)
	w.value(fieldTags, asValue, a.GetTags()...)
	w.value(fieldTopics, asValue, a.GetTopics()...)
	w.value(fieldLanguage, asValue, a.GetLanguageCode())
	w.value(fieldState, asValue, fmt.Sprintf("%d", a.GetState()))
	w.value(fieldPublished, asValue, timeTerm(a.GetPublishTime()))
	w.value(fieldUpdated, asValue, timeTerm(a.GetUpdateTime()))
	newest := a.GetPublishTime()
	if newest == nil {
		newest = a.GetUpdateTime()
	}
	w.value(fieldNewest, asValue, timeTerm(newest)+n.ID)
	w.value(fieldOrder, asValue, timeTerm(a.GetPublishTime())+n.ID)
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

// timeTerm writes a time in hexadecimal microseconds, so that the order of
// terms is that of times, also before 1970. No time is the earliest.
func timeTerm(t *timestamppb.Timestamp) string {
	if t == nil {
		return strings.Repeat("0", timeWidth)
	}
	return fmt.Sprintf("%016x", uint64(t.AsTime().UnixMicro())^1<<63)
}

// parseTime reads what timeTerm wrote; nil for no time.
func parseTime(term string) *timestamppb.Timestamp {
	var bits uint64
	if _, err := fmt.Sscanf(term, "%016x", &bits); err != nil || bits == 0 {
		return nil
	}
	return timestamppb.New(time.UnixMicro(int64(bits ^ 1<<63))) //nolint:gosec // the bits of timeTerm
}
