package permissions_test

import (
	"context"
	"strings"
	"time"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// cardRows is the part of the table about social cards: whoever may see an
// article may see its card.
func cardRows() []row {
	return []row{
		{"GetSocialCard", "of a draft", nil, "hhhhhhhh", getSocialCard},
		{"GetSocialCard", "of a published one", carded, "yyyyyyyy", getSocialCard},
		{"ReadSocialCard", "of a draft", nil, "hhhhhhhh", readSocialCard},
		{"ReadSocialCard", "of a published one", carded, "yyyyyyyy", readSocialCard},
	}
}

func cardName(a *articlev1.Article) string {
	return strings.Replace(a.GetName(), "/articles/", "/socialCards/", 1)
}

// carded publishes an article and waits until its card is drawn.
func carded(s *suite, a *articlev1.Article) *articlev1.Article {
	s.t.Helper()
	a = published(s, a)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	limit := time.After(30 * time.Second)
	for {
		err := getSocialCard(s.t.Context(), s, s.as(ona), a)
		if err == nil {
			return a
		}
		select {
		case <-tick.C:
		case <-limit:
			s.t.Fatalf("the card of %s is not drawn: %v", a.GetName(), err)
		}
	}
}

func getSocialCard(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	_, err := c.media.GetSocialCard(ctx, &mediav1.GetSocialCardRequest{Name: cardName(a)})
	return err
}

func readSocialCard(ctx context.Context, _ *suite, c caller, a *articlev1.Article) error {
	stream, err := c.media.ReadSocialCard(ctx, &mediav1.ReadSocialCardRequest{Name: cardName(a)})
	if err != nil {
		return err
	}
	_, err = stream.Recv()
	return err
}
