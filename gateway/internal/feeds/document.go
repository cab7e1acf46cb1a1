package feeds

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
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
	mimeType, link string
	plain, packed  encoding // packed has no bytes where it is not worth it

	generation uint64
	expires    time.Time // zero: with the generation only
	modified   time.Time // zero: not known
}

// encoding is a document as it goes over the wire.
type encoding struct {
	etag  string // without quotation marks
	bytes []byte
}

func newDocument(mimeType, etag string, data []byte) *document {
	if etag == "" {
		sum := sha256.Sum256(data)
		etag = base64.RawURLEncoding.EncodeToString(sum[:12])
	}
	return &document{mimeType: mimeType, plain: encoding{etag, data}}
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
	d.packed = encoding{d.plain.etag + "-gzip", b.Bytes()}
}

// send answers r with the document, or with 304 when the caller has it.
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=60, must-revalidate")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	if d.link != "" {
		h.Set("Link", d.link)
	}
	chosen := d.plain
	if d.packed.bytes != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		chosen = d.packed
	}
	h.Set("ETag", `"`+chosen.etag+`"`)
	known := !d.modified.IsZero() && !d.modified.After(time.Now())
	if known {
		h.Set("Last-Modified", d.modified.UTC().Format(http.TimeFormat))
	}
	if d.had(r, chosen.etag, known) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if len(chosen.bytes) != len(d.plain.bytes) {
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Type", d.mimeType)
	h.Set("Content-Length", strconv.Itoa(len(chosen.bytes)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(chosen.bytes) // the client may be gone
	}
}

// had reports whether r shows that the caller has the document (RFC 9110,
// section 13.2.2).
func (d *document) had(r *http.Request, etag string, known bool) bool {
	if header := r.Header.Get("If-None-Match"); header != "" {
		return reply.Matches(header, etag)
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
