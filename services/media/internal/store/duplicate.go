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
// with DUPLICATE_PHOTO.
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

func duplicatePhoto(known *mediav1.Photo) error {
	return fault.New(faultv1.Reason_REASON_DUPLICATE_PHOTO,
		"the site has this photo already, as %s; use that one, or allow a second record", known.GetName()).
		With("name", known.GetName())
}
