package kv

// Meter counts what one Update touches. Every backend uses it, so that they
// refuse the same transactions. Each distinct key counts once, read or written,
// found or not, with the length of the key and of the longest value seen under
// it; each topic counts as a key with its reference, and each scanned range as
// one key besides the entries it yields. The zero Meter is ready to use.
type Meter struct {
	sizes map[string]int
	bytes int
	err   error
}

// Key counts key with a value of the given size.
func (m *Meter) Key(key []byte, size int) error { return m.add('k', key, size) }

// Topic counts a change-log entry with a reference of the given size, which is
// refused above MaxRef.
func (m *Meter) Topic(topic []byte, size int) error {
	if size > MaxRef && m.err == nil {
		m.err = &LimitError{What: "bytes of a change-log reference", Size: size, Limit: MaxRef}
	}
	return m.add('t', topic, size)
}

// Range counts a scan of r, without its entries.
func (m *Meter) Range(r Range) error {
	id := append(append(append([]byte{}, r.Start...), 0), r.End...)
	return m.add('r', id, 0)
}

// Err returns the first refusal, or nil. A transaction with one must not be
// committed, even if its closure chose to ignore it.
func (m *Meter) Err() error { return m.err }

func (m *Meter) add(kind byte, key []byte, size int) error {
	if m.err != nil {
		return m.err
	}
	if m.sizes == nil {
		m.sizes = make(map[string]int, 8)
	}
	id := string(kind) + string(key)
	known, seen := m.sizes[id]
	if !seen {
		known = -len(key)
	}
	if size > known || !seen {
		m.bytes += size - known
		m.sizes[id] = size
	}
	switch {
	case len(m.sizes) > MaxKeys:
		m.err = &LimitError{What: "keys touched by one transaction", Size: len(m.sizes), Limit: MaxKeys}
	case m.bytes > MaxBytes:
		m.err = &LimitError{What: "bytes touched by one transaction", Size: m.bytes, Limit: MaxBytes}
	}
	return m.err
}

// CheckKey returns ErrKey unless key, or topic, has 1 to MaxKey bytes.
func CheckKey(key []byte) error {
	if len(key) == 0 || len(key) > MaxKey {
		return ErrKey
	}
	return nil
}
