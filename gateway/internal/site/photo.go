package site

import (
	"fmt"
	"html/template"
	"regexp"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Sizes that tell the browser how wide a picture will be, so that it loads no
// more than it shows. They belong to the widths in site.css.
const (
	sizesText = "(min-width: 48rem) 42rem, 100vw"
	sizesHero = "(min-width: 64rem) 60rem, 100vw"
	sizesLead = "(min-width: 48rem) 36rem, 100vw"
	sizesCard = "(min-width: 64rem) 20rem, (min-width: 40rem) 50vw, 100vw"
)

// sizesGallery are the sizes of a gallery of so many pictures: its columns are at
// least 17rem wide and share the 60rem of the page.
func sizesGallery(pictures int) string {
	switch pictures {
	case 1:
		return sizesHero
	case 2:
		return "(min-width: 64rem) 30rem, (min-width: 39rem) 50vw, 100vw"
	default:
		return "(min-width: 57rem) 20rem, (min-width: 39rem) 50vw, 100vw"
	}
}

// sourceWidth is the width for browsers that do not choose by themselves.
const sourceWidth = 960

// photo is all that a picture element takes.
type photo struct {
	ID            string // of the element, for its color
	Alt           string
	Caption       string
	Credit        string
	License       string
	LicenseURL    template.URL // empty where there is nothing to read
	Width, Height int32
	Source        string // JPEG
	// The sizes of each format, as in srcset; empty where there are none.
	JPEG, WebP, AVIF string
	Moving           string // the sizes of WebP that move
	Sizes            string
	Eager            bool // one of the first things a reader sees
	Largest          string
	Enlarge          string // the label of the link to Largest
}

// pictures numbers the pictures of one page and collects their colors.
type pictures struct {
	count  int
	colors []string // rules of CSS
}

// place returns the view of a photo, cut as the placement wishes; nil when there
// is nothing to show yet.
func (p *pictures) place(t *writer, placement *articlev1.PhotoPlacement, sizes string) *photo {
	return p.show(t, placement.GetPlaced(), wish(placement), sizes)
}

// card returns the view of a photo for a list, where it is cut in any case.
func (p *pictures) card(t *writer, placement *articlev1.PhotoPlacement, sizes string) *photo {
	crop := wish(placement)
	if crop == mediav1.Rendition_CROP_UNSPECIFIED {
		crop = mediav1.Rendition_CROP_WIDE
	}
	return p.show(t, placement.GetPlaced(), crop, sizes)
}

// wish returns how a placement wants its photo to be cut.
func wish(placement *articlev1.PhotoPlacement) mediav1.Rendition_Crop {
	switch placement.GetCrop() {
	case articlev1.PhotoPlacement_CROP_WIDE:
		return mediav1.Rendition_CROP_WIDE
	case articlev1.PhotoPlacement_CROP_CLASSIC:
		return mediav1.Rendition_CROP_CLASSIC
	case articlev1.PhotoPlacement_CROP_SQUARE:
		return mediav1.Rendition_CROP_SQUARE
	case articlev1.PhotoPlacement_CROP_UNSPECIFIED:
	}
	return mediav1.Rendition_CROP_UNSPECIFIED
}

// show returns the view of a photo, whole where it was not cut so. Only the
// first picture of a page is loaded before it is scrolled to.
func (p *pictures) show(t *writer, placed *articlev1.PlacedPhoto, crop mediav1.Rendition_Crop, sizes string) *photo {
	view := &photo{
		Alt: placed.GetAlt(), Caption: t.text(placed.GetCaption()),
		Width: placed.GetWidth(), Height: placed.GetHeight(), Sizes: sizes,
	}
	if credit := placed.GetCredit(); credit != "" {
		view.Credit = t.text(t.lang.Message("photo.credit", "credit", credit))
	}
	view.license(t, placed)
	view.renditions(placed.GetRenditions())
	view.cut(placed.GetCutRenditions(), crop)
	if view.Source == "" || view.Width <= 0 || view.Height <= 0 {
		return nil
	}
	view.Enlarge = t.lang.Message("photo.enlarge")
	if view.Alt != "" {
		view.Enlarge = t.lang.Message("photo.enlarge_named", "alt", view.Alt)
	}
	p.count++
	view.ID = fmt.Sprintf("p%d", p.count)
	view.Eager = p.count == 1
	if isColor(placed.GetColor()) {
		p.colors = append(p.colors, fmt.Sprintf("#%s{background-color:%s}", view.ID, placed.GetColor()))
	}
	return view
}

// license names the license as people know it: CC BY-SA 4.0, not CC-BY-SA-4.0.
func (v *photo) license(t *writer, placed *articlev1.PlacedPhoto) {
	name := placed.GetLicense()
	kind, version, found := cutLast(strings.TrimPrefix(name, "CC-"), "-")
	switch {
	case found && strings.HasPrefix(name, "CC-"):
		name = "CC " + kind + " " + version
	case found && kind == "CC0":
		name = "CC0 " + version
	case name == "":
		name = hostName(placed.GetLicenseUri())
	}
	if name == "" {
		return
	}
	v.License = t.lang.Message("photo.license", "license", name)
	if u := placed.GetLicenseUri(); strings.HasPrefix(u, "https://") || strings.HasPrefix(u, "http://") {
		v.LicenseURL, _ = safeURL(u)
	}
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// renditions sets what browsers choose from when the photo is shown whole.
func (v *photo) renditions(whole []*mediav1.Rendition) {
	for _, r := range v.choice(whole, mediav1.Rendition_CROP_UNSPECIFIED) {
		v.Largest = r.GetUri()
	}
}

// cut sets what browsers choose from to the sizes with that cut, if there are
// any. The link to the largest stays that to the whole photo.
func (v *photo) cut(all []*mediav1.Rendition, crop mediav1.Rendition_Crop) {
	if crop == mediav1.Rendition_CROP_UNSPECIFIED {
		return
	}
	for _, r := range v.choice(all, crop) {
		v.Width, v.Height = r.GetWidth(), r.GetHeight()
	}
}

// choice sets what browsers choose from to the sizes with that cut, unless there
// is no JPEG among them, and returns the JPEG ones. They come with the smallest
// width first.
func (v *photo) choice(all []*mediav1.Rendition, crop mediav1.Rendition_Crop) (jpeg []*mediav1.Rendition) {
	sets := make(map[mediav1.Rendition_Format][]string)
	var moving []string
	source := ""
	for _, r := range all {
		uri, ok := mediaURL(r.GetUri())
		if !ok || r.GetWidth() <= 0 || r.GetCrop() != crop {
			continue
		}
		size := fmt.Sprintf("%s %dw", uri, r.GetWidth())
		if r.GetAnimated() {
			moving = append(moving, size)
			continue
		}
		sets[r.GetFormat()] = append(sets[r.GetFormat()], size)
		if r.GetFormat() == mediav1.Rendition_FORMAT_JPEG {
			jpeg = append(jpeg, r)
			if source == "" || r.GetWidth() <= sourceWidth {
				source = uri
			}
		}
	}
	if source == "" {
		return nil
	}
	v.Source = source
	v.Moving = strings.Join(moving, ", ")
	v.JPEG = strings.Join(sets[mediav1.Rendition_FORMAT_JPEG], ", ")
	v.WebP = strings.Join(sets[mediav1.Rendition_FORMAT_WEBP], ", ")
	v.AVIF = strings.Join(sets[mediav1.Rendition_FORMAT_AVIF], ", ")
	return jpeg
}

// isColor guards the style sheet of a page against anything but a color.
func isColor(s string) bool { return regexp.MustCompile(`^#[0-9a-fA-F]{6}$`).MatchString(s) }
