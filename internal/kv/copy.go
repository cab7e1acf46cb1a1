package kv

// Copier is implemented by Readers that can put a value straight where it is
// needed.
type Copier interface {
	// Copy calls room with the size of the value of key and copies the value
	// into what it returns, which has that size; or it answers ErrNotFound.
	Copy(key []byte, room func(size int) []byte) error
}

// Copy is Copier.Copy on any Reader; one that is no Copier copies twice.
func Copy(r Reader, key []byte, room func(size int) []byte) error {
	if c, ok := r.(Copier); ok {
		return c.Copy(key, room)
	}
	value, err := r.Get(key)
	if err != nil {
		return err
	}
	copy(room(len(value)), value)
	return nil
}
