// Package archive knows what stands in the archive of a site and in which
// order. Sum adds records up as they leave; Reader takes them in as they come,
// trusting nothing, and hands them to an article.Importer.
//
// Each record is made of what is stored by one function and read back by
// another one. Reading makes the record again out of what it read and refuses it
// unless that gives the same: so a record holds nothing that gets lost, and
// nothing that an export would not have written.
package archive

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Local reports whether an audit event is about this installation rather than
// about the site: how the site came here. Such events do not go into an archive,
// so that an imported site exports as the first one did.
func Local(method string) bool { return method == MethodImport }

// MethodImport is the method of the audit event of an import.
const MethodImport = "ImportArticles"

// Sum counts the records of an archive and sums them up.
type Sum struct {
	hash  hash.Hash
	count int64
	buf   []byte
}

// NewSum returns the sum of no records.
func NewSum() *Sum { return &Sum{hash: sha256.New()} }

// Add adds a record: the length of its encoding as a varint, and the encoding,
// with fields in the order of their numbers and maps in that of their keys.
func (s *Sum) Add(r *articlev1.ArchiveRecord) error {
	marshal := proto.MarshalOptions{Deterministic: true}
	s.buf = protowire.AppendVarint(s.buf[:0], uint64(marshal.Size(r))) //nolint:gosec // a size is never negative
	var err error
	if s.buf, err = marshal.MarshalAppend(s.buf, r); err != nil {
		return fmt.Errorf("encode a record: %w", err)
	}
	s.hash.Write(s.buf)
	s.count++
	return nil
}

// End returns the record that ends an archive of the records so far.
func (s *Sum) End() *articlev1.ArchiveRecord {
	return &articlev1.ArchiveRecord{Record: &articlev1.ArchiveRecord_End_{End: &articlev1.ArchiveRecord_End{
		RecordCount: s.count, Checksum: hex.EncodeToString(s.hash.Sum(nil)),
	}}}
}
