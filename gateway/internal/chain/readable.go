package chain

import (
	"net/http"
	"net/url"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
)

// readable refuses addresses of the API that are not text once their percent
// signs are resolved: no message can carry them to a service.
func readable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query, err := url.QueryUnescape(r.URL.RawQuery)
		if shared(r.URL.Path) && (!utf8.ValidString(r.URL.Path) || (err == nil && !utf8.ValidString(query))) {
			reply.Error(w, r, fault.InvalidField("address", "it is not UTF-8; encode letters such as ž as %%C5%%BE"))
			return
		}
		next.ServeHTTP(w, r)
	})
}
