package auth

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/pause"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const (
	// MaxPropagation is how long a service may take to notice a revoked token
	// or a new key, while it can read the file or address.
	MaxPropagation = 30 * time.Second

	pollInterval = 10 * time.Second
	leeway       = 5 * time.Second
	maxToken     = 8 << 10
)

// TokensConfig says which tokens to accept.
type TokensConfig struct {
	// Issuer and Audience are the iss and aud that tokens must have.
	Issuer, Audience string
	// Keys is the file or https address of the public keys (JWKS).
	Keys string
	// Revocations is the file or https address of the revocation list; "" for
	// none. A list that does not exist yet counts as empty.
	Revocations string
	// Log hears of reloads that fail.
	Log *slog.Logger
}

// Tokens is the Verifier for tokens of our own issuer.
type Tokens struct {
	config  TokensConfig
	keys    source
	revoked source
	parser  *jwt.Parser
	state   atomic.Pointer[state]
}

var _ Verifier = (*Tokens)(nil)

// state is what one reload brought, and the tokens that it found good.
type state struct {
	keys    map[string]ed25519.PublicKey
	revoked map[string]struct{}
	good    *goodTokens
}

// OpenTokens reads keys and revocations once and fails when it cannot. Call
// Run to keep them fresh.
func OpenTokens(ctx context.Context, config TokensConfig) (*Tokens, error) {
	if config.Issuer == "" || config.Audience == "" || config.Log == nil {
		return nil, errors.New("auth: TokensConfig needs Issuer, Audience and Log")
	}
	keys, err := newSource(config.Keys)
	if err != nil {
		return nil, fmt.Errorf("public keys: %w", err)
	}
	revoked, err := newSource(config.Revocations)
	if err != nil {
		return nil, fmt.Errorf("revocation list: %w", err)
	}
	t := &Tokens{config: config, keys: keys, revoked: revoked, parser: jwt.NewParser(
		jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
		jwt.WithIssuer(config.Issuer), jwt.WithAudience(config.Audience),
		jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithLeeway(leeway),
		jwt.WithStrictDecoding(),
	)}
	if err := t.reload(ctx); err != nil {
		return nil, err
	}
	return t, nil
}

// Run reloads keys and revocations until ctx ends. When a reload fails, the
// last good ones stay in force and the log says so: better a revocation late
// than every editor locked out by a damaged file.
func (t *Tokens) Run(ctx context.Context) {
	pause.Every(ctx, pollInterval, func() {
		if err := t.reload(ctx); err != nil && ctx.Err() == nil {
			t.config.Log.ErrorContext(ctx, "keys or revocations were not reloaded", slog.Any("error", err))
		}
	})
}

// reload takes over what can be read; one part that fails does not hold up the
// other.
func (t *Tokens) reload(ctx context.Context) error {
	next := state{good: &goodTokens{}}
	if last := t.state.Load(); last != nil {
		next.keys, next.revoked = last.keys, last.revoked
	}
	text, keysErr := t.keys.read(ctx)
	if keysErr == nil {
		var keys map[string]ed25519.PublicKey
		if keys, keysErr = parseKeys(text); keysErr == nil {
			next.keys = keys
		}
	}
	revoked, revokedErr := t.readRevocations(ctx, next.revoked)
	if revokedErr == nil {
		next.revoked = revoked
	}
	if keysErr != nil {
		keysErr = fmt.Errorf("public keys: %w", keysErr)
	}
	if revokedErr != nil {
		revokedErr = fmt.Errorf("revocation list: %w", revokedErr)
	}
	t.state.Store(&next)
	return errors.Join(keysErr, revokedErr)
}

// readRevocations returns the list. One that was there and is gone is an
// error: a lost file must not bring revoked tokens back.
func (t *Tokens) readRevocations(ctx context.Context, last map[string]struct{}) (map[string]struct{}, error) {
	if t.config.Revocations == "" {
		return nil, nil //nolint:nilnil // nothing is revoked
	}
	text, err := t.revoked.read(ctx)
	if errors.Is(err, fs.ErrNotExist) && len(last) == 0 {
		return nil, nil //nolint:nilnil // nothing was ever revoked
	}
	if err != nil {
		return nil, err
	}
	return parseRevocations(text)
}

// Verify implements Verifier.
func (t *Tokens) Verify(_ context.Context, token string) (Principal, error) {
	if len(token) > maxToken {
		return Principal{}, invalidToken(errors.New("too long"))
	}
	state := t.state.Load()
	if p, ok := state.good.find(token); ok {
		return p, nil
	}
	var c claims
	_, err := t.parser.ParseWithClaims(token, &c, state.key)
	switch {
	case err == nil:
	case errors.Is(err, jwt.ErrTokenExpired) &&
		!errors.Is(err, jwt.ErrTokenInvalidIssuer) && !errors.Is(err, jwt.ErrTokenInvalidAudience):
		return Principal{}, fault.Wrap(err, faultv1.Reason_REASON_TOKEN_EXPIRED, "the token has expired; sign in again")
	default:
		return Principal{}, invalidToken(err)
	}
	if _, gone := state.revoked[c.ID]; gone {
		return Principal{}, fault.New(faultv1.Reason_REASON_TOKEN_REVOKED,
			"the token was revoked; ask the operator for a new one")
	}
	p := c.principal()
	state.good.add(token, p)
	return p, nil
}

// key returns the public key that a token's header names.
func (s *state) key(token *jwt.Token) (any, error) {
	if _, critical := token.Header["crit"]; critical {
		return nil, errors.New("has a critical header that we do not know")
	}
	id, _ := token.Header["kid"].(string)
	key, ok := s.keys[id]
	if !ok {
		return nil, fmt.Errorf("names the key %q, which is not published", id)
	}
	return key, nil
}

func invalidToken(err error) error {
	return fault.Wrap(err, faultv1.Reason_REASON_TOKEN_INVALID,
		"the token is not one of this installation; sign in again")
}
