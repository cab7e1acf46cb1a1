package article

import (
	"maps"
	"slices"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Texts are the words of a photo where it is placed.
type Texts struct{ Alt, Caption, Credit string }

// EffectiveTexts returns the texts of a placement: its own where it has any, also
// empty ones, else those of the photo in the first of the languages that it
// has, else in any. A decorative photo has no alternative text. photo may be
// nil.
func EffectiveTexts(p *articlev1.PhotoPlacement, photo *mediav1.Photo, languages ...string) Texts {
	t := Texts{
		Alt:     byLanguage(photo.GetAlts(), languages),
		Caption: byLanguage(photo.GetCaptions(), languages),
		Credit:  photo.GetCredit(),
	}
	if p.Alt != nil {
		t.Alt = p.GetAlt()
	}
	if p.Caption != nil {
		t.Caption = p.GetCaption()
	}
	if p.Credit != nil {
		t.Credit = p.GetCredit()
	}
	if p.GetDecorative() {
		t.Alt = ""
	}
	return t
}

func byLanguage(texts map[string]string, languages []string) string {
	for _, code := range languages {
		if text := texts[code]; text != "" {
			return text
		}
	}
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		if text := texts[code]; text != "" {
			return text
		}
	}
	return ""
}

// Shown is a published article with the names of the photos that it shows.
type Shown struct {
	Name     Name
	Photos   []string
	Position []byte // in a list
}

// Photo is the record of a photo as the media service tells it.
type Photo = mediav1.Photo

// MayShow reports whether the public may see a photo, as the media service told
// when it was looked up. Of a photo that is not known it may not.
func MayShow(photo *Photo) bool { return photo.GetRights().GetCleared() }

// Manuscript is an article together with what it takes to judge it and to show it.
type Manuscript struct {
	// Site is the site it belongs to.
	Site *articlev1.Site
	// LanguageCode is the language of the article.
	LanguageCode string
	// Content is the content of one revision.
	Content *articlev1.Article
	// Photos are the photos of Content by name; those not known are missing.
	Photos map[string]*Photo
	// Translations are the other language versions that readers see.
	Translations []*articlev1.Translation
	// SlugFormer is the article that Content's slug was taken over from, as long
	// as old links lead there; empty otherwise.
	SlugFormer string
	// Waivers are the findings that an editor lets stand.
	Waivers []*articlev1.Waiver
	// Time is when it is judged; zero leaves out what depends on it.
	Time time.Time
}

// Texts returns the texts of one of the placements.
func (m Manuscript) Texts(p *articlev1.PhotoPlacement) Texts {
	return EffectiveTexts(p, m.Photos[p.GetPhoto()], m.LanguageCode, m.Site.GetDefaultLanguageCode())
}
