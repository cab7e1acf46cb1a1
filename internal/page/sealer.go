package page

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// KeySize is the length of a sealing key in bytes.
const KeySize = chacha20poly1305.KeySize

// MaxToken is the longest token in characters that Open looks at.
const MaxToken = 4096

const version = 1

// Purpose says what a token is for; one is never taken for another.
type Purpose string

// The purposes.
const (
	Page    Purpose = "page"
	Resume  Purpose = "resume"
	Preview Purpose = "preview"
)

// Binding is what a token belongs to. Open fails unless it is the same as it
// was for Seal.
type Binding struct {
	// Purpose says what the token is for.
	Purpose Purpose
	// Class is what the caller may see: auth.Principal.Class.
	Class string
	// Site is the name of the site, or "sites/-".
	Site string
	// Method is the full name of the method.
	Method string
	// Query is the checksum of the request, from the function Query.
	Query []byte
}

// Sealer seals and opens tokens. It is safe for concurrent use.
type Sealer struct {
	aeads []cipher.AEAD
}

// NewSealer returns a Sealer that seals with the first key and opens with any,
// so that a key can be replaced without breaking lists in progress. Each key
// has KeySize random bytes; all replicas of a service need the same keys.
func NewSealer(keys ...[]byte) (*Sealer, error) {
	if len(keys) == 0 {
		return nil, errors.New("page: no sealing key; give one of 32 random bytes")
	}
	s := &Sealer{}
	for i, key := range keys {
		aead, err := chacha20poly1305.NewX(key)
		if err != nil {
			return nil, fmt.Errorf("page: sealing key %d has %d bytes instead of %d: %w", i+1, len(key), KeySize, err)
		}
		s.aeads = append(s.aeads, aead)
	}
	return s, nil
}

// Seal returns the position as a token, in characters that need no escaping in
// a URL. Two calls give different tokens.
func (s *Sealer) Seal(b Binding, position []byte) string {
	aead := s.aeads[0]
	sealed := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(position)+aead.Overhead())
	sealed[0] = version
	rand.Read(sealed[1:])
	sealed = aead.Seal(sealed, sealed[1:], position, b.bytes()) //nolint:gosec // G407: the nonce was just filled with random bytes
	return base64.RawURLEncoding.EncodeToString(sealed)
}

// Open returns the position of a token. It fails with INVALID_PAGE_TOKEN, or
// INVALID_RESUME_TOKEN, or for previews PREVIEW_TOKEN_INVALID, when the token is
// not one that Seal gave for the same binding.
func (s *Sealer) Open(b Binding, token string) ([]byte, error) {
	if len(token) > MaxToken {
		return nil, b.refuse()
	}
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(sealed) < 1 || sealed[0] != version {
		return nil, b.refuse()
	}
	sealed = sealed[1:]
	for _, aead := range s.aeads {
		if len(sealed) < aead.NonceSize() {
			break
		}
		nonce, body := sealed[:aead.NonceSize()], sealed[aead.NonceSize():]
		if position, err := aead.Open(nil, nonce, body, b.bytes()); err == nil {
			return position, nil
		}
	}
	return nil, b.refuse()
}

// bytes is the binding as additional data; each part has its length before it,
// so that no two bindings look alike.
func (b Binding) bytes() []byte {
	data := []byte{version}
	for _, part := range []string{string(b.Purpose), b.Class, b.Site, b.Method, string(b.Query)} {
		data = binary.AppendUvarint(data, uint64(len(part)))
		data = append(data, part...)
	}
	return data
}

func (b Binding) refuse() error {
	switch b.Purpose {
	case Resume:
		return fault.Invalid("resume_token", faultv1.Reason_REASON_INVALID_RESUME_TOKEN,
			"this token was not given for this query; watch without it to start again")
	case Preview:
		return fault.New(faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID,
			"this preview is not valid, or no longer; ask the author for a new one")
	case Page:
	}
	return fault.Invalid("page_token", faultv1.Reason_REASON_INVALID_PAGE_TOKEN,
		"this token was not given for this query; list without it to start again")
}
