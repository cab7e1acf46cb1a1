package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secretSize is how many bytes a secret has; Standard Webhooks asks for 24 to
// 64.
const secretSize = 32

// secretPrefix tells the secrets of Standard Webhooks from others.
const secretPrefix = "whsec_"

// The headers of a message, as Standard Webhooks names them.
const (
	HeaderID        = "Webhook-Id"
	HeaderTimestamp = "Webhook-Timestamp"
	HeaderSignature = "Webhook-Signature"
)

// NewSecret returns a fresh key.
func NewSecret() []byte {
	key := make([]byte, secretSize)
	_, _ = rand.Read(key) // never fails, or ends the program
	return key
}

// SecretText returns a key as it is told: "whsec_" and its Base64.
func SecretText(key []byte) string { return secretPrefix + base64.StdEncoding.EncodeToString(key) }

// Sign returns the headers of a message that is sent at a time: its id, the
// time in seconds, and for each key a signature over both and the body, HMAC
// with SHA-256 (Standard Webhooks 1.0.0, symmetric).
func Sign(keys [][]byte, id string, at time.Time, body []byte) http.Header {
	seconds := strconv.FormatInt(at.Unix(), 10)
	signatures := make([]string, len(keys))
	for i, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + seconds + "."))
		mac.Write(body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return http.Header{
		HeaderID: {id}, HeaderTimestamp: {seconds}, HeaderSignature: {strings.Join(signatures, " ")},
	}
}
