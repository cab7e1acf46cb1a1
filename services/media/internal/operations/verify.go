package operations

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// maxProblems is how many problems are listed, and maxListed how many bytes
// they may take, for the row of an operation must fit into a transaction also
// where a bucket is full of objects with long keys. All are counted.
const (
	maxProblems = 1000
	maxListed   = 512 << 10
)

// verify compares the objects of a photo with its record, and wants broken
// renditions anew if that was asked and the original is whole. What it finds
// counts when the whole photo is done, so that none counts twice.
func (j *job) verify(ctx context.Context, name photo.Name, p *mediav1.Photo) error {
	if p.GetState() == mediav1.Photo_STATE_WITHDRAWN {
		return nil // its bytes are gone, or are to go
	}
	found := &mediav1.VerifyPhotosResponse{PhotoCount: 1}
	whole := &content{hash: sha256.New()}
	kind, err := j.compare(ctx, blobs.Original(p.GetSha256()), whole, found, func() bool {
		return hex.EncodeToString(whole.hash.Sum(nil)) == p.GetSha256()
	})
	if err != nil {
		return err
	}
	original := kind == mediav1.ObjectProblem_KIND_UNSPECIFIED
	note(found, kind, blobs.Original(p.GetSha256()), p.GetName())
	broken := false
	for _, r := range p.GetRenditions() {
		kind, key, err := j.rendition(ctx, name, p, r, found)
		if err != nil {
			return err
		}
		note(found, kind, key, p.GetName())
		broken = broken || kind != mediav1.ObjectProblem_KIND_UNSPECIFIED
	}
	if broken && original && j.op.GetVerify().GetRepair() {
		if err := j.enqueue(ctx, name, recordv1.Task_PRIORITY_EDIT, true); err != nil {
			return err
		}
	}
	j.add(found)
	return nil
}

// rendition compares one rendition with its record.
func (j *job) rendition(ctx context.Context, name photo.Name, p *mediav1.Photo, r *mediav1.Rendition,
	found *mediav1.VerifyPhotosResponse,
) (mediav1.ObjectProblem_Kind, blobs.Key, error) {
	address, ok := photo.AddressOf(r)
	if !ok {
		return mediav1.ObjectProblem_KIND_UNSPECIFIED, "", fault.New(faultv1.Reason_REASON_STORE_DAMAGED,
			"the record of %s has the unexpected address %.100q; the operator must restore the store from a copy", p.GetName(), r.GetUri())
	}
	key := blobs.Rendition(p.GetSha256(), address.Generation, address.File())
	got := &content{}
	kind, err := j.compare(ctx, key, got, found, func() bool {
		return got.size == r.GetSizeBytes() && (r.GetCrc32C() == 0 || got.crc == r.GetCrc32C())
	})
	if err != nil || kind == mediav1.ObjectProblem_KIND_UNSPECIFIED {
		return kind, key, err
	}
	// It may have been made anew while we read it.
	now, err := j.Records.Get(ctx, name)
	if err != nil && !fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return kind, key, err
	}
	same := func(other *mediav1.Rendition) bool {
		return other.GetUri() == r.GetUri() && other.GetCrc32C() == r.GetCrc32C() && other.GetSizeBytes() == r.GetSizeBytes()
	}
	if !slices.ContainsFunc(now.GetRenditions(), same) {
		kind = mediav1.ObjectProblem_KIND_UNSPECIFIED
	}
	return kind, key, nil
}

// compare reads an object and says what is wrong with it; nothing when right
// says so.
func (j *job) compare(ctx context.Context, key blobs.Key, got *content, found *mediav1.VerifyPhotosResponse,
	right func() bool,
) (mediav1.ObjectProblem_Kind, error) {
	err := j.Objects.Fetch(ctx, key, got)
	if errors.Is(err, blobs.ErrNotFound) {
		return mediav1.ObjectProblem_KIND_MISSING, nil
	}
	if err != nil {
		return mediav1.ObjectProblem_KIND_UNSPECIFIED, err
	}
	found.ObjectCount++
	found.ReadBytes += got.size
	if !right() {
		return mediav1.ObjectProblem_KIND_DAMAGED, nil
	}
	return mediav1.ObjectProblem_KIND_UNSPECIFIED, nil
}

// content takes the sums of bytes that are written to it.
type content struct {
	size int64
	crc  int64
	hash hash.Hash // may be nil
}

// Write never fails.
func (c *content) Write(p []byte) (int, error) {
	c.size += int64(len(p))
	if c.hash != nil {
		return c.hash.Write(p)
	}
	c.crc = photo.ChecksumOf(c.crc, p)
	return len(p), nil
}

// orphans looks for objects of no record.
func (j *job) orphans(ctx context.Context) error {
	now := time.Now()
	var last string
	var kept []string
	var exists bool
	for _, prefix := range []string{blobs.CardPrefix, blobs.OriginalPrefix, blobs.RenditionPrefix} { // in order
		after := blobs.Key(j.op.GetObjectPosition())
		if !strings.HasPrefix(string(after), prefix) {
			if string(after) > prefix {
				continue // it is done
			}
			after = ""
		}
		for object, err := range j.Objects.ListAfter(ctx, prefix, after) {
			if err != nil {
				return err
			}
			sha, generation, ours := object.Key.Parts()
			if ours && sha != last {
				if kept, exists, err = j.Records.Generations(ctx, sha, now); err != nil {
					return err
				}
				last = sha
			}
			belongs := ours && exists && (generation == "" || slices.Contains(kept, generation))
			if prefix == blobs.CardPrefix {
				if belongs, err = j.isCard(ctx, object.Key); err != nil {
					return err
				}
			}
			if !belongs && now.Sub(object.Modified) >= j.Grace {
				found := &mediav1.VerifyPhotosResponse{}
				note(found, mediav1.ObjectProblem_KIND_ORPHAN, object.Key, "")
				j.add(found)
			}
			j.op.ObjectPosition = string(object.Key)
			if err := j.save(ctx, false); err != nil {
				return err
			}
		}
	}
	return nil
}

// note adds a problem, if there is one.
func note(found *mediav1.VerifyPhotosResponse, kind mediav1.ObjectProblem_Kind, key blobs.Key, name string) {
	switch kind {
	case mediav1.ObjectProblem_KIND_MISSING:
		found.MissingCount++
	case mediav1.ObjectProblem_KIND_DAMAGED:
		found.DamagedCount++
	case mediav1.ObjectProblem_KIND_ORPHAN:
		found.OrphanCount++
	case mediav1.ObjectProblem_KIND_UNSPECIFIED:
		return
	}
	found.Problems = append(found.Problems, &mediav1.ObjectProblem{Kind: kind, ObjectKey: string(key), Photo: name})
}

// add adds what was found to the result.
func (j *job) add(found *mediav1.VerifyPhotosResponse) {
	all := j.op.GetFound()
	all.PhotoCount += found.GetPhotoCount()
	all.ObjectCount += found.GetObjectCount()
	all.ReadBytes += found.GetReadBytes()
	all.MissingCount += found.GetMissingCount()
	all.DamagedCount += found.GetDamagedCount()
	all.OrphanCount += found.GetOrphanCount()
	for _, problem := range found.GetProblems() {
		if len(all.GetProblems()) == maxProblems || proto.Size(all)+proto.Size(problem) > maxListed {
			return
		}
		all.Problems = append(all.Problems, problem)
	}
}

// repairable reports whether a problem goes away when renditions are made anew.
func repairable(problem *mediav1.ObjectProblem) bool {
	return strings.HasPrefix(problem.GetObjectKey(), blobs.RenditionPrefix)
}
