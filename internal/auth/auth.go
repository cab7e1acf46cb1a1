// Package auth says who calls and what they may do.
//
// A [Principal] is anonymous or comes from a bearer token that a [Verifier]
// accepted. Its roles are held per site ("sites/vilkaviskis") or, under "*",
// on every site. The matrix in matrix.go says which permission each role
// grants, and whether on everything or only on what is the caller's own; it
// mirrors docs/permissions.md and a test compares the two.
//
// Our own tokens are JWTs signed with Ed25519. [Issuer] alone holds the private
// key; services accept them by [Tokens], which reads the public keys and the list
// of revoked tokens again and again. Identity providers that speak OpenID Connect
// are not connected yet: they fit behind Verifier.
//
// Enforcement for RPCs is in internal/rpc. What is the caller's "own" is known
// only to the service, which asks [Grant].
package auth

import (
	"context"
	"slices"
	"time"
)

// Role is a set of permissions. Editor includes author, admin includes editor,
// operator includes everything; service stands alone.
type Role string

// The roles. Everyone is at least anonymous, everywhere.
const (
	Anonymous Role = "anonymous"
	Author    Role = "author"
	Editor    Role = "editor"
	Admin     Role = "admin"
	Operator  Role = "operator"
	Service   Role = "service"
)

// Roles returns all roles in the order of docs/permissions.md.
func Roles() []Role { return []Role{Anonymous, Author, Editor, Admin, Operator, Service} }

// Kind tells people from programs.
type Kind string

// The kinds of principals that carry a token.
const (
	Person  Kind = "person"
	Machine Kind = "machine"
)

// EverySite is the key of Principal.Roles for roles held on all sites, and
// what a request names that asks across sites.
const EverySite = "*"

// Principal is who calls. The zero value is the anonymous principal.
type Principal struct {
	// ID is stable and unique in the installation, such as "ona@example.lt".
	// Empty for anonymous.
	ID string
	// Kind tells people from programs.
	Kind Kind
	// Roles are the roles by site name, such as "sites/vilkaviskis", or
	// EverySite.
	Roles map[string][]Role
	// TokenID is the jti of the token.
	TokenID string
	// Expires is when the token does.
	Expires time.Time
}

// Anonymous reports whether the principal carries no token.
func (p Principal) Anonymous() bool { return p.ID == "" }

// HasRole reports whether the principal holds the very role, not one that
// includes it, on the site or on every site.
func (p Principal) HasRole(role Role, site string) bool {
	return role == Anonymous || slices.Contains(p.Roles[EverySite], role) ||
		(site != EverySite && slices.Contains(p.Roles[site], role))
}

// Class names what the principal may see of the site: its most powerful role
// there. Page and resume tokens are bound to it.
func (p Principal) Class(site string) string {
	for _, role := range []Role{Operator, Service, Admin, Editor, Author} {
		if p.HasRole(role, site) {
			return string(role)
		}
	}
	return string(Anonymous)
}

type principalKey struct{}

// WithPrincipal returns a context in which p calls.
func WithPrincipal(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// FromContext returns who calls; the anonymous principal when nobody said.
func FromContext(ctx context.Context) Principal {
	p, _ := ctx.Value(principalKey{}).(Principal)
	return p
}
