package photo

import (
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Edit is a wish to change the content of a photo.
type Edit struct {
	// Content has the new values, as Clean returns them.
	Content *mediav1.Photo
	// Fields are the content fields to change.
	Fields []string
	// Etag names the revision the editor looked at.
	Etag string
}

// Apply returns the record with the edit made, at the next revision. base is
// the content at the revision the etag names, nil when that is no longer
// known; last is the newest entry of Log. When nothing would change, the
// record itself is returned. When the etag is stale, the edit is merged: what
// the editor left as it was in base stays as others made it, and a field that
// both changed differently fails with EDIT_CONFLICT. It fails with TOO_LARGE when
// the content would be larger than MaxContent, and than it is.
func (e Edit) Apply(current, base, last *mediav1.Photo, now time.Time) (*mediav1.Photo, error) {
	fields := e.Fields
	if e.Etag != current.GetEtag() && base != nil {
		fields = Changed(base, e.on(base, e.Fields))
	}
	wanted := e.on(current, fields)
	changes := Changed(current, wanted)
	if len(changes) == 0 {
		return current, nil
	}
	if e.Etag != current.GetEtag() {
		if err := check(current, base, last, fields, changes); err != nil {
			return nil, err
		}
	}
	if err := fits(wanted, "photo"); err != nil && proto.Size(wanted) > proto.Size(current) {
		return nil, err
	}
	wanted.Etag = Etag(current.GetUid(), RevisionOf(current.GetEtag())+1)
	wanted.UpdateTime = timestamppb.New(now)
	return wanted, nil
}

// on returns p with the edit's values in the given fields.
func (e Edit) on(p *mediav1.Photo, fields []string) *mediav1.Photo {
	changed := proto.CloneOf(p)
	Copy(changed, e.Content, fields)
	return changed
}

// check fails unless everything that would change was left alone since base.
// yours are the fields the editor changed, changes those that now differ.
func check(current, base, last *mediav1.Photo, yours, changes []string) error {
	conflict := &faultv1.EditConflict{
		CurrentRevision: RevisionOf(current.GetEtag()),
		CurrentEtag:     current.GetEtag(),
		CurrentAuthor:   last.GetCreator(),
		CurrentTime:     last.GetUpdateTime(),
		Yours:           &faultv1.EditConflict_Changes{Fields: yours},
	}
	if base == nil {
		return fault.Conflict(current.GetName(), conflict)
	}
	theirs := Changed(base, current)
	conflict.Theirs = &faultv1.EditConflict_Changes{Fields: theirs}
	for _, field := range changes {
		if slices.Contains(theirs, field) {
			return fault.Conflict(current.GetName(), conflict)
		}
	}
	return nil
}

// Log returns what is kept of a revision: its content, with the editor as
// creator and the time of the edit as update_time.
func Log(p *mediav1.Photo, editor string) *mediav1.Photo {
	entry := &mediav1.Photo{Creator: editor, UpdateTime: p.GetUpdateTime(), Etag: p.GetEtag()}
	Copy(entry, p, Fields())
	return entry
}
