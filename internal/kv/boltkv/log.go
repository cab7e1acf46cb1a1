package boltkv

import (
	"encoding/binary"

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
func (s *state) appendLog(tx *bolt.Tx, emits []overlay.Emission, now int64) error {
	log := tx.Bucket(logBucket)
	log.FillPercent = logFill
	for _, e := range emits {
		k := logKey(s.version, e.Topic)
		v := append(binary.BigEndian.AppendUint64(make([]byte, 0, 8+len(e.Ref)), uint64(now)), e.Ref...)
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
	limits kv.LogLimits
	now    int64 // unix milliseconds
}

// due reports whether the log s, whose first entry is from oldest, is over a
// limit.
func (t trimmer) due(s *state, oldest int64) bool {
	return s.entries > uint64(t.limits.Entries) || s.bytes > uint64(t.limits.Bytes) ||
		s.entries > 0 && oldest < t.now-t.limits.Age.Milliseconds()
}

// trim removes up to about steps entries and returns the time of the first one
// that stays, or of now. Trimmed versions are recorded in s.floor.
func (t trimmer) trim(tx *bolt.Tx, s *state, steps int) (oldest int64, err error) {
	log := tx.Bucket(logBucket)
	var drop [][]byte
	oldest = t.now
	c := log.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if len(k) < 8 || len(v) < 8 {
			return 0, errState
		}
		version, at := kv.Version(binary.BigEndian.Uint64(k)), int64(binary.BigEndian.Uint64(v))
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
