package blobs

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/skaitykla/skaitykla/internal/pause"
)

// putRetry is how long a put waits before its second attempt.
const putRetry = 300 * time.Millisecond

// Put stores the first size bytes of r under key, replacing what was there.
// They are durable when it returns nil; otherwise nothing or, when the answer
// was lost, the whole object is stored, never a part of it. r is read more
// than once, and maybe still for a moment after Put has failed. The bytes'
// SHA-256 is part of the signature of the request, by which every S3 server
// knows that they arrived as they were sent.
//
// A put that fails for a reason that may pass is tried once more, which is
// safe also when the first one was done and only its answer was lost.
func (s *Store) Put(ctx context.Context, key Key, r io.ReaderAt, size int64, mediaType string) error {
	sum, err := digest(r, size)
	if err != nil {
		return fmt.Errorf("blobs: read %s: %w", key, err)
	}
	made, again := false, false
	for {
		err := s.put(ctx, key, r, size, sum, mediaType)
		switch {
		case err == nil:
			return nil
		case ctx.Err() == nil && codeOf(err) == "NoSuchBucket" && !made:
			if err := s.makeBucket(ctx); err != nil {
				return err
			}
			made = true
		case ctx.Err() == nil && passing(err) && !again && pause.For(ctx, putRetry):
			again = true
		default:
			return explain(ctx, fmt.Errorf("put %s: %w", key, err))
		}
	}
}

// put is one attempt. It reads r by a reader of its own that the client does
// not know how to rewind: net/http may go on reading a body after the request
// has failed, so a second attempt must not share it.
func (s *Store) put(ctx context.Context, key Key, r io.ReaderAt, size int64, sum, mediaType string) error {
	ctx, cancel := s.within(ctx, size)
	defer cancel()
	body := struct{ io.Reader }{io.NewSectionReader(r, 0, size)}
	_, err := s.core.PutObject(ctx, s.bucket, string(key), body, size, "", sum,
		minio.PutObjectOptions{ContentType: mediaType, DisableContentSha256: true})
	return timely(ctx, err)
}

// passing reports whether it is worth to put at once again what failed with
// err: the connection broke, or the server is busy, or got other bytes than
// were sent.
func passing(err error) bool {
	if misconfigured(err) != "" || full(err) || errors.Is(err, errTooSlow) {
		return false
	}
	if code := codeOf(err); code != "" {
		return slices.Contains([]string{
			"InternalError", "SlowDown", "SlowDownWrite", "RequestTimeout", "ServiceUnavailable", "XMinioServerNotInitialized",
			"BadDigest", "XAmzContentSHA256Mismatch", "IncompleteBody",
		}, code)
	}
	return true
}

// digest returns the SHA-256 of the first size bytes of r, in hexadecimal.
func digest(r io.ReaderAt, size int64) (string, error) {
	sum := sha256.New()
	n, err := io.Copy(sum, io.NewSectionReader(r, 0, size))
	if err == nil && n != size {
		err = io.ErrUnexpectedEOF
	}
	return hex.EncodeToString(sum.Sum(nil)), err
}
