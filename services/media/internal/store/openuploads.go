package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// The layout of uploads in pieces.
const (
	openPrefix       = "up/" // up/{site}/{upload}: recordv1.Upload
	openExpiryPrefix = "ux/" // ux/{time}/{site}/{upload}: when to give it up
	openCountPrefix  = "un/" // un/{site} and un/{site}/{hash of the person}: recordv1.OpenUploads
)

// UploadLimits bound what uploads that are not finished may take.
type UploadLimits struct {
	// PerPerson and PerSite are how many may be open on a site.
	PerPerson, PerSite int64
	// Bytes is the largest sum of the sizes announced on a site.
	Bytes int64
}

// DefaultUploadLimits returns what is enough for a newsroom.
func DefaultUploadLimits() UploadLimits {
	return UploadLimits{PerPerson: 32, PerSite: 256, Bytes: 4 << 30}
}

func openKey(n photo.UploadName) []byte { return []byte(openPrefix + n.Site + "/" + n.ID) }

func openExpiryKey(at time.Time, n photo.UploadName) []byte {
	return fmt.Appendf(nil, "%s%016x/%s/%s", openExpiryPrefix, at.UnixMicro(), n.Site, n.ID)
}

// openCountKeys are the rows that count an upload: that of its creator and
// that of the site.
func openCountKeys(u *mediav1.Upload) [2][]byte {
	site, _, _ := strings.Cut(strings.TrimPrefix(u.GetName(), "sites/"), "/")
	person := sha256.Sum256([]byte(u.GetCreator()))
	return [2][]byte{
		[]byte(openCountPrefix + site + "/" + hex.EncodeToString(person[:])),
		[]byte(openCountPrefix + site),
	}
}

// countOpen counts one more open upload. It fails with TOO_MANY_UPLOADS.
func countOpen(tx kv.Tx, u *mediav1.Upload, limits UploadLimits) error {
	for i, key := range openCountKeys(u) {
		open, err := getCount(tx, key)
		if err != nil {
			return err
		}
		open.Count++
		open.SizeBytes += u.GetSizeBytes()
		most := []int64{limits.PerPerson, limits.PerSite}[i]
		if open.GetCount() > most || open.GetSizeBytes() > limits.Bytes {
			return fault.New(faultv1.Reason_REASON_TOO_MANY_UPLOADS,
				"%d uploads of %d MB together are under way; finish or delete some first",
				open.GetCount()-1, (open.GetSizeBytes()-u.GetSizeBytes())>>20).RetryAfter(openRetry)
		}
		if err := putCount(tx, key, open); err != nil {
			return err
		}
	}
	return nil
}

// openRetry is after what time some of the open uploads may have ended.
const openRetry = 10 * time.Second

// uncountOpen counts one open upload less.
func uncountOpen(tx kv.Tx, u *mediav1.Upload) error {
	for _, key := range openCountKeys(u) {
		open, err := getCount(tx, key)
		if err != nil {
			return err
		}
		open.Count--
		open.SizeBytes -= u.GetSizeBytes()
		if err := putCount(tx, key, open); err != nil {
			return err
		}
	}
	return nil
}

func getCount(r kv.Reader, key []byte) (*recordv1.OpenUploads, error) {
	open := &recordv1.OpenUploads{}
	data, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return open, nil
	}
	if err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(data, open); err != nil {
		return nil, kvrecord.UnexpectedKey(key)
	}
	return open, nil
}

func putCount(tx kv.Tx, key []byte, open *recordv1.OpenUploads) error {
	if open.GetCount() <= 0 {
		return tx.Delete(key)
	}
	data, err := proto.Marshal(open)
	if err != nil {
		return fmt.Errorf("encode a count: %w", err)
	}
	return tx.Put(key, data)
}

// ExpireUploads forgets uploads whose time is over, at most a few of them, and
// says of how many; with more it is to be called again. removed names the
// parts that nobody needs any more, by upload.
func (s *Store) ExpireUploads(ctx context.Context, now time.Time) (removed map[photo.UploadName][]*recordv1.UploadPart, err error) {
	const perTransaction = 3 // each takes up to five keys, and its record may be large
	err = s.update(ctx, func(tx kv.Tx) error {
		removed = map[photo.UploadName][]*recordv1.UploadPart{}
		over := kv.Range{Start: []byte(openExpiryPrefix), End: openExpiryKey(now, photo.UploadName{}), Limit: perTransaction}
		for entry, err := range tx.Scan(over) {
			if err != nil {
				return err
			}
			_, rest, _ := strings.Cut(strings.TrimPrefix(string(entry.Key), openExpiryPrefix), "/")
			site, id, _ := strings.Cut(rest, "/")
			name := photo.UploadName{Site: site, ID: id}
			record, err := readUpload(tx, name)
			if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
				return kvrecord.UnexpectedKey(entry.Key)
			}
			if err != nil {
				return err
			}
			if err := dropUpload(tx, name, record.GetUpload()); err != nil {
				return err
			}
			removed[name] = record.GetParts()
		}
		return nil
	})
	return removed, err
}

// UploadParts returns the ids of the parts that an upload is made of; none when
// it is not there.
func (s *Store) UploadParts(ctx context.Context, name photo.UploadName) ([]string, error) {
	var ids []string
	err := s.view(ctx, func(r kv.Reader) error {
		ids = nil
		record, err := readUpload(r, name)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
			return nil
		}
		for _, part := range record.GetParts() {
			ids = append(ids, part.GetId())
		}
		return err
	})
	return ids, err
}
