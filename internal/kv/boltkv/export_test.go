package boltkv

import bolt "go.etcd.io/bbolt"

// Transactions returns the number of write transactions bbolt has committed.
func (s *Store) Transactions() (n int, err error) {
	err = s.db.View(func(tx *bolt.Tx) error { n = tx.ID(); return nil })
	return n, err
}

// LogEntries returns the number of entries in the change log as recorded, and
// as counted.
func (s *Store) LogEntries() (recorded, counted int, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		st, err := loadState(tx)
		recorded, counted = int(st.entries), tx.Bucket(logBucket).Stats().KeyN
		return err
	})
	return recorded, counted, err
}

// CloseFile closes the file under the store.
func (s *Store) CloseFile() error { return s.file.Close() }
