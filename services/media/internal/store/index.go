package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
)

// This file is the one place that knows which rows lists are read from. Whoever
// writes a record does so with putPhoto or dropPhoto, which compare the rows of
// the record as it was stored with those of what it becomes; nobody writes such
// a row by hand. A row follows from the record alone. What is added here needs a
// migration that writes the rows of old photos: see migrate.go.

// taggedAlone is how many tags of a photo have rows of their own. The rest of a
// photo with more share one row, so that exchanging all its tags fits into a
// transaction.
const taggedAlone = 16

// moreTags stands in the place of a tag for photos with more than taggedAlone.
const moreTags = "-"

// rows returns the keys of all rows of a photo; none when it is nil.
func rows(name photo.Name, p *mediav1.Photo) map[string]struct{} {
	keys := make(map[string]struct{})
	if p == nil {
		return keys
	}
	position := order(p) + "/" + name.ID
	add := func(prefix string) { keys[prefix+position] = struct{}{} }
	add(listPrefix + name.Site + "/")
	if !p.GetPurged() { // whose objects may go
		add(shaPrefix + p.GetSha256() + "/" + name.Site + "/")
	}
	if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		add(withdrawnPrefix + p.GetSha256() + "/" + name.Site + "/")
	}
	if p.GetPublished() {
		add(publicPrefix + name.Site + "/")
	}
	if p.GetUsage() == mediav1.Photo_USAGE_UNSPECIFIED {
		add(unusedPrefix + name.Site + "/")
	}
	for i, tag := range p.GetTags() {
		if i == taggedAlone {
			add(tagPrefix + name.Site + "/" + moreTags + "/")
			break
		}
		add(tagPrefix + name.Site + "/" + tagID(tag) + "/")
	}
	if ends := photo.RightsOf(p, time.Time{}).GetExpireTime(); ends != nil {
		keys[expiringPrefix+name.Site+"/"+timeTerm(ends.AsTime())+"/"+name.ID] = struct{}{}
	}
	return keys
}

// reindex brings the rows of a photo from what it was to what it becomes; nil
// stands for a photo that is not there.
func reindex(tx kv.Tx, name photo.Name, old, now *mediav1.Photo) error {
	before, after := rows(name, old), rows(name, now)
	for key := range before {
		if _, stays := after[key]; stays {
			continue
		}
		if err := tx.Delete([]byte(key)); err != nil {
			return err
		}
	}
	for key := range after {
		if _, stood := before[key]; stood {
			continue
		}
		if err := tx.Put([]byte(key), nil); err != nil {
			return err
		}
	}
	return nil
}

// stored returns the record as it is in the store, nil when there is none.
func stored(r kv.Reader, name photo.Name) (*mediav1.Photo, error) {
	data, err := r.Get(photoKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil //nolint:nilnil // a photo that is not there has no rows
	}
	if err != nil {
		return nil, err
	}
	return decode(data, name.String())
}

// dropPhoto removes the record with its rows, and tells the change log.
func dropPhoto(tx kv.Tx, name photo.Name, ref string) error {
	old, err := stored(tx, name)
	if err != nil {
		return err
	}
	if err := reindex(tx, name, old, nil); err != nil {
		return err
	}
	if err := tx.Delete(photoKey(name)); err != nil {
		return err
	}
	return tx.Emit(topic(name), []byte(ref))
}

// order is a text that sorts newer photos first.
func order(p *mediav1.Photo) string { return newestFirst(p.GetCreateTime().AsTime()) }

func newestFirst(t time.Time) string { return fmt.Sprintf("%016x", math.MaxInt64-t.UnixMicro()) }

// timeTerm is a text that sorts earlier times first, also before 1970.
func timeTerm(t time.Time) string { return fmt.Sprintf("%016x", uint64(t.UnixMicro())^1<<63) }

// tagID stands for a tag in keys, since a tag may hold any character.
func tagID(tag string) string {
	sum := sha256.Sum256([]byte(tag))
	return hex.EncodeToString(sum[:8])
}

// position cuts the position off a key of the rows with the prefix. It fails
// with STORE_DAMAGED.
func position(key []byte, prefix string) (at []byte, id string, err error) {
	at, found := bytes.CutPrefix(key, []byte(prefix))
	_, name, cut := bytes.Cut(at, []byte("/"))
	if !found || !cut {
		return nil, "", kvrecord.UnexpectedKey(key)
	}
	return at, string(name), nil
}
