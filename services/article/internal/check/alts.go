package check

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of alternative texts, in characters: the longest that is not a caption
// in hiding, and for two words the shortest.
const (
	longAlt  = 250
	shortAlt = 12
)

// altRules are about alternative texts that say something, but not well.
func altRules() []rule {
	return []rule{
		{id: "alt-same-as-caption", severity: warning, source: "WCAG 2.2, 1.1.1", find: altSameCaption},
		{id: "alt-same-as-neighbor", severity: warning, source: "WCAG 2.2, 1.1.1", find: altSameNeighbor},
		{id: "alt-duplicate", severity: warning, source: "WCAG 2.2, 1.1.1", find: altDuplicate},
		{id: "alt-redundant-start", severity: warning, source: "WCAG 2.2, 1.1.1", find: altRedundant},
		{id: "alt-short", severity: warning, source: "WCAG 2.2, 1.1.1", find: altShort},
		{id: "alt-long", severity: warning, source: "WCAG 2.2, 1.1.1", find: altLong},
	}
}

func altSameCaption(v *view, add func(hit)) {
	v.described(func(p placedPhoto) {
		if sameText(p.texts.Alt, p.texts.Caption) {
			add(p.alt())
		}
	})
}

// altSameNeighbor finds texts that a screen reader has just read, or reads next.
func altSameNeighbor(v *view, add func(hit)) {
	v.described(func(p placedPhoto) {
		if p.block >= 0 && (sameText(p.texts.Alt, v.blockText(p.block-1)) || sameText(p.texts.Alt, v.blockText(p.block+1))) {
			add(p.alt())
		}
	})
}

// altDuplicate finds different photos that are described by the same text.
func altDuplicate(v *view, add func(hit)) {
	first := make(map[string]string)
	v.described(func(p placedPhoto) {
		key := strings.ToLower(strings.Join(strings.Fields(p.texts.Alt), " "))
		photo, seen := first[key]
		switch {
		case !seen:
			first[key] = p.place.GetPhoto()
		case photo != p.place.GetPhoto():
			add(p.alt())
		}
	})
}

func altRedundant(v *view, add func(hit)) {
	v.described(func(p placedPhoto) {
		if start := v.language.RedundantStart(p.texts.Alt); start != "" {
			h := p.alt()
			h.pairs = append(h.pairs, "start", start)
			add(h)
		}
	})
}

func altShort(v *view, add func(hit)) {
	v.described(func(p placedPhoto) {
		if len(strings.Fields(p.texts.Alt)) <= 2 && utf8.RuneCountInString(p.texts.Alt) < shortAlt {
			add(p.alt())
		}
	})
}

func altLong(v *view, add func(hit)) {
	v.described(func(p placedPhoto) {
		if n := utf8.RuneCountInString(p.texts.Alt); n > longAlt {
			h := p.alt()
			h.pairs = append(h.pairs, "count", strconv.Itoa(n), "limit", strconv.Itoa(longAlt))
			add(h)
		}
	})
}
