package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// OpenUploadLife is how long after its last bytes an upload in pieces is given
// up, and how long a finished one is remembered.
const OpenUploadLife = 24 * time.Hour

// CreateUpload stores a new upload and returns it. When the request was
// answered before, the upload of that answer is returned as it now is. It fails
// with RESOURCE_EXISTS, also when the photo it shall become exists, with
// DUPLICATE_PHOTO where its policy wants that, with TOO_MANY_UPLOADS and with
// REQUEST_ID_REUSED.
func (s *Store) CreateUpload(ctx context.Context, u *mediav1.Upload, limits UploadLimits, request replay.Request,
	now time.Time,
) (*mediav1.Upload, error) {
	name, err := photo.ParseUploadName("name", u.GetName())
	if err != nil {
		return nil, err
	}
	var stored *mediav1.Upload
	err = s.update(ctx, func(tx kv.Tx) error {
		stored = nil
		known, err := requests().Answered(tx, request, now)
		if err != nil {
			return err
		}
		if known != "" {
			stored, err = replayedUpload(tx, known, request.Principal, now)
			return err
		}
		if err := mayBegin(tx, name, u); err != nil {
			return err
		}
		if err := countOpen(tx, u, limits); err != nil {
			return err
		}
		stored = proto.CloneOf(u)
		stored.State, stored.CreateTime = mediav1.Upload_STATE_ACTIVE, timestamppb.New(now)
		if err := requests().Remember(tx, request, u.GetName(), now); err != nil {
			return err
		}
		return putUpload(tx, name, &recordv1.Upload{Upload: stored}, now)
	})
	if err != nil {
		return nil, err
	}
	return stored, nil
}

func replayedUpload(r kv.Reader, name, principal string, now time.Time) (*mediav1.Upload, error) {
	parsed, err := photo.ParseUploadName("name", name)
	if err != nil {
		return nil, err
	}
	record, err := getUpload(r, parsed, principal, now)
	return record.GetUpload(), err
}

// mayBegin looks for what is in the way of a new upload.
func mayBegin(r kv.Reader, name photo.UploadName, u *mediav1.Upload) error {
	target := photo.Name{Site: name.Site, ID: u.GetPhotoId()}
	for key, taken := range map[string]string{string(openKey(name)): u.GetName(), string(photoKey(target)): target.String()} {
		if err := absent(r, []byte(key)); errors.Is(err, errPresent) {
			return fault.Exists(taken)
		} else if err != nil {
			return err
		}
	}
	if u.GetDuplicatePolicy() == mediav1.DuplicatePolicy_DUPLICATE_POLICY_REFUSE && u.GetSha256() != "" {
		known, err := sameContent(r, name.Site, u.GetSha256())
		if known != nil {
			return duplicatePhoto(known)
		}
		return err
	}
	return nil
}

// Upload returns an upload that creator began. It fails with
// RESOURCE_NOT_FOUND, also for those of others and those that were given up.
func (s *Store) Upload(ctx context.Context, name photo.UploadName, creator string, now time.Time) (*recordv1.Upload, error) {
	var record *recordv1.Upload
	err := s.view(ctx, func(r kv.Reader) (err error) {
		record, err = getUpload(r, name, creator, now)
		return err
	})
	return record, err
}

// Append adds a part to an upload, of which it is told how many bytes it had
// before, and returns the upload. With replaces, the part takes the place of
// the last one, which has that id and whose bytes it begins with. It fails with
// RESOURCE_NOT_FOUND, WRONG_STATE, TOO_LARGE, and with UPLOAD_OFFSET when
// another call was faster.
func (s *Store) Append(ctx context.Context, name photo.UploadName, creator string, offset int64, replaces string,
	part *recordv1.UploadPart, now time.Time,
) (*recordv1.Upload, error) {
	var record *recordv1.Upload
	err := s.update(ctx, func(tx kv.Tx) error {
		var err error
		if record, err = getUpload(tx, name, creator, now); err != nil {
			return err
		}
		u, grown := record.GetUpload(), part.GetSizeBytes()
		if u.GetState() != mediav1.Upload_STATE_ACTIVE {
			return fault.State(u.GetName(), "the upload is finished; its photo is %s", u.GetResultPhoto())
		}
		if replaces != "" {
			last := len(record.GetParts()) - 1
			if last < 0 || record.GetParts()[last].GetId() != replaces {
				return WrongOffset(u)
			}
			grown -= record.GetParts()[last].GetSizeBytes()
			record.Parts = record.GetParts()[:last]
		}
		if u.GetOffsetBytes() != offset {
			return WrongOffset(u)
		}
		if offset+grown > u.GetSizeBytes() {
			return TooLong(u)
		}
		record.Parts = append(record.GetParts(), part)
		u.OffsetBytes += grown
		return putUpload(tx, name, record, now)
	})
	if err != nil {
		return nil, err
	}
	return record, nil
}

