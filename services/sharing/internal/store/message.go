package store

import (
	"errors"
	"fmt"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// getMessage reads the message under a key into m, and leaves m as it is when
// there is none.
func getMessage(r kv.Reader, key []byte, m proto.Message) error {
	data, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return decodeMessage(key, data, m)
}

func decodeMessage(key, data []byte, m proto.Message) error {
	if err := proto.Unmarshal(data, m); err != nil {
		return fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the store cannot be read at the key %.100q; the operator must restore it from a copy", key)
	}
	return nil
}

func putMessage(tx kv.Tx, key []byte, m proto.Message) error {
	data, err := proto.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode what is kept at %.100q: %w", key, err)
	}
	return tx.Put(key, data)
}

// has reports whether there is such a key.
func has(r kv.Reader, key []byte) (bool, error) {
	_, err := r.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// isDamage reports whether what is stored could not be read.
func isDamage(err error) bool { return fault.Has(err, faultv1.Reason_REASON_STORE_DAMAGED) }

// validText returns text without what is no UTF-8.
func validText(text string) string { return strings.ToValidUTF8(text, "\uFFFD") }
