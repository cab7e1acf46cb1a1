package photo

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/text/language"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// maxCredit is the longest credit in characters, as the contract says.
const maxCredit = 300

// Fields returns the names of the fields that are content, sorted.
func Fields() []string { return []string{"alts", "captions", "credit", "filename"} }

// Clean returns a photo with the content of p and nothing else: texts in NFC,
// languages in their canonical form, and no empty texts. prefix is the path of
// p in the request, for errors. It fails with INVALID_TEXT and INVALID_FIELD,
// naming every field at fault.
func Clean(p *mediav1.Photo, prefix string) (*mediav1.Photo, error) {
	clean := &mediav1.Photo{}
	var errs [4]error
	clean.Alts, errs[0] = cleanTexts(p.GetAlts(), prefix+".alts")
	clean.Captions, errs[1] = cleanTexts(p.GetCaptions(), prefix+".captions")
	clean.Credit, errs[2] = cleanText(p.GetCredit(), prefix+".credit")
	clean.Filename, errs[3] = cleanText(p.GetFilename(), prefix+".filename")
	if err := fault.Join(errs[:]...); err != nil {
		return nil, err
	}
	return clean, nil
}

func cleanText(text, field string) (string, error) {
	clean, err := lang.NormalizeText(text)
	if err == nil {
		return clean, nil
	}
	if reason, ok := errors.AsType[*lang.TextError](err); ok {
		return "", fault.Invalid(field, faultv1.Reason_REASON_INVALID_TEXT, "%s", reason.Error())
	}
	return "", fmt.Errorf("normalize %s: %w", field, err)
}

// cleanTexts cleans a text by language.
func cleanTexts(texts map[string]string, field string) (map[string]string, error) {
	clean := make(map[string]string, len(texts))
	var errs []error
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		at := fmt.Sprintf("%s[%q]", field, code)
		tag, err := language.Parse(code)
		if err != nil {
			errs = append(errs, fault.InvalidField(at, "the key is not a language; write it as in BCP 47, such as lt or en-GB"))
			continue
		}
		if _, twice := clean[tag.String()]; twice {
			errs = append(errs, fault.InvalidField(at, "the language %s is there twice; send one text for it", tag))
			continue
		}
		text, err := cleanText(texts[code], at)
		if text != "" {
			clean[tag.String()] = text
		}
		errs = append(errs, err)
	}
	if len(clean) == 0 {
		clean = nil
	}
	return clean, fault.Join(errs...)
}

// Mask returns the names of the content fields that an update changes: those
// in the mask, all of them for "*", and those that p sets when the mask is
// empty. `name` and `etag`, which say what is changed, may be named too. It
// fails with INVALID_FIELD_MASK.
func Mask(mask *fieldmaskpb.FieldMask, p *mediav1.Photo) ([]string, error) {
	if len(mask.GetPaths()) == 0 {
		return Changed(&mediav1.Photo{}, p), nil
	}
	var fields []string
	for _, path := range mask.GetPaths() {
		switch {
		case path == "*" && len(mask.GetPaths()) == 1:
			return Fields(), nil
		case slices.Contains(Fields(), path):
			fields = append(fields, path)
		case path == "name" || path == "etag":
		default:
			return nil, fault.Invalid("update_mask", faultv1.Reason_REASON_INVALID_FIELD_MASK,
				"%.100q cannot be changed; name filename, alts, captions or credit", path)
		}
	}
	slices.Sort(fields)
	return slices.Compact(fields), nil
}

// Changed returns the names of the content fields that differ, sorted.
func Changed(a, b *mediav1.Photo) []string {
	var fields []string
	for _, field := range Fields() {
		if !equal(a, b, field) {
			fields = append(fields, field)
		}
	}
	return fields
}

func equal(a, b *mediav1.Photo, field string) bool {
	switch field {
	case "alts":
		return maps.Equal(a.GetAlts(), b.GetAlts())
	case "captions":
		return maps.Equal(a.GetCaptions(), b.GetCaptions())
	case "credit":
		return a.GetCredit() == b.GetCredit()
	case "filename":
		return a.GetFilename() == b.GetFilename()
	}
	return true
}

// Copy sets the named content fields of to to those of from.
func Copy(to, from *mediav1.Photo, fields []string) {
	for _, field := range fields {
		switch field {
		case "alts":
			to.Alts = maps.Clone(from.GetAlts())
		case "captions":
			to.Captions = maps.Clone(from.GetCaptions())
		case "credit":
			to.Credit = from.GetCredit()
		case "filename":
			to.Filename = from.GetFilename()
		}
	}
}
