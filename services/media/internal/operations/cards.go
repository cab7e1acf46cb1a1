package operations

import (
	"context"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
)

// cards compares the objects of social cards with their records, and has broken
// ones drawn again if that was asked. Those that are drawn count as repaired:
// a card is drawn from its record alone.
func (j *job) cards(ctx context.Context, site string) error {
	for !j.op.GetCardsDone() {
		articles, err := j.Records.Cards(ctx, j.op.GetCardPosition(), page)
		if err != nil {
			return err
		}
		for _, article := range articles {
			if site == "-" || strings.HasPrefix(article, "sites/"+site+"/") {
				if err := j.card(ctx, article); err != nil {
					return err
				}
			}
			j.op.CardPosition = article
			if err := j.save(ctx, false); err != nil {
				return err
			}
		}
		j.op.CardsDone = len(articles) < page
	}
	return nil
}

// card compares one card.
func (j *job) card(ctx context.Context, article string) error {
	key, finding, err := j.Cards.Check(ctx, article)
	if err != nil || key == "" {
		return err
	}
	found := &mediav1.VerifyPhotosResponse{}
	switch finding {
	case cards.Sound:
		found.ObjectCount++
	case cards.Missing:
		note(found, mediav1.ObjectProblem_KIND_MISSING, key, "")
	case cards.Damaged:
		found.ObjectCount++
		note(found, mediav1.ObjectProblem_KIND_DAMAGED, key, "")
	}
	if finding != cards.Sound && j.op.GetVerify().GetRepair() {
		if err := j.Records.LoseCard(ctx, article); err != nil {
			return err
		}
		j.Cards.Wake()
		found.Problems[0].Repaired = true
	}
	j.add(found)
	return nil
}

// isCard reports whether an object is the card of an article as it is now, or
// one that was lost and is to be drawn again.
func (j *job) isCard(ctx context.Context, key blobs.Key) (bool, error) {
	article, generation, ours := key.Card()
	if !ours {
		return false, nil
	}
	card, err := j.Records.Card(ctx, article)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return false, nil
	}
	return err == nil && (card.GetDrawn() == nil || card.GetDrawn().GetGeneration() == generation), err
}
