// Package rpc is the gRPC side that all services share: the server with its
// chain of interceptors, and the client connection.
//
// Every call to a [Server] passes, from the outside in: the pass-through reply,
// the request id, the log, errors to statuses, recovery from panics, the
// deadline, authentication and permission, and validation. Services return
// errors of internal/fault and find the caller in the context
// (auth.FromContext); they never make statuses, log requests or check
// permissions beyond what is the caller's "own".
//
// Each method must name its permission in its proto option skaitykla.auth.v1.access;
// NewServer refuses a service that leaves one out.
//
// A handler that has its reply as stored bytes gives them to [Reply] or
// [SendRaw]; they reach the wire without being decoded.
package rpc

import (
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
)

// Domain is the domain of every ErrorInfo that we send.
const Domain = "skaitykla.dev"

// Metadata keys that travel with a call, in both directions where it says so.
const (
	// HeaderRequestID names the call in logs. Who sends one gets it back in the
	// header; every error carries it.
	HeaderRequestID = "x-request-id"
	// HeaderAuthorization carries "Bearer <token>".
	HeaderAuthorization = "authorization"
	// HeaderLanguage is the language of texts in errors.
	HeaderLanguage = "accept-language"
	// HeaderIfMatch carries the etag when the body does not.
	HeaderIfMatch = "if-match"
)

// Defaults of Config.
const (
	// DefaultMaxRequest is the largest request in bytes.
	DefaultMaxRequest = 4 << 20
	// DefaultMaxReply is the largest reply in bytes.
	DefaultMaxReply = 16 << 20
	// DefaultTimeout is how long a unary call may take when the caller does
	// not say.
	DefaultTimeout = 60 * time.Second
	// DefaultGrace is how long calls in progress may take to end on shutdown.
	DefaultGrace = 10 * time.Second
)

// Messages returns the text of a key in a language, with {name} replaced by
// pairs of name and value; "" when there is none.
type Messages func(language, key string, pairs ...string) string

// Config is what a server needs. Log is required; the zero value of the rest
// works.
type Config struct {
	// Log gets one line for each call.
	Log *slog.Logger
	// Verifier accepts bearer tokens. Without one every token is refused and
	// only anonymous calls succeed.
	Verifier auth.Verifier
	// Messages gives the localized texts of errors, by keys such as
	// "fault.EDIT_CONFLICT" and "fault.rule.string.max_len"; nil means the
	// built-in ones, in every language of internal/lang.
	Messages Messages
	// TLS secures the listener; with client CAs in it, mutually. Nil means
	// plaintext, which Serve accepts on loopback only, unless Insecure is set.
	TLS *tls.Config
	// Insecure allows plaintext off loopback. Bearer tokens are refused there
	// all the same.
	Insecure bool
	// NoReflection leaves out the reflection service.
	NoReflection bool
	// MaxRequest and MaxReply limit messages in bytes. A larger request fails
	// with TOO_LARGE.
	MaxRequest, MaxReply int
	// Timeout is for unary calls that come without a deadline.
	Timeout time.Duration
	// Grace is how long Serve waits for calls in progress.
	Grace time.Duration
}

func (c Config) withDefaults() (Config, error) {
	if c.Messages == nil {
		texts, err := embeddedTexts()
		if err != nil {
			return c, err
		}
		c.Messages = texts
	}
	if c.MaxRequest == 0 {
		c.MaxRequest = DefaultMaxRequest
	}
	if c.MaxReply == 0 {
		c.MaxReply = DefaultMaxReply
	}
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	if c.Grace == 0 {
		c.Grace = DefaultGrace
	}
	return c, nil
}
