// Package files serves the bytes of photographs at the addresses that the
// media service gives out:
//
//	/media/{site}/{photo}/{generation}/{width}.{jpg|webp|avif}
//	/media/{site}/{photo}/{generation}/{width}-{wide|classic|square|social}.{jpg|webp|avif}
//	/media/{site}/-/{article}/{generation}.jpg
//
// the last being the social cards of articles, with ranges, validators and
// caching rules. Bytes are read from the media service as they are asked for: a
// small range of a large file costs a small read, and nothing is kept in memory.
package files

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Pattern is where the handler belongs in an http.ServeMux.
const Pattern = "GET /media/{site}/{photo}/{generation}/{file}"

// DefaultTimeout is how long one file may take.
const DefaultTimeout = 2 * time.Minute

// signatureKey is in the query of signed addresses, which the media service
// reads whole.
const signatureKey = "signature"

type handler struct {
	media   mediav1.MediaServiceClient
	timeout time.Duration
}

// New returns the handler for Pattern. A zero timeout means DefaultTimeout.
func New(media grpc.ClientConnInterface, timeout time.Duration) http.Handler {
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	return &handler{mediav1.NewMediaServiceClient(media), timeout}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	req, err := parse(r)
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	serve(w, r, h.timeout, func(ctx context.Context, offset, limit int64) (chunks, error) {
		from := &mediav1.ReadRenditionRequest{
			Photo: req.GetPhoto(), Format: req.GetFormat(), Width: req.GetWidth(), Generation: req.GetGeneration(),
			Crop: req.GetCrop(), Signature: req.GetSignature(), ReadOffset: offset, ReadLimit: limit,
		}
		stream, err := h.media.ReadRendition(ctx, from)
		return receiving(stream, err)
	}, nil)
}

// serve answers with what open reads. When there is nothing to read, instead may
// answer, and says whether it did.
func serve(w http.ResponseWriter, r *http.Request, timeout time.Duration,
	open func(ctx context.Context, offset, limit int64) (chunks, error), instead func(ctx context.Context, err error) bool,
) {
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	ctx = reply.Outgoing(ctx, r)
	content := &reader{open: func(offset, limit int64) (chunks, error) { return open(ctx, offset, limit) }}
	defer content.Close()
	head, err := content.Head()
	if err != nil {
		if instead == nil || !instead(ctx, err) {
			reply.Error(w, r, err)
		}
		return
	}
	setHeaders(w.Header(), head)
	if head.GetPublished() && !r.URL.Query().Has(signatureKey) {
		w.Header().Set("Cache-Control", cachePublic(head, time.Now()))
	}
	// A slow reader may take long, but not for ever.
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout))
	http.ServeContent(&rangeWriter{ResponseWriter: w, r: r, size: head.GetSizeBytes()}, r, "", time.Time{}, content)
}

// setHeaders describes the file. What a browser is given to show can do
// nothing else: it is not sniffed and runs in a sandbox.
func setHeaders(h http.Header, head *mediav1.RenditionHead) {
	h.Set("Content-Type", mimeType(head.GetMimeType()))
	h.Set("Content-Disposition", "inline")
	h.Set("ETag", strconv.Quote(head.GetEtag()))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", cacheSigned)
}

// mimeType lets only pictures through, whatever the other side says.
func mimeType(given string) string {
	switch given {
	case "image/jpeg", "image/webp", "image/avif":
		return given
	}
	return "application/octet-stream"
}

// parse reads an address. What cannot be one is RESOURCE_NOT_FOUND, like a
// photo that is not there.
func parse(r *http.Request) (*mediav1.ReadRenditionRequest, error) {
	stem, extension, _ := strings.Cut(r.PathValue("file"), ".")
	width, shape, cut := strings.Cut(stem, "-")
	n, err := strconv.ParseInt(width, 10, 32)
	format, known := formatOf(extension)
	crop, shaped := cropOf(shape)
	if err != nil || n <= 0 || !known || cut != shaped || width != strconv.FormatInt(n, 10) {
		return nil, fault.NotFound(r.URL.Path)
	}
	signature := ""
	if r.URL.Query().Has(signatureKey) {
		signature = r.URL.RawQuery
	}
	return &mediav1.ReadRenditionRequest{
		Photo:      "sites/" + r.PathValue("site") + "/photos/" + r.PathValue("photo"),
		Format:     format,
		Width:      int32(n),
		Crop:       crop,
		Generation: r.PathValue("generation"),
		Signature:  signature,
	}, nil
}

func formatOf(extension string) (mediav1.Rendition_Format, bool) {
	switch extension {
	case "jpg":
		return mediav1.Rendition_FORMAT_JPEG, true
	case "webp":
		return mediav1.Rendition_FORMAT_WEBP, true
	case "avif":
		return mediav1.Rendition_FORMAT_AVIF, true
	}
	return 0, false
}

func cropOf(shape string) (mediav1.Rendition_Crop, bool) {
	switch shape {
	case "wide":
		return mediav1.Rendition_CROP_WIDE, true
	case "classic":
		return mediav1.Rendition_CROP_CLASSIC, true
	case "square":
		return mediav1.Rendition_CROP_SQUARE, true
	case "social":
		return mediav1.Rendition_CROP_SOCIAL, true
	}
	return 0, false
}
