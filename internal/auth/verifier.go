package auth

import "context"

// Verifier turns a bearer token into a principal. It fails with the reasons
// TOKEN_INVALID, TOKEN_EXPIRED or TOKEN_REVOKED, and is safe for concurrent
// use.
type Verifier interface {
	Verify(ctx context.Context, token string) (Principal, error)
}
