package search

import index "github.com/blevesearch/bleve_index_api"

// factReader asks a filter about documents.
type factReader struct {
	reader index.DocValueReader
	id     index.IndexInternalID
	facts  Facts
}

func newFactReader(r index.IndexReader, facts Facts) (*factReader, error) {
	reader, err := r.DocValueReader(facts.Fields())
	return &factReader{reader: reader, facts: facts}, err
}

// take reports whether the filter takes a document.
func (f *factReader) take(doc uint64) (bool, error) {
	f.facts.Begin()
	f.id = index.NewIndexInternalID(f.id, doc)
	err := f.reader.VisitDocValues(f.id, func(field string, term []byte) { f.facts.Add(field, string(term)) })
	return err == nil && f.facts.Take(), err
}
