package boltkv

import (
	"encoding/binary"
	"errors"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
)

// The buckets of the file and the keys of its meta bucket.
//
//nolint:gochecknoglobals // constants that Go has no syntax for
var (
	dataBucket = []byte("data")
	logBucket  = []byte("log")
	metaBucket = []byte("meta")
	formatKey  = []byte("format")
	suiteKey   = []byte("suite")
	stateKey   = []byte("state")
	compactKey = []byte("compact")
)

// errState means that the meta bucket does not hold what this package writes.
var errState = errors.New("the store's state record is missing or malformed")

// state is the record that every commit rewrites.
type state struct {
	version kv.Version // newest committed
	floor   kv.Version // newest that was trimmed from the log
	entries uint64     // in the log
	bytes   uint64     // of their keys and values
}

func (s state) encode() []byte {
	b := make([]byte, 0, 32)
	for _, n := range []uint64{uint64(s.version), uint64(s.floor), s.entries, s.bytes} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return b
}

// buckets checks that all buckets are there and returns the data bucket.
func buckets(tx *bolt.Tx) (data *bolt.Bucket, err error) {
	data = tx.Bucket(dataBucket)
	if data == nil || tx.Bucket(logBucket) == nil || tx.Bucket(metaBucket) == nil {
		return nil, errState
	}
	return data, nil
}

func loadState(tx *bolt.Tx) (state, error) {
	if _, err := buckets(tx); err != nil {
		return state{}, err
	}
	b := tx.Bucket(metaBucket).Get(stateKey)
	if len(b) != 32 {
		return state{}, errState
	}
	at := func(i int) uint64 { return binary.BigEndian.Uint64(b[8*i:]) }
	return state{version: kv.Version(at(0)), floor: kv.Version(at(1)), entries: at(2), bytes: at(3)}, nil
}

func (s state) save(tx *bolt.Tx) error { return tx.Bucket(metaBucket).Put(stateKey, s.encode()) }
