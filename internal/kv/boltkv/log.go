package boltkv

import (
	"encoding/binary"
	"time"

	bolt "go.etcd.io/bbolt"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/overlay"
)

// A log entry is (version, topic) -> (unix milliseconds, reference). Keys only
// ever grow, so pages are filled nearly to the brim.
const (
	logFill   = 0.95
	trimSteps = 192 // log entries one commit trims, or twice what it added
)

func logKey(v kv.Version, topic []byte) []byte {
	return append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(topic)), uint64(v)), topic...)
}

// appendLog adds the emissions of one transaction, under s.version.
func (s *state) appendLog(tx *bolt.Tx, emits []overlay.Emission, now time.Time) error {
	log := tx.Bucket(logBucket)
	log.FillPercent = logFill
	for _, e := range emits {
		k := logKey(s.version, e.Topic)
		v := append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(e.Ref)), millis(now)), e.Ref...)
		if err := log.Put(k, v); err != nil {
			return err
		}
		s.entries++
		s.bytes += uint64(len(k) + len(v))
	}
	return nil
}

// trimmer removes what the log need not keep, whole versions at a time.
type trimmer struct {
	entries, bytes uint64 // more than which must not stay
	now, cutoff    uint64 // what is older than cutoff need not stay
}

func newTrimmer(limits kv.LogLimits, now time.Time) trimmer {
	return trimmer{
		entries: uint64(max(0, limits.Entries)),
		bytes:   uint64(max(0, limits.Bytes)),
		now:     millis(now),
		cutoff:  millis(now.Add(-limits.Age)),
	}
}

// millis is the time in log entries, counted from 1970.
func millis(t time.Time) uint64 {
	return uint64(max(0, t.UnixMilli()))
}

// due reports whether the log s, whose first entry is from oldest, is over a
// limit.
func (t trimmer) due(s *state, oldest uint64) bool {
	return s.entries > t.entries || s.bytes > t.bytes || s.entries > 0 && oldest < t.cutoff
}

// trim removes up to about steps entries and returns the time of the first one
// that stays, or of now. Trimmed versions are recorded in s.floor.
func (t trimmer) trim(tx *bolt.Tx, s *state, steps int) (oldest uint64, err error) {
	log := tx.Bucket(logBucket)
	var drop [][]byte
	oldest = t.now
	c := log.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if len(k) < 8 || len(v) < 8 {
			return 0, errState
		}
		version, at := kv.Version(binary.BigEndian.Uint64(k)), binary.BigEndian.Uint64(v)
		if version != s.floor && (len(drop) >= steps || !t.due(s, at)) {
			oldest = at
			break
		}
		s.floor = version
		s.entries--
		s.bytes -= uint64(len(k) + len(v))
		drop = append(drop, k)
	}
	for _, k := range drop {
		if err := log.Delete(k); err != nil {
			return 0, err
		}
	}
	return oldest, nil
}
