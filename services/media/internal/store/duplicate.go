package store

import (
	"bytes"
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// Duplicate answers an upload of bytes that the site has already, as the policy
// says: with the photo that is there, with nil when a record is to be made, or
// with DUPLICATE_PHOTO. Bytes that were withdrawn get that too, unless the
// policy allows a second record.
func (s *Store) Duplicate(ctx context.Context, site, sha256 string, policy mediav1.DuplicatePolicy) (*mediav1.Photo, error) {
	var known *mediav1.Photo
	err := s.view(ctx, func(r kv.Reader) (err error) {
		known, err = settleDuplicate(r, site, sha256, policy)
		return err
	})
	return known, err
}

func settleDuplicate(r kv.Reader, site, sha256 string, policy mediav1.DuplicatePolicy) (*mediav1.Photo, error) {
	if policy == mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW {
		return nil, nil //nolint:nilnil // no duplicate that counts is no error
	}
	known, err := sameContent(r, site, sha256)
	if known == nil && err == nil {
		return nil, checkWithdrawn(r, site, sha256)
	}
	if known != nil && policy == mediav1.DuplicatePolicy_DUPLICATE_POLICY_REFUSE {
		return nil, duplicatePhoto(known)
	}
	return known, err
}

// sameContent returns the newest photo of the site that has the content; nil when
// there is none. Deleted and withdrawn ones do not count.
func sameContent(r kv.Reader, site, sha256 string) (*mediav1.Photo, error) {
	prefix := []byte(shaPrefix + sha256 + "/" + site + "/")
	all := kv.Prefix(prefix)
	all.Limit = 8 // a site with more records of one photo made them on purpose
	for entry, err := range r.Scan(all) {
		if err != nil {
			return nil, err
		}
		_, id, _ := strings.Cut(string(bytes.TrimPrefix(entry.Key, prefix)), "/")
		p, err := getPhoto(r, photo.Name{Site: site, ID: id})
		if err != nil {
			return nil, err
		}
		switch p.GetState() {
		case mediav1.Photo_STATE_DELETED, mediav1.Photo_STATE_WITHDRAWN:
		default:
			return p, nil
		}
	}
	return nil, nil //nolint:nilnil // no duplicate is no error
}

// checkWithdrawn fails with DUPLICATE_PHOTO when a photo of the site with the
// content was withdrawn: that it comes back by an oversight is what a withdrawal
// is to prevent.
func checkWithdrawn(r kv.Reader, site, sha256 string) error {
	prefix := []byte(withdrawnPrefix + sha256 + "/" + site + "/")
	one := kv.Prefix(prefix)
	one.Limit = 1
	for entry, err := range r.Scan(one) {
		if err != nil {
			return err
		}
		_, id, _ := strings.Cut(string(bytes.TrimPrefix(entry.Key, prefix)), "/")
		name := photo.Name{Site: site, ID: id}.String()
		return fault.New(faultv1.Reason_REASON_DUPLICATE_PHOTO,
			"this photo was withdrawn, as %s; if it may be shown now, allow a second record", name).
			With("name", name).With("withdrawn", "true")
	}
	return nil
}

func duplicatePhoto(known *mediav1.Photo) error {
	return fault.New(faultv1.Reason_REASON_DUPLICATE_PHOTO,
		"the site has this photo already, as %s; use that one, or allow a second record", known.GetName()).
		With("name", known.GetName())
}
