package store

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
)

// codeAttempts is how many codes are tried for one that nobody has. With 35
// random bits a second one is hardly ever needed, even for millions of links.
const codeAttempts = 8

// learnLinks makes the code of an article that is published for the first
// time. It touches at most 3 + codeAttempts keys.
func (s *Store) learnLinks(tx kv.Tx, t Transition) error { return learnLink(tx, t, rand.Reader) }

// learnLink makes the code out of random. The uid decides whether there is one:
// an article keeps its code however often it comes and goes, and another
// article under the same name gets another.
func learnLink(tx kv.Tx, t Transition, random io.Reader) error {
	if t.New == nil {
		return nil
	}
	owner := codeKey(t.Name, t.UID())
	if made, err := kvrecord.Has(tx, owner); made || err != nil {
		return err
	}
	code, err := freeCode(tx, random)
	if err != nil {
		return err
	}
	uid, err := uuid.NewRandom()
	if err != nil {
		return fmt.Errorf("make the uid of a link: %w", err)
	}
	if err := tx.Put(owner, []byte(code)); err != nil {
		return err
	}
	return insertLink(tx, &recordv1.Link{
		Id: code, Uid: uid.String(), Site: t.Name.Site, Article: t.Name.ID, ArticleUid: t.UID(),
		Kind: sharingv1.ShareLink_KIND_GENERATED, CreateTime: timestamppb.New(t.Time.Truncate(time.Microsecond)),
	})
}

// freeCode returns a code that no link of the suite has or had.
func freeCode(r kv.Reader, random io.Reader) (string, error) {
	for range codeAttempts {
		code, err := shortcode.NewCode(random)
		if err != nil {
			return "", err
		}
		if taken, err := kvrecord.Has(r, linkKey(code)); !taken || err != nil {
			return code, err
		}
	}
	return "", errors.New("no code is free: the source of random bits repeats itself")
}
