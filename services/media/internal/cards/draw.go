package cards

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/card"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// work draws what is in the queue, then what is put into it. It ends with an
// error when something it needs is away.
func (k *Keeper) work(ctx context.Context) error {
	for {
		if err := k.drain(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-k.wake:
		}
	}
}

// drain goes through the queue once. One card that fails does not stop the
// others, but when several do, what they need is away.
func (k *Keeper) drain(ctx context.Context) error {
	const (
		page = 50
		most = 5 // failures
	)
	var errs []error
	for after := ""; ; {
		jobs, err := k.Records.CardQueue(ctx, after, page)
		if err != nil {
			return fmt.Errorf("read the queue of cards: %w", err)
		}
		for _, job := range jobs {
			if err := k.do(ctx, job); err != nil {
				errs = append(errs, fmt.Errorf("the card of %s: %w", job.Article, err))
			}
			if len(errs) == most || ctx.Err() != nil {
				return errors.Join(append(errs, ctx.Err())...)
			}
		}
		if len(jobs) < page {
			return errors.Join(errs...)
		}
		after = jobs[len(jobs)-1].Article
	}
}

// do draws a card, unless it is the same that was drawn.
func (k *Keeper) do(ctx context.Context, job store.CardJob) error {
	record, err := k.Records.Card(ctx, job.Article)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return nil
	}
	if err != nil {
		return err
	}
	design, err := k.design(ctx, job.Article, record)
	if err != nil {
		return err
	}
	generation := design.generation()
	if record.GetDrawn().GetGeneration() == generation {
		return k.Records.FinishCard(ctx, job, nil)
	}
	drawn, err := k.paint(ctx, job.Article, design)
	if err != nil {
		return err
	}
	if drawn == nil {
		return k.Records.FinishCard(ctx, job, nil)
	}
	key := blobs.Card(job.Article, generation)
	if err := k.Objects.Put(ctx, key, bytes.NewReader(drawn.JPEG), int64(len(drawn.JPEG)), "image/jpeg"); err != nil {
		return err
	}
	sum := sha256.Sum256(drawn.JPEG)
	return k.Records.FinishCard(ctx, job, &recordv1.DrawnCard{
		Sha256: sum[:], Generation: generation, SizeBytes: int64(len(drawn.JPEG)), Alt: drawn.Alt, Photos: design.photos(),
		DrawTime: timestamppb.New(time.Now().UTC().Truncate(time.Microsecond)),
	})
}

// isCurrent reports whether a card is drawn as it would be drawn now.
func (k *Keeper) isCurrent(ctx context.Context, article string) (bool, error) {
	record, err := k.Records.Card(ctx, article)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	design, err := k.design(ctx, article, record)
	return err == nil && design.generation() == record.GetDrawn().GetGeneration(), err
}

// paint reads the pictures and draws. Pictures that cannot be drawn are left
// out; nil means that not even the words can be.
func (k *Keeper) paint(ctx context.Context, article string, d design) (*card.Card, error) {
	in := card.Input{Title: d.Title, Language: d.Language, SiteName: d.Site.title, Color: d.Site.color}
	cover, err := k.fetch(ctx, d.Cover)
	if err != nil {
		return nil, err
	}
	if cover != nil {
		in.Cover = &card.Picture{JPEG: cover, FocalX: d.Cover.FocalX, FocalY: d.Cover.FocalY}
	}
	if in.Logo, err = k.fetch(ctx, d.Logo); err != nil {
		return nil, err
	}
	drawn, err := k.draw(in)
	if err != nil {
		k.Log.Error("a social card is drawn without its pictures", slog.String("article", article), slog.Any("error", err))
		in.Cover, in.Logo, in.Color = nil, nil, ""
		drawn, err = k.draw(in)
	}
	if err != nil {
		k.Log.Error("an article stays without its social card", slog.String("article", article), slog.Any("error", err))
		return nil, nil //nolint:nilnil // said and done
	}
	return &drawn, nil
}

// draw makes an error of a panic: titles are written by people, and one that
// the shaper cannot take must not end the service.
func (k *Keeper) draw(in card.Input) (drawn card.Card, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("drawing panicked: %v", cause)
		}
	}()
	return k.painter.Draw(in)
}

// fetch reads a rendition; nil for none, and for one that is gone from the
// object store.
func (k *Keeper) fetch(ctx context.Context, p picture) ([]byte, error) {
	if p.Key == "" {
		return nil, nil
	}
	var file bytes.Buffer
	err := k.Objects.Fetch(ctx, blobs.Key(p.Key), &file)
	if errors.Is(err, blobs.ErrNotFound) {
		k.Log.Error("a rendition is missing from the object store", slog.String("key", p.Key))
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}
