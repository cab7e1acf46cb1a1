package site

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// maxEmbedded is the longest address that can be asked about, in bytes.
const maxEmbedded = 2000

// registerOEmbed puts the oEmbed endpoint into mux.
func (s *Site) registerOEmbed(mux *http.ServeMux) { mux.HandleFunc("GET /oembed", s.serveOEmbed) }

// embedding is a question to the endpoint (https://oembed.com, section 2.2).
type embedding struct {
	address       *url.URL
	width, height int32 // 0 is any
}

// serveOEmbed answers what an address of ours stands for, in JSON and to
// scripts of anybody: it is public. The address is looked up, never fetched,
// and no word of it comes back in an answer that is an error.
func (s *Site) serveOEmbed(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pageTimeout)
	defer cancel()
	r = r.WithContext(ctx)
	w.Header().Set("Access-Control-Allow-Origin", "*")
	question, err := readEmbedding(r.URL.RawQuery)
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	ctx = reply.Anonymous(ctx, r)
	article, err := s.addressed(ctx, r, question.address)
	if err != nil {
		notEmbedded(w, r, err)
		return
	}
	preview, err := s.sharing.RenderPreview(ctx, &sharingv1.RenderPreviewRequest{
		Article: article, MaxWidth: question.width, MaxHeight: question.height,
	})
	if err != nil {
		notEmbedded(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", "public, max-age=300")
	reply.Bytes(w, r, []byte(preview.GetOembedJson()))
}

// notEmbedded answers that nothing is known of an address, or that this cannot
// be told now.
func notEmbedded(w http.ResponseWriter, r *http.Request, err error) {
	code := status.Code(err)
	if errors.Is(err, errNotOurs) || code == codes.NotFound || code == codes.InvalidArgument {
		err = fault.New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND, "there is no published article at this address")
	}
	reply.Error(w, r, err)
}

// readEmbedding reads the query of the endpoint. Each parameter may stand there
// once; others are passed over. It fails with INVALID_FIELD, and with
// UNIMPLEMENTED for formats other than JSON (oEmbed 1.0, section 2.3.5).
func readEmbedding(query string) (embedding, error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return embedding{}, fault.InvalidField("url", "the query cannot be read; encode its values")
	}
	for _, name := range []string{"url", "maxwidth", "maxheight", "format"} {
		if len(values[name]) > 1 {
			return embedding{}, fault.InvalidField(name, "it is there more than once; send one")
		}
	}
	if format := values.Get("format"); format != "" && format != "json" {
		return embedding{}, fault.New(faultv1.Reason_REASON_UNIMPLEMENTED, "answers are made in JSON only; ask for format=json")
	}
	question := embedding{}
	if question.address, err = readAddress(values.Get("url")); err != nil {
		return embedding{}, err
	}
	if question.width, err = readPixels("maxwidth", values.Get("maxwidth")); err != nil {
		return embedding{}, err
	}
	question.height, err = readPixels("maxheight", values.Get("maxheight"))
	return question, err
}

func readAddress(text string) (*url.URL, error) {
	address, err := url.Parse(text)
	if err != nil || len(text) > maxEmbedded || address.Host == "" || address.Opaque != "" || address.User != nil ||
		(address.Scheme != "https" && address.Scheme != "http") {
		return nil, fault.InvalidField("url", "send the address of an article, beginning with https:// and of at most %d characters", maxEmbedded)
	}
	return address, nil
}

func readPixels(name, text string) (int32, error) {
	if text == "" {
		return 0, nil
	}
	number, err := strconv.ParseUint(text, 10, 64)
	if (err != nil && !errors.Is(err, strconv.ErrRange)) || number == 0 {
		return 0, fault.InvalidField(name, "send a number of pixels, 1 or more")
	}
	return int32(min(number, math.MaxInt32)), nil
}
