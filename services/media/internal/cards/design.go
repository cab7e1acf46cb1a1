package cards

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/card"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// design is everything a card is drawn from.
type design struct {
	Title, Language string
	Site            site
	Cover, Logo     picture
}

// picture is a rendition to draw and what must stay visible of it; empty for
// none.
type picture struct {
	Photo, Key     string
	FocalX, FocalY float64
}

// generation stands for the design: the same one always gives the same text.
func (d design) generation() string {
	hash := sha256.New()
	// Quoted, so that no two designs run into the same text.
	fmt.Fprintf(hash, "%d %q %q %q %q %q %+q %+q", card.Version, d.Title, d.Language,
		d.Site.title, d.Site.color, d.Site.logo, []string{d.Cover.Key, d.Logo.Key}, fmt.Sprint(d.Cover.FocalX, " ", d.Cover.FocalY))
	return hex.EncodeToString(hash.Sum(nil))[:20]
}

// photos are the names of the photos on the card.
func (d design) photos() []string {
	var names []string
	for _, p := range []picture{d.Cover, d.Logo} {
		if p.Photo != "" {
			names = append(names, p.Photo)
		}
	}
	return names
}

// design says how the card of an article is to look now.
func (k *Keeper) design(ctx context.Context, article string, record *recordv1.Card) (design, error) {
	of, err := k.site(ctx, siteName(article))
	if err != nil {
		return design{}, err
	}
	d := design{Title: record.GetTitle(), Language: record.GetLanguageCode(), Site: of}
	if name, err := photo.ParseName("cover", record.GetCover()); err == nil {
		if d.Cover, err = k.picture(ctx, name, card.Width); err != nil {
			return design{}, err
		}
	}
	if address, ok := photo.ParseAddress(of.logo); ok && address.Name.Parent() == siteName(article) {
		if d.Logo, err = k.picture(ctx, address.Name, logoWidth); err != nil {
			return design{}, err
		}
	}
	return d, nil
}

// logoWidth is as wide as a logo is drawn.
const logoWidth = 190

// picture chooses the rendition of a photo to draw at a width; none when the
// photo may not be shown.
func (k *Keeper) picture(ctx context.Context, name photo.Name, width int32) (picture, error) {
	p, err := k.Records.Get(ctx, name)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return picture{}, nil
	}
	if err != nil || !Showable(p, time.Now()) {
		return picture{}, err
	}
	best := choose(p.GetRenditions(), width)
	address, ok := photo.ParseAddress(best.GetUri())
	if !ok {
		return picture{}, nil
	}
	chosen := picture{
		Photo: name.String(), FocalX: 0.5, FocalY: 0.5,
		Key: string(blobs.Rendition(p.GetSha256(), address.Generation, address.File())),
	}
	if focal := p.GetFocalPoint(); focal != nil && best.GetCrop() == mediav1.Rendition_CROP_UNSPECIFIED {
		chosen.FocalX, chosen.FocalY = focal.GetX(), focal.GetY()
	}
	return chosen, nil
}

// choose returns the smallest whole JPEG that fills a card of that width, or
// else the largest; but the cut made for cards where there is one.
func choose(renditions []*mediav1.Rendition, width int32) *mediav1.Rendition {
	var best *mediav1.Rendition
	for _, r := range renditions {
		if r.GetFormat() != mediav1.Rendition_FORMAT_JPEG {
			continue
		}
		if r.GetCrop() == mediav1.Rendition_CROP_SOCIAL && r.GetWidth() == width {
			return r
		}
		if r.GetCrop() != mediav1.Rendition_CROP_UNSPECIFIED {
			continue
		}
		if best == nil || fill(r) > fill(best) && fill(best) < width || fill(r) < fill(best) && fill(r) >= width {
			best = r
		}
	}
	return best
}

// fill is the width of the largest cut with the shape of a card.
func fill(r *mediav1.Rendition) int32 {
	return min(r.GetWidth(), r.GetHeight()*card.Width/card.Height)
}

// Showable reports whether the public may see a photo on a card at a time. That
// a published article uses it goes without saying.
func Showable(p *mediav1.Photo, now time.Time) bool {
	// The record does not say whether its rights are cleared: that follows from
	// the time and the state.
	return p.GetState() != mediav1.Photo_STATE_UNSPECIFIED && photo.Cleared(p, now)
}
