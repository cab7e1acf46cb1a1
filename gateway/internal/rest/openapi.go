package rest

import (
	_ "embed"
	"net/http"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

// openAPI is the document of the API in OpenAPI 3.1, made from the contract by
// `make generate`.
//
//go:embed openapi.json
var openAPI []byte

// OpenAPI answers with the document of the API.
func OpenAPI(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "public, max-age=300, must-revalidate")
	reply.Bytes(w, r, openAPI)
}
