package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

// worthPacking is from how many bytes on a document is also kept compressed.
const worthPacking = 1 << 10

// document is what is sent, ready.
type document struct {
	headers       http.Header // of every answer
	mimeType      []string
	vary          []string
	plain, packed encoding // packed has no bytes where it is not worth it

	generation uint64
	expires    time.Time // zero: with the generation only
	modified   time.Time // zero: not known
	since      []string  // modified as a header
}

// encoding is a document as it goes over the wire, with headers as they are
// sent.
type encoding struct {
	etag   string // with quotation marks
	bytes  []byte
	header []string // of etag
	length []string // of bytes
}

// newEncoding returns bytes with their validator, given without quotation marks.
func newEncoding(etag string, data []byte) encoding {
	quoted := `"` + etag + `"`
	return encoding{quoted, data, []string{quoted}, []string{strconv.Itoa(len(data))}}
}

// newDocument returns a document, with its validator if that is known.
func newDocument(mimeType, etag string, data []byte) *document {
	if etag == "" {
		sum := sha256.Sum256(data)
		etag = base64.RawURLEncoding.EncodeToString(sum[:12])
	}
	return &document{
		headers: http.Header{
			"Cache-Control":           {"public, max-age=60, must-revalidate"},
			"Content-Security-Policy": {"default-src 'none'; sandbox; frame-ancestors 'none'"},
			"X-Content-Type-Options":  {"nosniff"},
		},
		mimeType: []string{mimeType},
		vary:     []string{"Accept-Encoding"},
		plain:    newEncoding(etag, data),
	}
}

// weight returns what the document takes of maxKept.
func (d *document) weight() uint32 {
	const overhead = 512
	return uint32(min(overhead+len(d.plain.bytes)+len(d.packed.bytes), math.MaxUint32))
}

func (d *document) fresh(now time.Time) bool { return d.expires.IsZero() || now.Before(d.expires) }

// keep makes the document ready to be sent often: compressed, and with the time
// since which it is what it is. That is when the one before was seen to be
// another; when there was none, now. It is a full second, not before the change,
// so that two changes within one second are told apart.
func (d *document) keep(before *document, now time.Time) {
	d.modified = now.Truncate(time.Second).Add(time.Second)
	if before != nil && before.plain.etag == d.plain.etag {
		d.modified, d.packed = before.modified, before.packed
	}
	d.since = []string{d.modified.UTC().Format(http.TimeFormat)}
	if len(d.plain.bytes) < worthPacking || d.packed.bytes != nil {
		return
	}
	var b bytes.Buffer
	packer := gzip.NewWriter(&b)
	if _, err := packer.Write(d.plain.bytes); err != nil {
		return
	}
	if err := packer.Close(); err != nil {
		return
	}
	d.packed = newEncoding(strings.Trim(d.plain.etag, `"`)+"-gzip", b.Bytes())
}

// send answers r with the document, or with 304 when the caller has it. Headers
// share their values with the document: nobody changes them.
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	maps.Copy(h, d.headers)
	if vary := h["Vary"]; len(vary) > 0 {
		h["Vary"] = append(vary, "Accept-Encoding")
	} else {
		h["Vary"] = d.vary
	}
	chosen, packed := d.plain, d.packed.bytes != nil && takesGzip(r.Header.Get("Accept-Encoding"))
	if packed {
		chosen = d.packed
	}
	h["Etag"] = chosen.header
	known := !d.modified.IsZero() && !d.modified.After(time.Now())
	if known {
		h["Last-Modified"] = d.since
	}
	if d.had(r, chosen.etag, known) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if packed {
		h["Content-Encoding"] = []string{"gzip"}
	}
	h["Content-Type"], h["Content-Length"] = d.mimeType, chosen.length
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(chosen.bytes) // the client may be gone
	}
}

// had reports whether r shows that the caller has the document (RFC 9110,
// section 13.2.2).
func (d *document) had(r *http.Request, etag string, known bool) bool {
	if header := r.Header.Get("If-None-Match"); header != "" {
		return reply.Matches(header, strings.Trim(etag, `"`))
	}
	header := r.Header.Get("If-Modified-Since")
	if header == "" || !known {
		return false
	}
	since, err := http.ParseTime(header)
	return err == nil && !d.modified.After(since)
}

// takesGzip reports whether an Accept-Encoding header lets gzip in.
func takesGzip(header string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, parameter, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		quality, ok := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
		value, err := strconv.ParseFloat(quality, 64)
		return !ok || (err == nil && value > 0)
	}
	return false
}
