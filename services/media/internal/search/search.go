// Package search says what of photos is found by their words: the index is that
// of internal/search.
//
// Readers find published photos by what readers are shown: captions, alternative
// texts, credits and tags. Those who see working copies also find them by the
// names of the people shown, by their source and by the names of their files,
// which often have names of people in them.
package search

import (
	"context"
	"crypto/rand"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/search"
	"github.com/skaitykla/skaitykla/internal/search/terms"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Store is what the index is made from.
type Store interface {
	Version(ctx context.Context) (uint64, error)
	Changes(ctx context.Context, site string, after uint64) iter.Seq2[photo.Batch, error]
	Secret(ctx context.Context, name string, fresh []byte) ([]byte, error)
	Names(ctx context.Context, site string, after []byte, limit int) ([]photo.Name, []byte, error)
	Get(ctx context.Context, name photo.Name) (*mediav1.Photo, error)
}

// Open opens the index of photos in a folder if it can be used; see search.Open.
func Open(ctx context.Context, store Store, folder string, log *slog.Logger) (*search.Search, error) {
	return search.Open(ctx, search.Parts{Source: source{store}, Folder: folder, Kind: "photos", Log: log})
}

// Languages are those by whose grammar photos are found. A site's own are not
// known here.
func Languages() []string { return []string{"lt", "en", "da"} }

// source reads from the store what the index holds.
type source struct{ store Store }

// Version implements search.Source.
func (s source) Version(ctx context.Context) (uint64, error) { return s.store.Version(ctx) }

// Identity implements search.Source.
func (s source) Identity(ctx context.Context) ([]byte, error) {
	return s.store.Secret(ctx, "index", []byte(rand.Text()))
}

// Watch implements search.Source.
func (s source) Watch(ctx context.Context, after uint64) iter.Seq2[search.Changes, error] {
	return func(yield func(search.Changes, error) bool) {
		for batch, err := range s.store.Changes(ctx, "-", after) {
			changes := search.Changes{Through: batch.Through, Idle: len(batch.Told) == 0}
			for _, told := range batch.Told {
				changes.Names = append(changes.Names, search.Name(told.Name))
			}
			if !yield(changes, err) {
				return
			}
		}
	}
}

// Names implements search.Source.
func (s source) Names(ctx context.Context, after []byte, limit int) (names []search.Name, next []byte, err error) {
	all, next, err := s.store.Names(ctx, "-", after, limit)
	for _, n := range all {
		names = append(names, search.Name(n))
	}
	return names, next, err
}

// Documents implements search.Source.
func (s source) Documents(ctx context.Context, name search.Name) ([]search.Document, error) {
	p, err := s.store.Get(ctx, photo.Name(name))
	switch {
	case fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND):
		return nil, nil // gone
	case err != nil:
		return nil, err
	}
	var documents []search.Document
	if p.GetPublished() {
		documents = append(documents, documentOf(p, search.Public))
	}
	if p.GetState() != mediav1.Photo_STATE_DELETED {
		documents = append(documents, documentOf(p, search.Working))
	}
	return documents, nil
}

// documentOf files a photo for one side: captions weigh what titles do, then
// alternative texts, then who is shown, then who made it, then tags. Captions
// and alternative texts are of their language; the others may be of any.
func documentOf(p *mediav1.Photo, side search.Side) search.Document {
	created := p.GetCreateTime().AsTime()
	d := search.Document{Sides: []search.Side{side}, Newest: created, Order: created}
	languages := slices.AppendSeq(slices.Collect(maps.Keys(p.GetCaptions())), maps.Keys(p.GetAlts()))
	slices.Sort(languages)
	for _, code := range slices.Compact(languages) {
		s := search.Section{Language: code}
		s.Add(search.Title, p.GetCaptions()[code])
		s.Add(search.Lead, p.GetAlts()[code])
		d.Sections = append(d.Sections, s)
	}
	s := search.Section{Language: terms.Any}
	s.Add(search.Captions, p.GetCredit())
	s.Add(search.Captions, p.GetAuthor())
	s.Texts[search.Tags] = p.GetTags()
	if side == search.Working {
		s.Texts[search.Body] = p.GetPeopleShown().GetPeopleNames()
		s.Add(search.Captions, p.GetSource())
		s.Add(search.Captions, words(p.GetFilename()))
	}
	d.Sections = append(d.Sections, s)
	return d
}

// words parts the words of a file's name.
func words(filename string) string {
	return strings.NewReplacer("_", " ", "-", " ", ".", " ", "+", " ").Replace(filename)
}
