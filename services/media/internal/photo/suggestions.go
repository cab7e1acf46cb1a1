package photo

import (
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/lang"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Limits of suggestions, as the contract says.
const (
	maxSuggestion  = 2000
	maxSuggestions = 50
)

// Suggest returns what a file says of itself, made fit for a record: a file is
// never refused for its words, so what is no text is left out and what is too
// long is cut. It is nil when nothing is left.
func Suggest(s *mediav1.PhotoSuggestions) *mediav1.PhotoSuggestions {
	clean := &mediav1.PhotoSuggestions{
		Alt: suggestion(s.GetAlt()), Caption: suggestion(s.GetCaption()), Headline: suggestion(s.GetHeadline()),
		Author: suggestion(s.GetAuthor()), Credit: suggestion(s.GetCredit()),
		CopyrightNotice: suggestion(s.GetCopyrightNotice()), UsageTerms: suggestion(s.GetUsageTerms()),
		LicenseUri: suggestion(s.GetLicenseUri()), Source: suggestion(s.GetSource()),
		Tags: suggestedWords(s.GetTags()), PeopleNames: suggestedWords(s.GetPeopleNames()),
	}
	if t := s.GetCaptureTime(); t.IsValid() {
		clean.CaptureTime = timestamppb.New(t.AsTime().Truncate(time.Microsecond))
	}
	empty := true
	clean.ProtoReflect().Range(func(protoreflect.FieldDescriptor, protoreflect.Value) bool {
		empty = false
		return false
	})
	if empty {
		return nil
	}
	return clean
}

// suggestion returns a text without what a record refuses.
func suggestion(text string) string {
	text = strings.Map(func(r rune) rune {
		if _, err := lang.NormalizeText(string(r)); err == nil {
			return r
		}
		if unicode.IsSpace(r) {
			return ' '
		}
		return -1
	}, strings.ToValidUTF8(text, ""))
	return shorten(strings.TrimSpace(norm.NFC.String(text)), maxSuggestion)
}

func suggestedWords(words []string) []string {
	fit := make([]string, 0, len(words))
	for _, word := range words {
		fit = append(fit, suggestion(word))
	}
	c := cleaner{}
	clean := c.words(fit, "")
	return clean[:min(len(clean), maxSuggestions)]
}
