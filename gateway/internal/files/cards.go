package files

import (
	"context"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// CardPattern is where the handler of NewCards belongs in an http.ServeMux. No
// photo has the id "-".
const CardPattern = "GET /media/{site}/-/{article}/{file}"

type cardHandler struct {
	media   mediav1.MediaServiceClient
	timeout time.Duration
}

// NewCards returns the handler for CardPattern. A zero timeout means
// DefaultTimeout.
func NewCards(media grpc.ClientConnInterface, timeout time.Duration) http.Handler {
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	return &cardHandler{mediav1.NewMediaServiceClient(media), timeout}
}

// ServeHTTP implements http.Handler.
func (h *cardHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	generation, isCard := strings.CutSuffix(r.PathValue("file"), ".jpg")
	if !isCard || generation == "" {
		reply.Error(w, r, fault.NotFound(r.URL.Path))
		return
	}
	name := "sites/" + r.PathValue("site") + "/socialCards/" + r.PathValue("article")
	serve(w, r, h.timeout, func(ctx context.Context, offset, limit int64) (chunks, error) {
		stream, err := h.media.ReadSocialCard(ctx, &mediav1.ReadSocialCardRequest{
			Name: name, Generation: generation, ReadOffset: offset, ReadLimit: limit,
		})
		return receiving(stream, err)
	}, func(ctx context.Context, err error) bool {
		return rpc.FromStatus(err).Kind == fault.KindNotFound && h.redirect(ctx, w, r, name, generation)
	})
}

// redirect sends whoever has the address of an earlier card to the one that is
// shown now: networks come for a card some time after they have read of it, and
// it may be drawn anew in between. What an earlier card showed is never sent.
func (h *cardHandler) redirect(ctx context.Context, w http.ResponseWriter, r *http.Request, name, generation string) bool {
	card, err := h.media.GetSocialCard(ctx, &mediav1.GetSocialCardRequest{Name: name})
	if err != nil || card.GetGeneration() == generation || !reply.Printable(card.GetUri()) ||
		!strings.HasPrefix(card.GetUri(), strings.TrimSuffix(r.URL.EscapedPath(), generation+".jpg")) {
		return false
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Location", card.GetUri())
	w.WriteHeader(http.StatusFound)
	return true
}
