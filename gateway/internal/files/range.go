package files

import (
	"net/http"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// rangeWriter gives the refusal of a range the form of every other error; the
// standard library says it in plain text.
type rangeWriter struct {
	http.ResponseWriter
	r       *http.Request
	size    int64
	refused bool
}

// WriteHeader implements http.ResponseWriter.
func (w *rangeWriter) WriteHeader(code int) {
	if code != http.StatusRequestedRangeNotSatisfiable {
		w.ResponseWriter.WriteHeader(code)
		return
	}
	w.refused = true
	err := fault.Invalid("range", faultv1.Reason_REASON_INVALID_FIELD,
		"the file has %d bytes and none in this range; ask for another one", w.size)
	reply.Send(w.ResponseWriter, reply.Status(w.r, err), code)
}

// Write implements http.ResponseWriter.
func (w *rangeWriter) Write(data []byte) (int, error) {
	if w.refused {
		return len(data), nil
	}
	return w.ResponseWriter.Write(data)
}
