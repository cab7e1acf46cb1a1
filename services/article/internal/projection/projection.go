// Package projection makes of a published revision what readers get: photos
// resolved to sizes and addresses, inherited texts filled in, dates written
// out. It is a pure function of the article, its site and its photos, so the
// stored result can be made again at any time.
package projection

import (
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// Build returns the projection of the state's published revision r.
func Build(a *recordv1.State, r *recordv1.Revision, d article.Manuscript) (article.Encoded, error) {
	full := article.Public(a, r, d.Site)
	full.Translations = d.Translations
	d.Content = full
	Resolve(d, true)
	encoded := article.Encoded{Tags: full.GetTags(), Photos: article.Photos(full), Member: article.MemberOf(full)}
	var err error
	marshal := proto.MarshalOptions{Deterministic: true}
	if encoded.Full, err = marshal.Marshal(full); err != nil {
		return article.Encoded{}, fmt.Errorf("project %s: %w", a.GetName(), err)
	}
	if encoded.Summary, err = marshal.Marshal(Summary(full)); err != nil {
		return article.Encoded{}, fmt.Errorf("project %s: %w", a.GetName(), err)
	}
	return encoded, nil
}

// Summary cuts an article down for lists; it changes and returns full. An
// article without a cover has the first of its photos that can be shown.
func Summary(full *articlev1.Article) *articlev1.Article {
	if full.GetCover() == nil {
		for _, p := range article.Placements(full) {
			if full.Cover = p; p.GetPlaced() != nil {
				break
			}
		}
	}
	full.Blocks = nil
	return full
}

// Resolve sets Placed of every placement in d.Content whose photo is known.
// With public the addresses lose what only their first reader may use, and of a
// photo that may not be shown nothing is left but its name, so that it comes
// back when it may: a caption without its picture would still name who is not
// to be shown.
func Resolve(d article.Manuscript, public bool) {
	first := true
	for _, p := range article.Placements(d.Content) {
		p.Placed = nil
		photo := d.Photos[p.GetPhoto()]
		switch {
		case public && !article.MayShow(photo):
			p.Alt, p.Caption, p.Credit = nil, nil, nil
		case photo != nil:
			p.Placed = placed(d.Texts(p), photo)
			p.Placed.Renditions, p.Placed.CutRenditions = renditions(photo, shapes(p, first), public)
			first = false
		}
	}
}

func placed(t article.Texts, photo *mediav1.Photo) *articlev1.PlacedPhoto {
	return &articlev1.PlacedPhoto{
		Alt: t.Alt, Caption: t.Caption, Credit: t.Credit,
		Width: photo.GetWidth(), Height: photo.GetHeight(),
		Color: photo.GetColor(), Placeholder: photo.GetPlaceholder(),
		License: photo.GetLicense().GetSpdxId(), LicenseUri: licenseURI(photo.GetLicense()),
	}
}

// shapes returns how a placed photo may have to be cut: as the placement
// wishes, and the first one for lists.
func shapes(p *articlev1.PhotoPlacement, first bool) []mediav1.Rendition_Crop {
	var all []mediav1.Rendition_Crop
	switch p.GetCrop() {
	case articlev1.PhotoPlacement_CROP_WIDE:
		return append(all, mediav1.Rendition_CROP_WIDE)
	case articlev1.PhotoPlacement_CROP_CLASSIC:
		all = append(all, mediav1.Rendition_CROP_CLASSIC)
	case articlev1.PhotoPlacement_CROP_SQUARE:
		all = append(all, mediav1.Rendition_CROP_SQUARE)
	case articlev1.PhotoPlacement_CROP_UNSPECIFIED:
	}
	if first {
		all = append(all, mediav1.Rendition_CROP_WIDE)
	}
	return all
}

// renditions returns the whole renditions of a photo, and those cut to the
// shapes. The others are left out: an article is read more often than cut.
func renditions(photo *mediav1.Photo, shapes []mediav1.Rendition_Crop, public bool) (whole, cut []*mediav1.Rendition) {
	for _, r := range photo.GetRenditions() {
		if public {
			r = proto.CloneOf(r)
			r.Uri, _, _ = strings.Cut(r.GetUri(), "?")
			r.Crc32C = 0 // for those who repair
		}
		switch {
		case r.GetCrop() == mediav1.Rendition_CROP_UNSPECIFIED:
			whole = append(whole, r)
		case slices.Contains(shapes, r.GetCrop()):
			cut = append(cut, r)
		}
	}
	return whole, cut
}
