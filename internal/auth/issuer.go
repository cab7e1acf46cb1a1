package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/uuid"
)

// Issuer makes tokens. It holds the private key of the installation, so it
// belongs into the operator's command and nowhere else. It is safe for
// concurrent use.
type Issuer struct {
	key      ed25519.PrivateKey
	id       string
	name     string
	audience string
}

// Token is a token with what is needed to revoke it.
type Token struct {
	// Text is the token. Whoever has it is the principal.
	Text string
	// ID is the jti.
	ID string
	// Expires is when it does.
	Expires time.Time
}

// LoadIssuer returns the issuer with the key in the file. It refuses a file
// that others than its owner can read. name is the iss of its tokens, audience
// the id of the installation.
func LoadIssuer(path, name, audience string) (*Issuer, error) {
	if name == "" || audience == "" {
		return nil, errors.New("an issuer needs its name and the id of the installation")
	}
	key, err := readKey(path)
	if err != nil {
		return nil, err
	}
	public, _ := key.Public().(ed25519.PublicKey)
	return &Issuer{key: key, id: keyID(public), name: name, audience: audience}, nil
}

// Issue returns a new token for the principal that lives for life: at most
// MaxPersonLife for people, MaxMachineLife for machines. The principal's
// TokenID and Expires are not used.
func (i *Issuer) Issue(p Principal, life time.Duration) (Token, error) {
	if err := p.check(); err != nil {
		return Token{}, fmt.Errorf("issue token: %w", err)
	}
	if life <= 0 || life > p.maxLife() {
		return Token{}, fmt.Errorf("issue token: a %s may have one for up to %s, not %s", p.Kind, p.maxLife(), life)
	}
	now := time.Now().UTC().Truncate(time.Second)
	c := claims{
		RegisteredClaims: jwt.RegisteredClaims{
			Issuer:    i.name,
			Subject:   p.ID,
			Audience:  jwt.ClaimStrings{i.audience},
			IssuedAt:  jwt.NewNumericDate(now),
			ExpiresAt: jwt.NewNumericDate(now.Add(life)),
			ID:        uuid.NewString(),
		},
		Kind:  p.Kind,
		Roles: p.Roles,
	}
	t := jwt.NewWithClaims(jwt.SigningMethodEdDSA, c)
	t.Header["kid"] = i.id
	text, err := t.SignedString(i.key)
	if err != nil {
		return Token{}, fmt.Errorf("sign token: %w", err)
	}
	return Token{Text: text, ID: c.ID, Expires: c.ExpiresAt.Time}, nil
}

func (i *Issuer) webKey() webKey {
	public, _ := i.key.Public().(ed25519.PublicKey)
	return webKey{
		Type: "OKP", Curve: "Ed25519", ID: i.id, Alg: "EdDSA", Use: "sig",
		X: base64.RawURLEncoding.EncodeToString(public),
	}
}