// WrongOffset is the answer to bytes that do not begin where the upload stands.
func WrongOffset(u *mediav1.Upload) error {
	return fault.New(faultv1.Reason_REASON_UPLOAD_OFFSET,
		"the upload has %d of %d bytes; go on there", u.GetOffsetBytes(), u.GetSizeBytes()).
		With("offset_bytes", strconv.FormatInt(u.GetOffsetBytes(), 10))
}

// TooLong is the answer to more bytes than were announced.
func TooLong(u *mediav1.Upload) error {
	return fault.New(faultv1.Reason_REASON_TOO_LARGE,
		"more bytes came than the %d announced; begin a new upload with the right size", u.GetSizeBytes())
}

// FinishUpload says which photo an upload became and returns the parts that
// nobody needs any more. Repeated, it changes nothing.
func (s *Store) FinishUpload(ctx context.Context, name photo.UploadName, creator, result string,
	now time.Time,
) ([]*recordv1.UploadPart, error) {
	var parts []*recordv1.UploadPart
	err := s.update(ctx, func(tx kv.Tx) error {
		parts = nil
		record, err := getUpload(tx, name, creator, now)
		if err != nil || record.GetUpload().GetState() == mediav1.Upload_STATE_FINISHED {
			return err
		}
		if err := uncountOpen(tx, record.GetUpload()); err != nil {
			return err
		}
		parts, record.Parts = record.GetParts(), nil
		record.Upload.State, record.Upload.ResultPhoto = mediav1.Upload_STATE_FINISHED, result
		return putUpload(tx, name, record, now)
	})
	return parts, err
}

// DeleteUpload forgets an upload and returns the parts that nobody needs any
// more. It fails with RESOURCE_NOT_FOUND.
func (s *Store) DeleteUpload(ctx context.Context, name photo.UploadName, creator string, now time.Time) ([]*recordv1.UploadPart, error) {
	var parts []*recordv1.UploadPart
	err := s.update(ctx, func(tx kv.Tx) error {
		record, err := getUpload(tx, name, creator, now)
		if err != nil {
			return err
		}
		parts = record.GetParts()
		return dropUpload(tx, name, record.GetUpload())
	})
	return parts, err
}

// getUpload reads the record for the creator.
func getUpload(r kv.Reader, name photo.UploadName, creator string, now time.Time) (*recordv1.Upload, error) {
	record, err := readUpload(r, name)
	if err != nil {
		return nil, err
	}
	if u := record.GetUpload(); u.GetCreator() != creator || !now.Before(u.GetExpireTime().AsTime()) {
		return nil, uploadNotFound(name)
	}
	return record, nil
}

func readUpload(r kv.Reader, name photo.UploadName) (*recordv1.Upload, error) {
	data, err := r.Get(openKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, uploadNotFound(name)
	}
	if err != nil {
		return nil, err
	}
	record := &recordv1.Upload{}
	if err := proto.Unmarshal(data, record); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the record of %s cannot be read; the operator must restore the store from a copy", name)
	}
	return record, nil
}

func uploadNotFound(name photo.UploadName) error {
	return fault.NotFound(name.String()).With("name", name.String())
}

// putUpload writes the record, which from now on lives for OpenUploadLife.
func putUpload(tx kv.Tx, name photo.UploadName, record *recordv1.Upload, now time.Time) error {
	u := record.GetUpload()
	if before := u.GetExpireTime(); before != nil {
		if err := tx.Delete(openExpiryKey(before.AsTime(), name)); err != nil {
			return err
		}
	}
	u.UpdateTime, u.ExpireTime = timestamppb.New(now), timestamppb.New(now.Add(OpenUploadLife))
	data, err := proto.Marshal(record)
	if err != nil {
		return fmt.Errorf("encode %s: %w", name, err)
	}
	if err := tx.Put(openKey(name), data); err != nil {
		return err
	}
	return tx.Put(openExpiryKey(u.GetExpireTime().AsTime(), name), nil)
}

// dropUpload removes every row of an upload.
func dropUpload(tx kv.Tx, name photo.UploadName, u *mediav1.Upload) error {
	if u.GetState() == mediav1.Upload_STATE_ACTIVE {
		if err := uncountOpen(tx, u); err != nil {
			return err
		}
	}
	if err := tx.Delete(openExpiryKey(u.GetExpireTime().AsTime(), name)); err != nil {
		return err
	}
	return tx.Delete(openKey(name))
}
