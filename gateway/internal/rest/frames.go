package rest

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// retryMillis is when a browser connects again after a watch ended.
const retryMillis = "2000"

// lastEventID is what a browser sends when it connects again.
const lastEventID = "Last-Event-ID"

// frames writes the events of a watch: as server-sent events when the caller
// accepts those, else one JSON object a line, {"result": ...} or {"error": ...}.
type frames struct {
	w    http.ResponseWriter
	r    *http.Request
	conn *http.ResponseController
	sse  bool
}

func newFrames(w http.ResponseWriter, r *http.Request) *frames {
	return &frames{w: w, r: r, conn: http.NewResponseController(w), sse: acceptsEvents(r.Header.Get("Accept"))}
}

// acceptsEvents reports whether an Accept header names server-sent events.
func acceptsEvents(accept string) bool {
	for item := range strings.SplitSeq(accept, ",") {
		if kind, _, err := mime.ParseMediaType(strings.TrimSpace(item)); err == nil && kind == "text/event-stream" {
			return true
		}
	}
	return false
}

// begin sends the headers at once, so that the caller knows that it is heard.
func (f *frames) begin() error {
	_ = f.conn.SetReadDeadline(time.Time{}) // nothing more is read; see write
	h := f.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // or a proxy would keep events back
	if !f.sse {
		h.Set("Content-Type", "application/x-ndjson")
		f.w.WriteHeader(http.StatusOK)
		return f.conn.Flush()
	}
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	f.w.WriteHeader(http.StatusOK)
	return f.write("retry: " + retryMillis + "\n\n")
}

// send writes one event. An event with an error is the last one; the end of
// the stream is told by its end.
func (f *frames) send(e event) error {
	if errors.Is(e.err, io.EOF) {
		return nil
	}
	if e.err != nil {
		return f.fault(e.err)
	}
	data, err := reply.Marshal(e.message)
	if err != nil {
		return f.fault(err)
	}
	if !f.sse {
		return f.write(`{"result":` + string(data) + "}\n")
	}
	id := ""
	if e.token != "" && !strings.ContainsAny(e.token, "\r\n\x00") {
		id = "id: " + e.token + "\n"
	}
	return f.write(id + "data: " + string(data) + "\n\n")
}

// fault tells why the watch ends. A resume token that is of no use is taken
// from the browser, or it would come back with it for ever.
func (f *frames) fault(err error) error {
	s := reply.Status(f.r, err)
	data := string(reply.JSON(s))
	if !f.sse {
		return f.write(`{"error":` + data + "}\n")
	}
	forget := ""
	if uselessToken(s) {
		forget = "id\n"
	}
	return f.write(forget + "event: fault\ndata: " + data + "\n\n")
}

// mustTell reports whether an error is to be told in the stream although the
// stream has not begun: a browser that came back by itself with a token of no
// use would take an HTTP error as the end, and a fault event as a new start.
func (f *frames) mustTell(err error) bool {
	return f.sse && f.r.Header.Get(lastEventID) != "" && uselessToken(reply.Status(f.r, err))
}

func uselessToken(s *status.Status) bool {
	reason := reply.Reason(s)
	return reason == faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED || reason == faultv1.Reason_REASON_INVALID_RESUME_TOKEN
}

// beat keeps proxies from closing an idle connection.
func (f *frames) beat() error {
	if f.sse {
		return f.write(": \n\n")
	}
	return f.write("\n")
}

func (f *frames) write(text string) error {
	// Not every writer has deadlines; without one the connection's own apply.
	_ = f.conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := io.WriteString(f.w, text); err != nil { //nolint:gosec // JSON, sent as text/event-stream or ndjson with nosniff
		return err
	}
	return f.conn.Flush()
}
