package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// The layout of cards.
const (
	cardPrefix      = "card/"       // card/{article name}: recordv1.Card
	cardPhotoPrefix = "card-photo/" // card-photo/{photo name}//{article name}: cards that show a photo
	cardQueuePrefix = "card-queue/" // card-queue/{article name}: a mark; to be drawn
	cardResumeKey   = "m/cards"     // where the article feed was left
)

func cardKey(article string) []byte      { return []byte(cardPrefix + article) }
func cardQueueKey(article string) []byte { return []byte(cardQueuePrefix + article) }

func cardPhotoKey(photo, article string) []byte {
	return []byte(cardPhotoPrefix + photo + "//" + article)
}

// CardJob is a card that is to be drawn.
type CardJob struct {
	Article string
	// Mark is of the request to draw it; a later request has another one.
	Mark string
}

// SetCard says what the card of a published article shows, nil when the
// article has none any more. The card is put into the queue when that is new;
// what it is drawn as is kept. It reports whether anything is to be drawn.
func (s *Store) SetCard(ctx context.Context, article string, wanted *recordv1.Card) (bool, error) {
	mark, fresh := []byte(rand.Text()), false
	err := s.update(ctx, func(tx kv.Tx) error {
		fresh = false
		old, err := getCard(tx, article)
		if err != nil || wanted == nil && old == nil {
			return err
		}
		if old.GetCover() != "" && old.GetCover() != wanted.GetCover() {
			if err := tx.Delete(cardPhotoKey(old.GetCover(), article)); err != nil {
				return err
			}
		}
		if wanted == nil {
			return errors.Join(tx.Delete(cardKey(article)), tx.Delete(cardQueueKey(article)))
		}
		next := proto.CloneOf(wanted)
		next.Drawn = old.GetDrawn()
		if old != nil && proto.Equal(old, next) {
			return nil
		}
		if next.GetCover() != "" {
			if err := tx.Put(cardPhotoKey(next.GetCover(), article), nil); err != nil {
				return err
			}
		}
		fresh = true
		return errors.Join(putCard(tx, article, next), tx.Put(cardQueueKey(article), mark))
	})
	return fresh, err
}

// Card returns the card of an article. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Card(ctx context.Context, article string) (*recordv1.Card, error) {
	var card *recordv1.Card
	err := s.view(ctx, func(r kv.Reader) error {
		var err error
		card, err = getCard(r, article)
		return err
	})
	if err == nil && card == nil {
		err = fault.NotFound(article)
	}
	return card, err
}

// Cards returns the names of up to limit articles that have cards, in order,
// from behind the article after.
func (s *Store) Cards(ctx context.Context, after string, limit int) ([]string, error) {
	jobs, err := s.cardRows(ctx, cardPrefix, after, limit)
	var articles []string
	for _, job := range jobs {
		articles = append(articles, job.Article)
	}
	return articles, err
}

// CardsWith returns the articles whose cards are to show a photo.
func (s *Store) CardsWith(ctx context.Context, photo string) ([]string, error) {
	prefix := cardPhotoPrefix + photo + "//"
	var articles []string
	err := s.view(ctx, func(r kv.Reader) error {
		articles = articles[:0]
		for entry, err := range r.Scan(kv.Prefix([]byte(prefix))) {
			if err != nil {
				return err
			}
			articles = append(articles, strings.TrimPrefix(string(entry.Key), prefix))
		}
		return nil
	})
	return articles, err
}

// CardQueue returns up to limit cards to be drawn, from behind the article
// after.
func (s *Store) CardQueue(ctx context.Context, after string, limit int) ([]CardJob, error) {
	return s.cardRows(ctx, cardQueuePrefix, after, limit)
}

// QueueCards puts the cards of articles into the queue, those that there are.
func (s *Store) QueueCards(ctx context.Context, articles []string) error {
	return s.markCards(ctx, articles, false)
}

// LoseCard says that the object of a card is gone, so that it is drawn again
// even if it would look the same.
func (s *Store) LoseCard(ctx context.Context, article string) error {
	return s.markCards(ctx, []string{article}, true)
}

// cardsPerTransaction keeps a transaction within kv.MaxKeys.
const cardsPerTransaction = 16

func (s *Store) markCards(ctx context.Context, articles []string, lost bool) error {
	for batch := range slices.Chunk(articles, cardsPerTransaction) {
		mark := []byte(rand.Text())
		err := s.update(ctx, func(tx kv.Tx) error {
			for _, article := range batch {
				card, err := getCard(tx, article)
				if err != nil {
					return err
				}
				if card == nil {
					continue
				}
				if lost {
					card.Drawn = nil
					if err := putCard(tx, article, card); err != nil {
						return err
					}
				}
				if err := tx.Put(cardQueueKey(article), mark); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// FinishCard keeps what was drawn, unless drawn is nil, and takes the card off
// the queue, unless it was asked for again since the job was read.
func (s *Store) FinishCard(ctx context.Context, job CardJob, drawn *recordv1.DrawnCard) error {
	return s.update(ctx, func(tx kv.Tx) error {
		card, err := getCard(tx, job.Article)
		if err != nil {
			return err
		}
		if card != nil && drawn != nil {
			card.Drawn = drawn
			if err := putCard(tx, job.Article, card); err != nil {
				return err
			}
		}
		mark, err := tx.Get(cardQueueKey(job.Article))
		if errors.Is(err, kv.ErrNotFound) || err == nil && string(mark) != job.Mark {
			return nil
		}
		return errors.Join(err, tx.Delete(cardQueueKey(job.Article)))
	})
}

// CardToken returns where the feed of articles was left, "" when it was never
// read to the end of a snapshot.
func (s *Store) CardToken(ctx context.Context) (string, error) {
	var token string
	err := s.view(ctx, func(r kv.Reader) error {
		data, err := r.Get([]byte(cardResumeKey))
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		token = string(data)
		return err
	})
	return token, err
}

// SetCardToken keeps where the feed of articles was left; "" means that it must
// be read from a snapshot.
func (s *Store) SetCardToken(ctx context.Context, token string) error {
	return s.update(ctx, func(tx kv.Tx) error { return tx.Put([]byte(cardResumeKey), []byte(token)) })
}

// cardRows reads rows whose keys end with the name of an article.
func (s *Store) cardRows(ctx context.Context, prefix, after string, limit int) ([]CardJob, error) {
	rows := kv.Prefix([]byte(prefix))
	rows.Limit = limit
	if after != "" {
		rows.Start = append([]byte(prefix+after), 0)
	}
	var jobs []CardJob
	err := s.view(ctx, func(r kv.Reader) error {
		jobs = jobs[:0]
		for entry, err := range r.Scan(rows) {
			if err != nil {
				return err
			}
			jobs = append(jobs, CardJob{string(bytes.TrimPrefix(entry.Key, []byte(prefix))), string(entry.Value)})
		}
		return nil
	})
	return jobs, err
}

// getCard returns nil when there is none.
func getCard(r kv.Reader, article string) (*recordv1.Card, error) {
	data, err := r.Get(cardKey(article))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil //nolint:nilnil // none is an answer
	}
	if err != nil {
		return nil, err
	}
	card := &recordv1.Card{}
	if err := proto.Unmarshal(data, card); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the card of %s cannot be read; the operator must restore the store from a copy", article)
	}
	return card, nil
}

func putCard(tx kv.Tx, article string, card *recordv1.Card) error {
	data, err := proto.Marshal(card)
	if err != nil {
		return fmt.Errorf("encode the card of %s: %w", article, err)
	}
	return tx.Put(cardKey(article), data)
}
