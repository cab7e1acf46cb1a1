// Package chain is what every HTTP request passes before its handler, from the
// outside in: the log and recovery from panics, the request id, what proxies
// may say, the guard of bearer tokens, CORS, the limit of requests in progress,
// and the refusal of addresses that are not text. Handlers find the request as
// they may trust it: X-Forwarded-* headers are gone unless a trusted proxy sent
// them.
package chain

import (
	"log/slog"
	"net/http"
	"net/netip"
)

// Config is what the chain needs. Log is required.
type Config struct {
	// Log gets one line for each request.
	Log *slog.Logger
	// TrustedProxies are the addresses whose X-Forwarded-* headers count. None
	// by default.
	TrustedProxies []netip.Prefix
	// Origins are the web origins whose scripts may read answers, such as
	// "https://app.biblioteka.lt"; "*" means all. None by default.
	Origins []string
	// MaxInFlight is how many requests may be in progress, long-lived streams
	// left out; more are refused with 503. Zero means no limit.
	MaxInFlight int
}

// New returns next behind the chain.
func New(config Config, next http.Handler) http.Handler {
	h := shed(config.MaxInFlight, readable(next))
	h = cors(config.Origins, h)
	h = guard(h)
	h = proxies(config.TrustedProxies, h)
	h = requestID(h)
	return journal(config.Log, h)
}
