package blobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/minio/minio-go/v7"
)

// Put stores size bytes from r under key, replacing what was there. They are
// durable when it returns nil; otherwise nothing or, when the answer was lost,
// the whole object is stored, never a part of it. r is read from its
// beginning, and again when the server asks for a retry: the bytes' SHA-256 is
// part of the signature of the request, by which every S3 server knows that
// they arrived as they were sent.
func (s *Store) Put(ctx context.Context, key Key, r io.ReadSeeker, size int64, mediaType string) error {
	sum, err := digest(r)
	if err != nil {
		return fmt.Errorf("blobs: read %s: %w", key, err)
	}
	for again := false; ; again = true {
		err := s.put(ctx, key, r, size, sum, mediaType)
		switch code := codeOf(err); {
		case err == nil:
			return nil
		case again:
		case code == "NoSuchBucket":
			if err := s.makeBucket(ctx); err != nil {
				return err
			}
			continue
		case slices.Contains(brokenOnTheWay(), code):
			continue
		}
		return explain(ctx, fmt.Errorf("put %s: %w", key, err))
	}
}

func (s *Store) put(ctx context.Context, key Key, r io.ReadSeeker, size int64, sum, mediaType string) error {
	ctx, cancel := s.within(ctx, size)
	defer cancel()
	// The client would close a reader that can be closed.
	body := struct{ io.ReadSeeker }{r}
	if _, err := body.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("read it again: %w", err)
	}
	_, err := s.core.PutObject(ctx, s.bucket, string(key), body, size, "", sum,
		minio.PutObjectOptions{ContentType: mediaType, DisableContentSha256: true})
	return timely(ctx, err)
}

// brokenOnTheWay are the codes of a server that got other bytes than were
// sent, or fewer.
func brokenOnTheWay() []string {
	return []string{"BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody"}
}

// digest returns the SHA-256 of what r holds, in hexadecimal.
func digest(r io.ReadSeeker) (string, error) {
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
