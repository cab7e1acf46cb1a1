package archive

import (
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// Lengths in characters.
const (
	maxWord = 300  // of principals, methods and ids
	maxNote = 5000 // of notes and reasons
)

// checkUID fails unless this is a UUID as we write them.
func checkUID(field, uid string) error {
	if parsed, err := uuid.Parse(uid); err != nil || parsed.String() != uid {
		return fault.InvalidField(field, "this is not a UUID in lower case")
	}
	return nil
}

// checkTime fails unless this is a time that a store can hold: valid, in whole
// microseconds.
func checkTime(field string, t *timestamppb.Timestamp) error {
	switch {
	case t == nil:
		return fault.InvalidField(field, "this time is missing")
	case t.CheckValid() != nil || t.GetNanos()%1000 != 0:
		return fault.InvalidField(field, "this is not a time between the years 1 and 9999 in whole microseconds")
	}
	return nil
}

// checkTimeIf is checkTime for a time that there is only in some cases.
func checkTimeIf(field string, there bool, t *timestamppb.Timestamp) error {
	switch {
	case there:
		return checkTime(field, t)
	case t != nil:
		return fault.InvalidField(field, "there is no such time in this state")
	}
	return nil
}

// checkNote fails unless a text is in NFC, without control characters and not
// too long.
func checkNote(field, text string, limit int) error {
	clean, err := article.CleanNote(field, text)
	switch {
	case err != nil:
		return err
	case clean != text:
		return fault.InvalidField(field, "this text is not in NFC")
	case utf8.RuneCountInString(text) > limit:
		return fault.InvalidField(field, "this text has more than %d characters", limit)
	}
	return nil
}

// checkWord is checkNote for a text of one line.
func checkWord(field, text string) error {
	if strings.Contains(text, "\n") {
		return fault.InvalidField(field, "this text has one line")
	}
	return checkNote(field, text, maxWord)
}

// checkContent fails unless this is content alone, as a save would have left it:
// in NFC, within the limits, with ids of all blocks, a title and a slug, and
// with photos of the site.
func checkContent(site string, content *articlev1.Article) error {
	clean := article.Content(content)
	if err := article.CleanTexts("article", clean.ProtoReflect()); err != nil {
		return err
	}
	for _, b := range clean.GetBlocks() {
		if b.GetId() == "" {
			return fault.InvalidField("article.blocks", "a block has no id")
		}
	}
	if err := fault.Join(article.AssignBlockIDs(clean), article.CheckLimits(clean)); err != nil {
		return err
	}
	switch {
	case !proto.Equal(clean, content):
		return fault.InvalidField("article", "the texts are not in NFC, or there is more than content")
	case content.GetTitle() == "":
		return fault.InvalidField("article.title", "an article has a title")
	case content.GetSlug() == "":
		return fault.InvalidField("article.slug", "an article has a slug")
	}
	for _, photo := range article.Photos(content) {
		if !strings.HasPrefix(photo, article.SiteName(site)+"/photos/") {
			return fault.InvalidField("article", "%s is not a photo of the site", photo)
		}
	}
	return nil
}
