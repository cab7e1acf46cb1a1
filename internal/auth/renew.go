package auth

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Renewing gives a machine's token from an Issuer in the same process, a new
// one when less than a third of its life is left. Make it with NewRenewing.
type Renewing struct {
	issuer    *Issuer
	principal Principal
	life      time.Duration

	mu    sync.Mutex
	token Token
}

// NewRenewing returns a source of tokens for the principal that live for life.
func NewRenewing(issuer *Issuer, principal Principal, life time.Duration) *Renewing {
	return &Renewing{issuer: issuer, principal: principal, life: life}
}

// Token returns a token that is good for a while. Safe for concurrent use.
func (r *Renewing) Token(context.Context) (string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Until(r.token.Expires) < r.life/3 {
		token, err := r.issuer.Issue(r.principal, r.life)
		if err != nil {
			return "", err
		}
		r.token = token
	}
	return r.token.Text, nil
}

// TokenFile gives the token in a file, which it reads again every few seconds,
// so that the operator can replace it. Make it with NewTokenFile.
type TokenFile struct {
	path string

	mu   sync.Mutex
	text string
	read time.Time
}

// NewTokenFile returns a source of the token in the file.
func NewTokenFile(path string) *TokenFile { return &TokenFile{path: path} }

// Token returns the content of the file. Safe for concurrent use.
func (f *TokenFile) Token(context.Context) (string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.text != "" && time.Since(f.read) < pollInterval {
		return f.text, nil
	}
	content, err := os.ReadFile(f.path)
	if err != nil {
		return "", fmt.Errorf("read token file: %w", err)
	}
	text := strings.TrimSpace(string(content))
	if text == "" {
		return "", fmt.Errorf("token file %s is empty", f.path)
	}
	f.text, f.read = text, time.Now()
	return text, nil
}
