package store

import (
	"crypto/sha256"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// summaryLimit is how many characters of a lead are kept.
const summaryLimit = 500

// rowOf makes the row of an article; nil when readers see nothing.
func rowOf(e Event, now time.Time) *recordv1.Article {
	if e.Article == nil {
		return nil
	}
	// Without a site references stay references.
	a := published.Article{Resource: e.Article}
	row := &recordv1.Article{
		Name:              e.Name.String(),
		Uid:               e.Article.GetUid(),
		LanguageCode:      a.Language(),
		TranslationGroup:  e.Article.GetTranslationGroup(),
		Title:             a.Title(),
		Summary:           excerpt.Cut(a.Summary(), summaryLimit, excerpt.Runes),
		Path:              e.Article.GetPath(),
		Tags:              e.Article.GetTags(),
		Topics:            e.Article.GetTopics(),
		PublishTime:       valid(e.Article.GetPublishTime()),
		UpdateTime:        valid(e.Article.GetUpdateTime()),
		FirstPublicTime:   valid(e.Article.GetFirstPublicTime()),
		PublishedRevision: e.Article.GetPublishedRevision(),
		Digest:            digest(e.Article),
		Shown:             Checksum(e.Article),
		LearnTime:         timestamppb.New(now),
	}
	if image, ok := a.Image(); ok {
		row.Cover = &recordv1.Cover{
			Uri: image.URI, Width: image.Width, Height: image.Height, SizeBytes: image.Size, Alt: image.Alt, MimeType: image.MIMEType,
		}
	}
	return row
}

// valid returns the time, nil for one that is none.
func valid(t *timestamppb.Timestamp) *timestamppb.Timestamp {
	if !t.IsValid() {
		return nil
	}
	return t
}

// digest stands for what the authors wrote: the text of the revision that
// readers see, without what follows from photos, translations and times.
func digest(a *articlev1.Article) []byte {
	content := proto.CloneOf(&articlev1.Article{
		LanguageCode: a.GetLanguageCode(), Slug: a.GetSlug(), Title: a.GetTitle(), Lead: a.GetLead(), Blocks: a.GetBlocks(),
		Cover: a.GetCover(), Tags: a.GetTags(), Bylines: a.GetBylines(), Topics: a.GetTopics(), Event: a.GetEvent(),
		FundingLines: a.GetFundingLines(),
	})
	placements := []*articlev1.PhotoPlacement{content.GetCover()}
	for _, block := range content.GetBlocks() {
		placements = slices.Concat(placements, []*articlev1.PhotoPlacement{block.GetFigure().GetPlacement()}, block.GetGallery().GetPlacements())
	}
	for _, placement := range placements {
		if placement != nil {
			placement.Placed = nil
		}
	}
	return Checksum(content)
}

// Checksum stands for everything in an article, as the row of one keeps it; nil
// for one with texts that are no UTF-8.
func Checksum(a *articlev1.Article) []byte {
	data, err := proto.MarshalOptions{Deterministic: true}.Marshal(a)
	if err != nil {
		return nil // text that is no UTF-8; it counts as unchanged until the rest differs
	}
	sum := sha256.Sum256(data)
	return sum[:16]
}
