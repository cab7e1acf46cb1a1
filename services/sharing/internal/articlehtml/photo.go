package articlehtml

import (
	"html"
	"slices"
	"strconv"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// width is the most pixels of width that a text column of a feed reader shows;
// wider files only cost bytes.
const width = 1280

// figure writes a photo with its caption, credit and license; nothing when
// there is nothing to show.
func (w *writer) figure(placement *articlev1.PhotoPlacement) {
	placed := placement.GetPlaced()
	file := rendition(placed.GetRenditions())
	if file == nil {
		return
	}
	w.WriteString(`<figure><img src="` + html.EscapeString(w.article.Site.Absolute(file.GetUri())) +
		`" width="` + strconv.Itoa(int(file.GetWidth())) + `" height="` + strconv.Itoa(int(file.GetHeight())) +
		`" alt="` + html.EscapeString(clean(placed.GetAlt())) + `">`)
	if caption := w.caption(placed); caption != "" {
		w.WriteString("<figcaption>" + caption + "</figcaption>")
	}
	w.WriteString("</figure>\n")
}

// coverInBody reports whether the cover is one of the photos of the body.
func coverInBody(a *articlev1.Article) bool {
	cover := a.GetCover().GetPhoto()
	isCover := func(placement *articlev1.PhotoPlacement) bool { return placement.GetPhoto() == cover }
	return cover != "" && slices.ContainsFunc(a.GetBlocks(), func(b *articlev1.Block) bool {
		return isCover(b.GetFigure().GetPlacement()) || slices.ContainsFunc(b.GetGallery().GetPlacements(), isCover)
	})
}

func (w *writer) caption(placed *articlev1.PlacedPhoto) string {
	line := w.text(placed.GetCaption())
	add := func(text string) {
		if line != "" {
			line += "<br>"
		}
		line += text
	}
	if credit := placed.GetCredit(); credit != "" {
		add(w.message("photo.credit", "credit", credit))
	}
	if license := placed.GetLicense(); license != "" {
		label := w.message("photo.license", "license", license)
		if uri, ok := w.address(placed.GetLicenseUri()); ok {
			label = `<a rel="license" href="` + html.EscapeString(uri) + `">` + label + "</a>"
		}
		add(label)
	}
	return line
}

func (w *writer) gallery(gallery *articlev1.Gallery) {
	w.element("h2", w.text(gallery.GetTitle()))
	for _, placement := range gallery.GetPlacements() {
		w.figure(placement)
	}
}

// rendition returns the widest JPEG of the whole photo that is at most width
// wide, else the smallest one; nil when there is none.
func rendition(files []*mediav1.Rendition) *mediav1.Rendition {
	var best *mediav1.Rendition
	for _, file := range files {
		whole := file.GetCrop() == mediav1.Rendition_CROP_UNSPECIFIED && !file.GetAnimated()
		if !whole || file.GetFormat() != mediav1.Rendition_FORMAT_JPEG || file.GetUri() == "" || file.GetWidth() <= 0 {
			continue
		}
		if best == nil || better(file.GetWidth(), best.GetWidth()) {
			best = file
		}
	}
	return best
}

// better reports whether a file of width a serves better than one of width b.
func better(a, b int32) bool {
	if (a <= width) != (b <= width) {
		return a <= width
	}
	return (a > b) == (a <= width)
}
