package e2e_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/internal/e2e"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// ogProperty finds Open Graph in a page.
var ogProperty = regexp.MustCompile(`<meta property="(og:image[^"]*)" content="([^"]*)"/?>`)

// sharedCard opens what a network is told to show beside a link to an article:
// its social card.
func sharedCard(t *testing.T, suite *e2e.Suite, media mediav1.MediaServiceClient, a *articlev1.Article) {
	t.Helper()
	card := awaitCard(t, media, a.GetName())
	_, page := get(t, suite.HTTP+a.GetPath())
	og := make(map[string]string)
	for _, found := range ogProperty.FindAllSubmatch(page, -1) {
		og[string(found[1])] = string(found[2])
	}
	if !strings.HasSuffix(og["og:image"], card.GetUri()) || og["og:image:type"] != "image/jpeg" ||
		og["og:image:width"] != "1200" || og["og:image:height"] != "630" || og["og:image:alt"] == "" {
		t.Errorf("%s: %v, want the card %s", a.GetName(), og, card.GetUri())
		return
	}
	address := og["og:image"]
	if strings.HasPrefix(address, "/") {
		address = suite.HTTP + address
	}
	resp := do(t, http.MethodGet, address, "", nil)
	defer resp.Body.Close()
	var file bytes.Buffer
	if _, err := file.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/jpeg" || resp.Header.Get("ETag") == "" ||
		!strings.HasPrefix(resp.Header.Get("Cache-Control"), "public, max-age=") || file.Len() >= 300_000 {
		t.Errorf("%s: %s, %v, %d bytes", address, resp.Status, resp.Header, file.Len())
		return
	}
	picture, err := jpeg.Decode(&file)
	if err != nil || picture.Bounds().Size() != image.Pt(1200, 630) {
		t.Errorf("%s: %v, not a JPEG of 1200 x 630", address, err)
	}
}

// awaitCard waits until the card of an article is drawn.
func awaitCard(t *testing.T, media mediav1.MediaServiceClient, article string) *mediav1.SocialCard {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	name := strings.Replace(article, "/articles/", "/socialCards/", 1)
	for {
		card, err := media.GetSocialCard(ctx, &mediav1.GetSocialCardRequest{Name: name})
		if err == nil {
			return card
		}
		if status.Code(err) != codes.NotFound {
			t.Fatal(err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("the card of %s is not drawn", article)
		}
	}
}
