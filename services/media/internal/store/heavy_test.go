package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/replay"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store/storetest"
)

// heaviest returns a description with nearly as much text as is kept, and
// with as many tags.
func heaviest() *mediav1.Photo {
	text := func(characters int) string { return strings.Repeat("😀", characters) }
	words := func() (all []string) {
		for i := range 50 {
			all = append(all, fmt.Sprintf("%02d%s", i, text(98)))
		}
		return all
	}
	p := &mediav1.Photo{
		Alts: make(map[string]string), Captions: make(map[string]string), Tags: words(),
		Source: text(500), Author: text(300), Credit: text(300), CopyrightNotice: text(300), Filename: text(255),
		License: &mediav1.License{Terms: text(500)},
		PeopleShown: &mediav1.PeopleShown{
			Presence: mediav1.PeopleShown_PRESENCE_NAMED, PeopleNames: words(),
			Consent: &mediav1.Consent{Basis: mediav1.Consent_BASIS_CONSENT, Purpose: text(500), Reference: text(300)},
		},
	}
	for code := range strings.FieldsSeq("lt en da de fr es it pl lv et fi sv nb nl pt cs sk sl hu ro") {
		p.Alts[code], p.Captions[code] = text(400), text(940)
	}
	return p
}

// TestHeaviestPhotos has an article use photos whose records together are too
// large for a transaction, and edits and removes one of them.
func TestHeaviestPhotos(t *testing.T) {
	s, _ := open(t)
	var names []photo.Name
	for i := range 9 {
		names = append(names, name(fmt.Sprintf("nuotrauka-%d", i)))
		content, err := photo.Clean(heaviest(), "photo")
		must(t, err)
		p, err := photo.New(names[i], content, photo.Facts{SHA256: fmt.Sprintf("a%d", i)}, "ona", start())
		must(t, err)
		p.Suggestions = &mediav1.PhotoSuggestions{Caption: strings.Repeat("x", 128<<10)} // more than is ever stored
		_, err = s.Create(t.Context(), p, replay.Request{}, start())
		must(t, err)
	}
	published := func() (n int) {
		all, err := s.GetAll(t.Context(), names)
		must(t, err)
		for _, p := range all {
			if p.GetPublished() {
				n++
			}
		}
		return n
	}
	storetest.Use(t, s, start(), "sites/abc/articles/a-1", true, names...)
	if n := published(); n != len(names) {
		t.Errorf("%d of %d photos are public", n, len(names))
	}
	storetest.Use(t, s, start(), "sites/abc/articles/a-1", false)
	if n := published(); n != 0 {
		t.Errorf("%d photos stayed public", n)
	}

	p, err := s.Get(t.Context(), names[0])
	must(t, err)
	content := proto.CloneOf(p)
	content.Captions["lt"] = strings.Repeat("😁", 2000)
	for i, tag := range content.GetTags() {
		content.Tags[i] = "x" + tag[1:]
	}
	slices.Reverse(content.Tags)
	_, err = s.Update(t.Context(), names[0], photo.Edit{Content: content, Fields: []string{"captions", "tags"}, Etag: p.GetEtag()}, "ona",
		replay.Request{ID: "edit"}, start(), func(*mediav1.Photo) error { return nil })
	must(t, err)
	// An edit of an older revision is merged with what two edits left.
	other := proto.CloneOf(p)
	other.Credit = strings.Repeat("\U0001F601", 300)
	_, err = s.Update(t.Context(), names[0], photo.Edit{Content: other, Fields: []string{"credit"}, Etag: p.GetEtag()}, "ona",
		replay.Request{ID: "merge"}, start(), func(*mediav1.Photo) error { return nil })
	must(t, err)

	// More is refused with words, and what is there stays.
	most := proto.CloneOf(p)
	for code := range most.GetAlts() {
		most.Alts[code] = strings.Repeat("\U0001F600", 1000)
	}
	_, err = photo.Clean(most, "photo")
	testkit.WantReason(t, err, faultv1.Reason_REASON_TOO_LARGE)
	current, err := s.Get(t.Context(), names[0])
	must(t, err)
	_, err = s.Update(t.Context(), names[0], photo.Edit{Content: most, Fields: []string{"alts"}, Etag: current.GetEtag()}, "ona",
		replay.Request{ID: "more"}, start(), func(*mediav1.Photo) error { return nil })
	testkit.WantReason(t, err, faultv1.Reason_REASON_TOO_LARGE)
}
