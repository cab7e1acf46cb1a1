package article

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"

	"github.com/google/uuid"
)

const (
	letters = "abcdefghijklmnopqrstuvwxyz"
	symbols = letters + "0123456789"
)

// NewID returns a random resource id of 16 lower-case letters and digits.
func NewID() string { return random(16) }

// NewUID returns a random UUID version 4.
func NewUID() string { return uuid.NewString() }

// newBlockID returns a random block id.
func newBlockID() string { return random(10) }

// random returns n random symbols, the first of them a letter.
func random(n int) string {
	b := make([]byte, n)
	rand.Read(b)
	b[0] = letters[int(b[0])%len(letters)]
	for i := 1; i < n; i++ {
		b[i] = symbols[int(b[i])%len(symbols)]
	}
	return string(b)
}

// sixOf returns six characters that stand for a uid.
func sixOf(uid string) string {
	sum := sha256.Sum256([]byte(uid))
	return hex.EncodeToString(sum[:3])
}
