package archive

import (
	"bytes"
	"context"
	"fmt"
	"strconv"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// stage is how far an archive was read: the kind of its last record.
type stage int

const (
	atBegin stage = iota
	atSite
	atArticle
	atRevision
	atPublication
	atSchedule
	atSlug
	atEvent
	atEnd
)

// Reader reads an archive record by record into an importer. Of the archive it
// keeps the site, and of one article the state, two contents and the numbers of
// the revisions.
type Reader struct {
	into article.Importer
	site string // id of the site to make
	from string // id of the site of the archive
	sum  *Sum

	stage stage
	made  *recordv1.Site
	count int64  // of articles
	one   *story // that is being read; nil between articles
	last  struct {
		id, slug string
		event    []byte
	}
}

// NewReader returns a reader that makes the site with an id, which may be
// another one than that of the archive: names are brought over.
func NewReader(site string, into article.Importer) *Reader {
	return &Reader{into: into, site: site, sum: NewSum()}
}

// Add reads the next record, which it may change. It fails with INVALID_FIELD,
// INVALID_TEXT and TOO_LARGE for one that no export could have written at this
// place, with CHECKSUM_MISMATCH when the end does not fit what came before it,
// and as the importer does.
func (r *Reader) Add(ctx context.Context, record *articlev1.ArchiveRecord) error {
	number := r.sum.count + 1
	if err := r.add(ctx, record); err != nil {
		e, ok := fault.Of(err)
		if !ok {
			return err
		}
		e = e.With("record", strconv.FormatInt(number, 10))
		e.Message = fmt.Sprintf("record %d: %s", number, e.Message)
		return e
	}
	return nil
}

func (r *Reader) add(ctx context.Context, record *articlev1.ArchiveRecord) error {
	if end := record.GetEnd(); end != nil {
		return r.end(ctx, end)
	}
	if err := r.sum.Add(record); err != nil {
		return err
	}
	if record.GetScheduleBasis() != nil && record.GetSchedule() == nil {
		return refuse("the schedule_basis of record %d is not beside a schedule", r.sum.count)
	}
	next, read := r.step(record)
	if !r.follows(next) {
		return refuse("record %d stands at the wrong place; the records of an archive have a fixed order", r.sum.count)
	}
	if next == atArticle || next >= atSlug {
		if err := r.close(ctx); err != nil {
			return err
		}
	}
	r.stage = next
	if r.from != "" {
		rename(record, r.from, r.site)
	}
	return read(ctx)
}

// step returns which kind of record this is and what reads it.
func (r *Reader) step(record *articlev1.ArchiveRecord) (stage, func(context.Context) error) {
	switch record.GetRecord().(type) {
	case *articlev1.ArchiveRecord_Site:
		return atSite, func(context.Context) error { return r.readSite(record) }
	case *articlev1.ArchiveRecord_Article:
		return atArticle, func(context.Context) error { return r.readArticle(record) }
	case *articlev1.ArchiveRecord_ArticleRevision:
		return atRevision, func(ctx context.Context) error { return r.readRevision(ctx, record) }
	case *articlev1.ArchiveRecord_Publication_:
		return atPublication, func(ctx context.Context) error { return r.readPublication(ctx, record) }
	case *articlev1.ArchiveRecord_Schedule:
		return atSchedule, func(ctx context.Context) error { return r.readSchedule(ctx, record) }
	case *articlev1.ArchiveRecord_Slug_:
		return atSlug, func(ctx context.Context) error { return r.readSlug(ctx, record.GetSlug()) }
	case *articlev1.ArchiveRecord_AuditEvent:
		return atEvent, func(ctx context.Context) error { return r.readEvent(ctx, record) }
	}
	return atBegin, nil // an empty record follows on nothing
}

// follows reports whether a record may come next.
func (r *Reader) follows(next stage) bool {
	switch next {
	case atBegin:
		return false
	case atSite:
		return r.stage == atBegin
	case atArticle:
		return r.stage >= atSite && r.stage <= atSchedule
	case atRevision:
		return r.stage == atArticle || r.stage == atRevision
	case atPublication:
		return r.stage == atRevision || r.stage == atPublication
	case atSchedule:
		return r.stage >= atRevision && r.stage <= atSchedule
	default:
		return r.stage >= atSite && r.stage <= next
	}
}

// end checks that the archive is whole.
func (r *Reader) end(ctx context.Context, end *articlev1.ArchiveRecord_End) error {
	if r.stage == atBegin || r.stage == atEnd {
		return refuse("an archive begins with its site and has one end")
	}
	if !proto.Equal(end, r.sum.End().GetEnd()) {
		return mismatch("the archive is damaged: %d records came, and they are not what its end says; export the site again", r.sum.count)
	}
	if err := r.close(ctx); err != nil {
		return err
	}
	r.stage = atEnd
	return nil
}

// Whole fails with CHECKSUM_MISMATCH unless the end of the archive was read.
func (r *Reader) Whole() error {
	if r.stage != atEnd {
		return mismatch("the archive is cut off after %d records; send all of it, or export the site again", r.sum.count)
	}
	return nil
}

// Site returns the site of the archive, nil before it was read.
func (r *Reader) Site() *recordv1.Site { return r.made }

// Count returns the number of articles.
func (r *Reader) Count() int64 { return r.count }

// Checksum returns the checksum of the records so far.
func (r *Reader) Checksum() string { return r.sum.End().GetEnd().GetChecksum() }

func mismatch(text string, args ...any) error {
	return fault.New(faultv1.Reason_REASON_CHECKSUM_MISMATCH, text, args...)
}

// refuse returns the error for a record that no export could have written.
func refuse(text string, args ...any) error { return fault.InvalidField("record", text, args...) }

// exact fails unless the record that was made of what was read is the one that
// came.
func exact(came, made *articlev1.ArchiveRecord) error {
	if proto.Equal(came, made) {
		return nil
	}
	return refuse("this record holds what an export never writes, or lacks what it always does")
}

// after reports whether a position stands behind the last one, which it becomes.
func after(last *[]byte, position []byte) bool {
	if bytes.Compare(position, *last) <= 0 {
		return false
	}
	*last = position
	return true
}
