package check

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// placedAlt is an alternative text and where it is used.
type placedAlt struct{ blockID, field, photo, alt string }

// photo checks the texts of one placement; field is its path from the block.
func (r *report) photo(blockID, field string, p *articlev1.PhotoPlacement) {
	if p.GetDecorative() {
		return
	}
	texts := r.manuscript.Texts(p)
	field += ".alt"
	if blank(texts.Alt) {
		r.add(altMissing, blockID, field, "")
		return
	}
	r.alts = append(r.alts, placedAlt{blockID, field, p.GetPhoto(), texts.Alt})
	photo := r.manuscript.Photos[p.GetPhoto()]
	if reason, junk := r.junk(texts.Alt, photo.GetFilename()); junk {
		r.add(altJunk, blockID, field, texts.Alt, "text", texts.Alt, "reason", string(reason))
		return
	}
	if sameText(texts.Alt, texts.Caption) {
		r.add(altSameCaption, blockID, field, texts.Alt, "text", texts.Alt)
	}
	if start := r.language.RedundantStart(texts.Alt); start != "" {
		r.add(altRedundant, blockID, field, texts.Alt, "start", start)
	}
}

func (r *report) junk(alt, filename string) (lang.JunkReason, bool) {
	return lang.JunkAlt(alt, lang.JunkOptions{
		Language: r.language, FileName: filename, Title: r.manuscript.Content.GetTitle(),
		Vocabulary: func(word string) bool { return r.words[word] },
	})
}

// duplicates finds different photos that are described by the same text.
func (r *report) duplicates() {
	first := make(map[string]placedAlt)
	for _, a := range r.alts {
		key := strings.ToLower(strings.Join(strings.Fields(a.alt), " "))
		before, seen := first[key]
		switch {
		case !seen:
			first[key] = a
		case before.photo != a.photo:
			r.add(altDuplicate, a.blockID, a.field, a.alt, "text", a.alt)
		}
	}
}

func sameText(a, b string) bool {
	return !blank(b) && strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
