package cards

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// Finding is what [Keeper.Check] says of the object of a card.
type Finding int

// Findings.
const (
	// Sound is an object with the bytes that were drawn, and a card that is
	// not drawn yet.
	Sound Finding = iota
	// Missing is an object that is not there.
	Missing
	// Damaged is an object with other bytes.
	Damaged
)

// Check compares the object of an article's card with its record and returns
// its key. It changes nothing; [store.Store.LoseCard] has it drawn again.
func (k *Keeper) Check(ctx context.Context, article string) (blobs.Key, Finding, error) {
	record, err := k.Records.Card(ctx, article)
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || err == nil && record.GetDrawn() == nil {
		return "", Sound, nil
	}
	if err != nil {
		return "", Sound, err
	}
	key := blobs.Card(article, record.GetDrawn().GetGeneration())
	hash := sha256.New()
	switch err := k.Objects.Fetch(ctx, key, hash); {
	case errors.Is(err, blobs.ErrNotFound):
		return key, Missing, nil
	case err != nil:
		return key, Sound, fmt.Errorf("read %s: %w", key, err)
	case !bytes.Equal(hash.Sum(nil), record.GetDrawn().GetSha256()):
		return key, Damaged, nil
	}
	return key, Sound, nil
}
