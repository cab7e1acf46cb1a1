package auth

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Longest lives of tokens.
const (
	// MaxPersonLife is for people.
	MaxPersonLife = 12 * time.Hour
	// MaxMachineLife is for service accounts.
	MaxMachineLife = 90 * 24 * time.Hour
)

// claims is what our tokens carry.
type claims struct {
	jwt.RegisteredClaims
	Kind  Kind              `json:"kind"`
	Roles map[string][]Role `json:"roles"`
}

// Validate is called by the parser after it checked signature, issuer,
// audience and times.
func (c claims) Validate() error {
	if c.ID == "" || c.IssuedAt == nil || c.ExpiresAt == nil {
		return fmt.Errorf("%w: jti, iat and exp are required", jwt.ErrTokenRequiredClaimMissing)
	}
	p := c.principal()
	if err := p.check(); err != nil {
		return err
	}
	if life := c.ExpiresAt.Sub(c.IssuedAt.Time); life > p.maxLife() {
		return fmt.Errorf("lives for %s, longer than the %s allowed", life, p.maxLife())
	}
	return nil
}

func (c claims) principal() Principal {
	return Principal{ID: c.Subject, Kind: c.Kind, Roles: c.Roles, TokenID: c.ID, Expires: c.ExpiresAt.Time}
}

func (p Principal) maxLife() time.Duration {
	if p.Kind == Machine {
		return MaxMachineLife
	}
	return MaxPersonLife
}

// check reports what makes p unfit for a token.
func (p Principal) check() error {
	if p.ID == "" || len(p.ID) > 200 {
		return fmt.Errorf("the id has %d characters; give 1 to 200", len(p.ID))
	}
	if p.Kind != Person && p.Kind != Machine {
		return fmt.Errorf("the kind %q is neither %s nor %s", p.Kind, Person, Machine)
	}
	for name, roles := range p.Roles {
		if name != EverySite && !isSite(name) {
			return fmt.Errorf("roles for %q: name a site such as sites/vilkaviskis, or %s", name, EverySite)
		}
		for _, role := range roles {
			if role == Anonymous || !slices.Contains(Roles(), role) {
				return fmt.Errorf("the role %q cannot be given", role)
			}
			if (role == Operator || role == Service) && name != EverySite {
				return fmt.Errorf("the role %s is for the whole suite: give it on %s", role, EverySite)
			}
		}
	}
	return nil
}

// isSite reports whether name is "sites/" and a resource id of the contract,
// [a-z][a-z0-9-]{2,62}.
func isSite(name string) bool {
	id, ok := strings.CutPrefix(name, "sites/")
	if !ok || len(id) < 3 || len(id) > 63 || id[0] < 'a' || id[0] > 'z' {
		return false
	}
	return strings.IndexFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-'
	}) < 0
}
