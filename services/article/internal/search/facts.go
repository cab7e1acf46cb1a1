package search

import (
	"strconv"

	index "github.com/blevesearch/bleve_index_api"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// facts read what filters ask of an article.
type facts struct {
	reader index.DocValueReader
	id     index.IndexInternalID
}

func newFacts(r index.IndexReader) (*facts, error) {
	reader, err := r.DocValueReader([]string{
		fieldTags, fieldTopics, fieldLanguage, fieldState, fieldPublished, fieldUpdated,
	})
	return &facts{reader: reader}, err
}

// of returns the article of a document with nothing but facts.
func (f *facts) of(doc uint64) (*articlev1.Article, error) {
	a := &articlev1.Article{}
	f.id = index.NewIndexInternalID(f.id, doc)
	err := f.reader.VisitDocValues(f.id, func(field string, term []byte) {
		value := string(term)
		switch field {
		case fieldTags:
			a.Tags = append(a.Tags, value)
		case fieldTopics:
			a.Topics = append(a.Topics, value)
		case fieldLanguage:
			a.LanguageCode = value
		case fieldState:
			if state, err := strconv.Atoi(value); err == nil {
				a.State = articlev1.Article_State(state) //nolint:gosec // written from one
			}
		case fieldPublished:
			a.PublishTime = parseTime(value)
		case fieldUpdated:
			a.UpdateTime = parseTime(value)
		}
	})
	return a, err
}
