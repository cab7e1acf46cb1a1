// Package blobs keeps the bytes of photos in an S3 server, in one bucket,
// under keys made of their content. Objects are never changed; the record in
// the key-value store is the truth about which of them count.
//
// Only plain S3 calls are made (put, get, head, delete, list), so that any S3
// server will do.
package blobs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// ErrNotFound is the answer for an object that is not there.
var ErrNotFound = errors.New("blobs: no such object")

// Config says where the objects are.
type Config struct {
	// Endpoint is the S3 server, host:port.
	Endpoint string
	// AccessKey and SecretKey are its credentials.
	AccessKey, SecretKey string
	// Bucket is made when it does not exist.
	Bucket string
	// Region of the bucket; empty means us-east-1, which MinIO calls itself.
	Region string
	// Secure asks for HTTPS.
	Secure bool
}

// Object is what the server knows of stored bytes.
type Object struct {
	Key  Key
	Size int64
	// ETag is a strong validator of the bytes, without quotation marks.
	ETag string
	// Modified is when the object was last put.
	Modified time.Time
}

// Store reads and writes objects. It is safe for concurrent use. Except where
// stated its methods fail with OBJECTS_UNAVAILABLE when the server does not do
// what it should, and with the error of their context.
type Store struct {
	core   minio.Core
	bucket string
	region string
}

// maxRetries is how often the client tries by itself. It is low, because the
// caller is a person who waits, and can be told.
const maxRetries = 2

// Open returns a Store. It does not contact the server, which may come later.
func Open(c Config) (*Store, error) {
	if c.Region == "" {
		c.Region = "us-east-1"
	}
	transport, err := minio.DefaultTransport(c.Secure)
	if err != nil {
		return nil, fmt.Errorf("blobs: prepare connections: %w", err)
	}
	transport.ResponseHeaderTimeout = 30 * time.Second
	core, err := minio.NewCore(c.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(c.AccessKey, c.SecretKey, ""),
		Secure:     c.Secure,
		Region:     c.Region,
		Transport:  transport,
		MaxRetries: maxRetries,
	})
	if err != nil {
		return nil, fmt.Errorf("blobs: the address of the object store, %q, must be host:port: %w", c.Endpoint, err)
	}
	return &Store{core: *core, bucket: c.Bucket, region: c.Region}, nil
}

// Put stores size bytes from r under key, replacing what was there. They are
// durable when it returns nil; otherwise nothing is stored. r is read again
// from its beginning when the server asks for a retry.
func (s *Store) Put(ctx context.Context, key Key, r io.ReadSeeker, size int64, mediaType string) error {
	for made := false; ; made = true {
		_, err := s.core.Client.PutObject(ctx, s.bucket, string(key), r, size, minio.PutObjectOptions{
			ContentType:      mediaType,
			DisableMultipart: true,
		})
		if err == nil {
			return nil
		}
		if made || codeOf(err) != "NoSuchBucket" {
			return explain(ctx, fmt.Errorf("put %s: %w", key, err))
		}
		if err := s.makeBucket(ctx); err != nil {
			return err
		}
		if _, err := r.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("blobs: read %s again: %w", key, err)
		}
	}
}

func (s *Store) makeBucket(ctx context.Context) error {
	err := s.core.MakeBucket(ctx, s.bucket, minio.MakeBucketOptions{Region: s.region})
	switch codeOf(err) {
	case "BucketAlreadyOwnedByYou", "BucketAlreadyExists":
		return nil // another process was faster
	}
	if err != nil {
		return explain(ctx, fmt.Errorf("make the bucket %s: %w", s.bucket, err))
	}
	return nil
}

// Get opens the bytes of an object from offset on, at most limit of them; a
// limit of 0 means to the end. The caller closes the reader, whose errors are
// typed as the Store's. A missing object is ErrNotFound. An offset at or
// behind the end of the object gives no bytes. Object.Size is that of the
// whole object.
func (s *Store) Get(ctx context.Context, key Key, offset, limit int64) (io.ReadCloser, Object, error) {
	var opts minio.GetObjectOptions
	if offset > 0 || limit > 0 {
		end := int64(0) // to the end
		if limit > 0 {
			end = offset + min(limit, math.MaxInt64-offset) - 1
		}
		if err := opts.SetRange(offset, end); err != nil {
			return nil, Object{}, fmt.Errorf("blobs: range of %s: %w", key, err)
		}
	}
	body, info, header, err := s.core.GetObject(ctx, s.bucket, string(key), opts)
	if err != nil {
		if codeOf(err) == "InvalidRange" {
			object, err := s.Stat(ctx, key)
			return http.NoBody, object, err
		}
		return nil, Object{}, explain(ctx, fmt.Errorf("get %s: %w", key, err))
	}
	object := objectOf(info, key)
	if total, ok := totalOf(header.Get("Content-Range")); ok {
		object.Size = total
	}
	return &typedBody{body: body, ctx: ctx}, object, nil
}

// Stat tells about an object without reading it. A missing one is ErrNotFound.
func (s *Store) Stat(ctx context.Context, key Key) (Object, error) {
	info, err := s.core.StatObject(ctx, s.bucket, string(key), minio.StatObjectOptions{})
	if err != nil {
		return Object{}, explain(ctx, fmt.Errorf("stat %s: %w", key, err))
	}
	return objectOf(info, key), nil
}

// Remove deletes an object; that it is not there is no error.
func (s *Store) Remove(ctx context.Context, key Key) error {
	err := s.core.RemoveObject(ctx, s.bucket, string(key), minio.RemoveObjectOptions{})
	if err != nil && codeOf(err) != "NoSuchBucket" {
		return explain(ctx, fmt.Errorf("remove %s: %w", key, err))
	}
	return nil
}

// List yields the objects whose keys begin with prefix, in order of their
// keys. An error ends it and is yielded once. A bucket that was never written
// is empty.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for info := range s.core.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
			switch {
			case info.Err == nil:
				if !yield(objectOf(info, Key(info.Key)), nil) {
					return
				}
			case codeOf(info.Err) == "NoSuchBucket":
				return
			default:
				yield(Object{}, explain(ctx, fmt.Errorf("list %q: %w", prefix, info.Err)))
				return
			}
		}
	}
}

func objectOf(info minio.ObjectInfo, key Key) Object {
	return Object{Key: key, Size: info.Size, ETag: strings.Trim(info.ETag, `"`), Modified: info.LastModified}
}

// explain makes a typed error of what the client said.
func explain(ctx context.Context, err error) error {
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("blobs: %w", errors.Join(cause, err))
	}
	switch codeOf(err) {
	case "NoSuchKey", "NoSuchBucket":
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return fault.Unavailable(err, faultv1.Reason_REASON_OBJECTS_UNAVAILABLE,
		"the object store cannot be reached; try again in a moment, and ask the operator to look at it if that does not help").
		RetryAfter(retryAfter)
}

// retryAfter is what a caller is told to wait: a restarted MinIO serves again
// after about two seconds.
const retryAfter = 3 * time.Second

// codeOf returns the S3 error code in err's tree, or "".
func codeOf(err error) string {
	response, _ := errors.AsType[minio.ErrorResponse](err)
	return response.Code
}
