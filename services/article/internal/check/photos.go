package check

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/lang"
)

// photoRules are about photos that have no usable alternative text.
func photoRules() []rule {
	return []rule{
		{id: "alt-missing", severity: failure, source: "WCAG 2.2, 1.1.1", find: altMissing},
		{id: "alt-junk", severity: failure, source: "WCAG 2.2, 1.1.1 (F30)", waivable: true, find: altJunk},
	}
}

// altMissing asks for a text, or for the word that the photo only decorates. An
// empty text is not that word. Of a photo that could not be looked up it says
// nothing.
func altMissing(v *view, add func(hit)) {
	for _, p := range v.photos {
		if !p.place.GetDecorative() && blank(p.texts.Alt) && (p.known || p.place.Alt != nil) {
			add(hit{block: p.block, field: p.field + ".alt", key: p.place.GetPhoto()})
		}
	}
}

func altJunk(v *view, add func(hit)) {
	for _, p := range v.photos {
		if p.place.GetDecorative() || blank(p.texts.Alt) {
			continue
		}
		if reason, junk := v.junk(p); junk {
			h := p.alt()
			h.pairs = append(h.pairs, "reason", string(reason))
			add(h)
		}
	}
}

func (v *view) junk(p placedPhoto) (lang.JunkReason, bool) {
	return lang.JunkAlt(p.texts.Alt, lang.JunkOptions{
		Language: v.language, FileName: v.Photos[p.place.GetPhoto()].GetFilename(), Title: v.Content.GetTitle(),
		Vocabulary: v.knows,
	})
}

// alt returns a hit of the photo's alternative text. Its fingerprint is of the
// photo too: the same words may be right for another.
func (p placedPhoto) alt() hit {
	return hit{
		block: p.block, field: p.field + ".alt", excerpt: p.texts.Alt, key: p.place.GetPhoto() + "\n" + p.texts.Alt,
		pairs: []string{"text", p.texts.Alt},
	}
}

// described walks the photos whose alternative text is none of the junk that
// altJunk reports.
func (v *view) described(do func(placedPhoto)) {
	for _, p := range v.photos {
		if p.place.GetDecorative() || blank(p.texts.Alt) {
			continue
		}
		if _, junk := v.junk(p); !junk {
			do(p)
		}
	}
}

// sameText compares texts without case, spaces and the marks at their ends. A
// blank text is like no other.
func sameText(a, b string) bool {
	key := func(s string) string {
		return strings.ToLower(strings.Trim(strings.Join(strings.Fields(s), " "), ".,:;!?…„“”\" "))
	}
	return !blank(b) && key(a) == key(b)
}
