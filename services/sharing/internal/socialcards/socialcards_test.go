package socialcards_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/socialcards"
)

// media answers in its own way; the real service is of another part of the
// suite, and internal/e2e runs both.
type media func(ctx context.Context, name string) (*mediav1.SocialCard, error)

func (m media) GetSocialCard(ctx context.Context, in *mediav1.GetSocialCardRequest, _ ...grpc.CallOption) (*mediav1.SocialCard, error) {
	return m(ctx, in.GetName())
}

func article() published.Article {
	return published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: sharingtest.Article()}
}

func TestCard(t *testing.T) {
	r := socialcards.Reader{Timeout: time.Second, Client: media(func(_ context.Context, name string) (*mediav1.SocialCard, error) {
		if want := sharingtest.SiteName + "/socialCards/stazuote"; name != want {
			t.Errorf("asked for %s, want %s", name, want)
		}
		return &mediav1.SocialCard{
			Uri: "/media/biblioteka/-/stazuote/g1.jpg", MimeType: "image/jpeg", Width: 1200, Height: 630, SizeBytes: 90_000, Alt: "Stažuotė",
		}, nil
	})}
	got, ok := r.Card(t.Context(), article())
	want := published.Image{
		URI: "https://naujienos.biblioteka.lt/media/biblioteka/-/stazuote/g1.jpg", MIMEType: "image/jpeg",
		Width: 1200, Height: 630, Size: 90_000, Alt: "Stažuotė",
	}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Errorf("card (-want +got):\n%s", diff)
	}
}

// TestNoCard goes on without a card when there is none, and in time when
// nobody answers.
func TestNoCard(t *testing.T) {
	for name, answer := range map[string]media{
		"an error":     func(context.Context, string) (*mediav1.SocialCard, error) { return nil, errors.New("away") },
		"an empty one": func(context.Context, string) (*mediav1.SocialCard, error) { return &mediav1.SocialCard{}, nil },
		"silence": func(ctx context.Context, _ string) (*mediav1.SocialCard, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			r := socialcards.Reader{Timeout: time.Second, Client: answer}
			if card, ok := r.Card(t.Context(), article()); ok {
				t.Errorf("%s gives %v", name, card)
			}
			if took := time.Since(began); took > time.Second {
				t.Errorf("%s took %s", name, took)
			}
		})
	}
}
