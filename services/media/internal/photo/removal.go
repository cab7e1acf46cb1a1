package photo

import (
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// KeepDeleted is how long a deleted photo can be restored (AIP-164).
const KeepDeleted = 30 * 24 * time.Hour

// Removed reports whether a photo is deleted or withdrawn: nobody edits it, and
// no renditions of it are made.
func Removed(p *mediav1.Photo) bool {
	return p.GetState() == mediav1.Photo_STATE_DELETED || p.GetState() == mediav1.Photo_STATE_WITHDRAWN
}

// Editable fails with WRONG_STATE when the photo is deleted or withdrawn.
func Editable(p *mediav1.Photo) error {
	switch p.GetState() {
	case mediav1.Photo_STATE_DELETED:
		return fault.State(p.GetName(), "the photo is deleted; restore it with UndeletePhoto first")
	case mediav1.Photo_STATE_WITHDRAWN:
		return fault.State(p.GetName(), "the photo was withdrawn; its description can no longer be changed")
	default:
		return nil
	}
}

// Delete returns the photo deleted. It fails with PHOTO_IN_USE while a published
// article uses it, and with WRONG_STATE.
func Delete(p *mediav1.Photo, now time.Time) (*mediav1.Photo, error) {
	switch {
	case p.GetState() == mediav1.Photo_STATE_DELETED:
		return nil, fault.State(p.GetName(), "the photo is deleted already")
	case p.GetState() == mediav1.Photo_STATE_WITHDRAWN:
		return nil, fault.State(p.GetName(), "the photo was withdrawn; its record stays as the proof of that")
	case p.GetUsage() == mediav1.Photo_USAGE_PUBLISHED:
		return nil, fault.New(faultv1.Reason_REASON_PHOTO_IN_USE,
			"a published article uses %s; take it out of the article first, or withdraw the photo", p.GetName()).With("name", p.GetName())
	}
	deleted := changed(p, mediav1.Photo_STATE_DELETED, now)
	deleted.DeleteTime, deleted.PurgeTime = timestamppb.New(now), timestamppb.New(now.Add(KeepDeleted))
	return deleted, nil
}

// Undelete returns a deleted photo as it was. It fails with
// WRONG_STATE.
func Undelete(p *mediav1.Photo, now time.Time) (*mediav1.Photo, error) {
	if p.GetState() != mediav1.Photo_STATE_DELETED {
		return nil, fault.State(p.GetName(), "the photo is not deleted")
	}
	restored := changed(p, StateOf(p), now)
	restored.DeleteTime, restored.PurgeTime = nil, nil
	return restored, nil
}

// Withdraw returns the photo withdrawn, with its bytes to be removed when the
// time of grace is over. It fails with WRONG_STATE.
func Withdraw(p *mediav1.Photo, reason string, grace time.Duration, now time.Time) (*mediav1.Photo, error) {
	if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		return nil, fault.State(p.GetName(), "the photo was withdrawn already")
	}
	withdrawn := changed(p, mediav1.Photo_STATE_WITHDRAWN, now)
	withdrawn.DeleteTime = nil
	withdrawn.WithdrawTime, withdrawn.PurgeTime = timestamppb.New(now), timestamppb.New(now.Add(grace))
	withdrawn.WithdrawalReason = reason
	return withdrawn, nil
}

// Restore returns a withdrawn photo as it was. It fails with
// WRONG_STATE, also when its bytes are gone.
func Restore(p *mediav1.Photo, now time.Time) (*mediav1.Photo, error) {
	switch {
	case p.GetState() != mediav1.Photo_STATE_WITHDRAWN:
		return nil, fault.State(p.GetName(), "the photo is not withdrawn")
	case p.GetPurged():
		return nil, fault.State(p.GetName(), "the bytes of the photo are removed for good; upload it again if it may be shown now")
	}
	restored := changed(p, StateOf(p), now)
	restored.WithdrawTime, restored.PurgeTime, restored.WithdrawalReason = nil, nil, ""
	return restored, nil
}

// Purge returns what stays of a withdrawn photo when its bytes are removed: that
// it was there, whose it was and on what terms, when and why it was withdrawn,
// and the hash by which it is recognized when somebody uploads it again.
// Everything that shows or tells of people goes, at a new revision. See
// docs/decisions/removal.md.
func Purge(p *mediav1.Photo, now time.Time) *mediav1.Photo {
	return &mediav1.Photo{
		Name: p.GetName(), Uid: p.GetUid(), State: p.GetState(), Purged: true,
		Sha256: p.GetSha256(), SizeBytes: p.GetSizeBytes(), MimeType: p.GetMimeType(),
		Credit: p.GetCredit(), Author: p.GetAuthor(), CopyrightNotice: p.GetCopyrightNotice(), License: p.GetLicense(),
		Creator: p.GetCreator(), CreateTime: p.GetCreateTime(), UpdateTime: timestamppb.New(now),
		Usage:        p.GetUsage(),
		WithdrawTime: p.GetWithdrawTime(), WithdrawalReason: p.GetWithdrawalReason(), PurgeTime: p.GetPurgeTime(),
		Etag: Etag(p.GetUid(), RevisionOf(p.GetEtag())+1),
	}
}

func changed(p *mediav1.Photo, state mediav1.Photo_State, now time.Time) *mediav1.Photo {
	c := proto.CloneOf(p)
	c.State, c.UpdateTime = state, timestamppb.New(now)
	return c
}

// hidePicture takes out of a withdrawn photo all that shows the picture.
func hidePicture(p *mediav1.Photo) {
	if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		p.Renditions, p.FormatStatuses, p.Color, p.Placeholder = nil, nil, "", nil
	}
}
