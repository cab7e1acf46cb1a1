package cards

import (
	"context"
	"fmt"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// followArticles reads the feed of what the public sees once, to its end, which
// is an error.
func (k *Keeper) followArticles(ctx context.Context) error {
	token, err := k.Records.CardToken(ctx)
	if err != nil {
		return fmt.Errorf("read where the feed was left: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := k.Articles.WatchArticles(ctx, &articlev1.WatchArticlesRequest{
		Parent: "sites/-", ResumeToken: token, View: articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED,
	})
	if err != nil {
		return rpc.FromStatus(err)
	}
	f := &feed{Keeper: k, snapshot: make(map[string]bool), kept: time.Now()}
	for {
		event, err := stream.Recv()
		if err != nil {
			return k.lost(ctx, rpc.FromStatus(err))
		}
		if err := f.handle(ctx, event); err != nil {
			return err
		}
	}
}

// lost asks for a snapshot when the feed cannot go on where it was left.
func (k *Keeper) lost(ctx context.Context, err error) error {
	if fault.Has(err, faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED) || fault.Has(err, faultv1.Reason_REASON_INVALID_RESUME_TOKEN) {
		if setErr := k.Records.SetCardToken(ctx, ""); setErr != nil {
			return setErr
		}
	}
	return err
}

// feed is one reading of the feed.
type feed struct {
	*Keeper

	snapshot map[string]bool // articles of the snapshot being sent
	kept     time.Time       // when a token was last kept
}

// handle does what one message asks for and keeps its token afterwards.
func (f *feed) handle(ctx context.Context, event *articlev1.WatchArticlesResponse) error {
	switch event.GetKind() {
	case articlev1.WatchArticlesResponse_KIND_HEARTBEAT:
		if time.Since(f.kept) < tokenEvery {
			return nil
		}
	case articlev1.WatchArticlesResponse_KIND_SNAPSHOT_END:
		if err := f.forgetOthers(ctx); err != nil {
			return err
		}
	default:
		if event.GetKind() == articlev1.WatchArticlesResponse_KIND_SNAPSHOT {
			f.snapshot[event.GetName()] = true
		}
		fresh, err := f.Records.SetCard(ctx, event.GetName(), wanted(event.GetArticle()))
		if err != nil {
			return fmt.Errorf("keep the card of %s: %w", event.GetName(), err)
		}
		if fresh {
			f.Wake()
		}
	}
	if event.GetResumeToken() == "" {
		return nil
	}
	f.kept = time.Now()
	if err := f.Records.SetCardToken(ctx, event.GetResumeToken()); err != nil {
		return fmt.Errorf("keep where the feed is: %w", err)
	}
	return nil
}

// forgetOthers removes the cards of articles that a complete snapshot does not
// have.
func (f *feed) forgetOthers(ctx context.Context) error {
	for article, err := range f.each(ctx) {
		if err != nil {
			return err
		}
		if f.snapshot[article] {
			continue
		}
		if _, err := f.Records.SetCard(ctx, article, nil); err != nil {
			return fmt.Errorf("forget the card of %s: %w", article, err)
		}
	}
	clear(f.snapshot)
	return nil
}

// wanted is what the card of an article shows, nil for an article that the
// public cannot see.
func wanted(a *articlev1.Article) *recordv1.Card {
	if a == nil {
		return nil
	}
	return &recordv1.Card{Title: a.GetTitle(), LanguageCode: a.GetLanguageCode(), Cover: a.GetCover().GetPhoto()}
}

// followPhotos asks for cards to be looked at again when the photo on them
// changes: its focal point, its rights, its renditions. First it looks at all
// cards, for what happened while nobody watched.
func (k *Keeper) followPhotos(ctx context.Context) error {
	position, err := k.Records.Now(ctx)
	if err != nil {
		return err
	}
	if err := k.audit(ctx, func(string) bool { return true }); err != nil {
		return err
	}
	for event, err := range k.Records.Watch(ctx, "-", position) {
		if err != nil {
			return err
		}
		if event.Name.ID == "" {
			continue
		}
		articles, err := k.Records.CardsWith(ctx, event.Name.String())
		if err != nil {
			return err
		}
		if len(articles) == 0 {
			continue
		}
		if err := k.Records.QueueCards(ctx, articles); err != nil {
			return err
		}
		k.Wake()
	}
	return ctx.Err()
}
