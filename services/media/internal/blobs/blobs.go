// Package blobs keeps the bytes of photos in an S3 server, in one bucket,
// under keys made of their content. Objects are never changed; the record in
// the key-value store is the truth about which of them count.
//
// Only plain S3 calls are made (put, get, head, delete, list), so that any S3
// server will do; the tests run against two.
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
)

// ErrNotFound is the answer for an object that is not there.
var ErrNotFound = errors.New("blobs: no such object")

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
// what it should, with words for the operator where only he can help, and with
// the error of their context.
type Store struct {
	core      minio.Core
	bucket    string
	region    string
	patience  time.Duration
	transport *http.Transport
}

// Close gives up connections that are not in use. The Store can be used
// further.
func (s *Store) Close() { s.transport.CloseIdleConnections() }

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
	call, pace := newPace(ctx, s.patience)
	body, info, header, err := s.core.GetObject(call, s.bucket, string(key), opts)
	pace.got(0)
	if err != nil {
		err = timely(call, err)
		pace.end()
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
	return &typedBody{body: body, pace: pace, ctx: ctx}, object, nil
}

// Stat tells about an object without reading it. A missing one is ErrNotFound.
func (s *Store) Stat(ctx context.Context, key Key) (Object, error) {
	call, cancel := s.within(ctx, 0)
	defer cancel()
	info, err := s.core.StatObject(call, s.bucket, string(key), minio.StatObjectOptions{})
	if err != nil {
		return Object{}, explain(ctx, fmt.Errorf("stat %s: %w", key, timely(call, err)))
	}
	return objectOf(info, key), nil
}

// Remove deletes an object; that it is not there is no error.
func (s *Store) Remove(ctx context.Context, key Key) error {
	call, cancel := s.within(ctx, 0)
	defer cancel()
	err := s.core.RemoveObject(call, s.bucket, string(key), minio.RemoveObjectOptions{})
	if err != nil && codeOf(err) != "NoSuchBucket" {
		return explain(ctx, fmt.Errorf("remove %s: %w", key, timely(call, err)))
	}
	return nil
}

// List yields the objects whose keys begin with prefix, in order of their
// keys. An error ends it and is yielded once. A bucket that was never written
// is empty.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return s.ListAfter(ctx, prefix, "")
}

// ListAfter is List from behind the given key on.
func (s *Store) ListAfter(ctx context.Context, prefix string, after Key) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for object, err := range s.list(ctx, prefix, after) {
			switch {
			case err == nil:
				if !yield(object, nil) {
					return
				}
			case codeOf(err) == "NoSuchBucket":
				return
			default:
				yield(Object{}, explain(ctx, fmt.Errorf("list %q: %w", prefix, err)))
				return
			}
		}
	}
}

// list is ListAfter with the errors of the client.
func (s *Store) list(ctx context.Context, prefix string, after Key) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		call, pace := newPace(ctx, s.patience)
		defer pace.end()
		opts := minio.ListObjectsOptions{Prefix: prefix, Recursive: true, StartAfter: string(after)}
		for info := range s.core.ListObjectsIter(call, s.bucket, opts) {
			pace.got(pageRow)
			if info.Err != nil {
				yield(Object{}, timely(call, info.Err))
				return
			}
			if !yield(objectOf(info, Key(info.Key)), nil) {
				return
			}
			pace.wait()
		}
	}
}

// pageRow is about what one object takes in a list, in bytes.
const pageRow = 400

func objectOf(info minio.ObjectInfo, key Key) Object {
	return Object{Key: key, Size: info.Size, ETag: strings.Trim(info.ETag, `"`), Modified: info.LastModified}
}
