package photo

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Clean returns a photo with the content of p and nothing else: texts in NFC,
// languages and licenses in their canonical form, tags and names each once, and
// nothing empty. prefix is the path of p in the request, for errors. It fails
// with INVALID_TEXT and INVALID_FIELD, naming every field at fault, and with
// TOO_LARGE. Clean of
// what it returned returns the same.
func Clean(p *mediav1.Photo, prefix string) (*mediav1.Photo, error) {
	c := cleaner{}
	clean := &mediav1.Photo{
		Alts:            c.texts(p.GetAlts(), prefix+".alts"),
		Captions:        c.texts(p.GetCaptions(), prefix+".captions"),
		Credit:          c.text(p.GetCredit(), prefix+".credit"),
		Filename:        c.text(p.GetFilename(), prefix+".filename"),
		Author:          c.text(p.GetAuthor(), prefix+".author"),
		CopyrightNotice: c.text(p.GetCopyrightNotice(), prefix+".copyright_notice"),
		License:         c.license(p.GetLicense(), prefix+".license"),
		PeopleShown:     c.people(p.GetPeopleShown(), prefix+".people_shown"),
		Source:          c.text(p.GetSource(), prefix+".source"),
		Tags:            c.words(p.GetTags(), prefix+".tags"),
		FocalPoint:      c.point(p.GetFocalPoint(), prefix+".focal_point"),
		CaptureTime:     c.time(p.GetCaptureTime(), prefix+".capture_time"),
	}
	if err := fault.Join(c.errs...); err != nil {
		return nil, err
	}
	return clean, fits(clean, prefix)
}

// cleaner collects what is wrong.
type cleaner struct{ errs []error }

func (c *cleaner) refuse(field, advice string, args ...any) {
	c.errs = append(c.errs, fault.InvalidField(field, advice, args...))
}

// text returns a text in NFC.
func (c *cleaner) text(text, field string) string {
	clean, err := lang.NormalizeText(text)
	if err == nil {
		return clean
	}
	if reason, ok := errors.AsType[*lang.TextError](err); ok {
		err = fault.Invalid(field, faultv1.Reason_REASON_INVALID_TEXT, "%s", reason.Error())
	} else {
		err = fmt.Errorf("normalize %s: %w", field, err)
	}
	c.errs = append(c.errs, err)
	return ""
}

// texts cleans a text by language.
func (c *cleaner) texts(texts map[string]string, field string) map[string]string {
	clean := make(map[string]string, len(texts))
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		at := fmt.Sprintf("%s[%q]", field, code)
		tag, err := language.Parse(code)
		if err != nil {
			c.refuse(at, "the key is not a language; write it as in BCP 47, such as lt or en-GB")
			continue
		}
		if _, twice := clean[tag.String()]; twice {
			c.refuse(at, "the language %s is there twice; send one text for it", tag)
			continue
		}
		if text := c.text(texts[code], at); text != "" {
			clean[tag.String()] = text
		}
	}
	if len(clean) == 0 {
		return nil
	}
	return clean
}

// words cleans a list of short texts: one line each, without what is empty or
// there before in other case.
func (c *cleaner) words(words []string, field string) []string {
	var clean []string
	seen := make(map[string]bool, len(words))
	for i, word := range words {
		word = strings.Join(strings.Fields(c.text(word, fmt.Sprintf("%s[%d]", field, i))), " ")
		if key := strings.ToLower(word); word != "" && !seen[key] {
			clean, seen[key] = append(clean, word), true
		}
	}
	return clean
}

// point returns a point inside the photo.
func (c *cleaner) point(p *mediav1.Photo_FocalPoint, field string) *mediav1.Photo_FocalPoint {
	if p == nil {
		return nil
	}
	for _, side := range []struct {
		name  string
		value float64
	}{{"x", p.GetX()}, {"y", p.GetY()}} {
		if math.IsNaN(side.value) || side.value < 0 || side.value > 1 {
			c.refuse(field+"."+side.name, "use a number from 0 to 1")
		}
	}
	// Adding zero makes +0 of -0, which are stored differently.
	return &mediav1.Photo_FocalPoint{X: p.GetX() + 0, Y: p.GetY() + 0}
}

// time returns a time in the precision that is stored.
func (c *cleaner) time(t *timestamppb.Timestamp, field string) *timestamppb.Timestamp {
	if t == nil {
		return nil
	}
	if err := t.CheckValid(); err != nil {
		c.refuse(field, "this is no time between the years 1 and 9999")
		return nil
	}
	return timestamppb.New(t.AsTime().Truncate(time.Microsecond))
}

// CleanText returns a text in NFC. It fails with INVALID_TEXT on field.
func CleanText(text, field string) (string, error) {
	c := cleaner{}
	return c.text(text, field), fault.Join(c.errs...)
}
