package store

import (
	"cmp"
	"context"
	"errors"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharelink"
)

// What the change log says of words. What happens to a code is what happens to
// its article.
const (
	LinkCreated = "created"
	LinkRetired = "retired"
)

// AddWords stores a link with words that were checked before, for the article
// that has its site and name, and returns it. The article must be public, or
// have been; of several that had the name the one withdrawn last is meant. A
// request that was answered before has no second effect. It fails with
// RESOURCE_NOT_FOUND (the article), RESOURCE_EXISTS (the words are or were
// taken) and REQUEST_ID_REUSED.
func (s *Store) AddWords(ctx context.Context, words *recordv1.Link, request replay.Request, now time.Time) (sharelink.Link, error) {
	name := published.Name{Site: words.GetSite(), ID: words.GetArticle()}
	// Any number of articles can have had a name, more than a transaction reads.
	last, err := s.lastPublic(ctx, name)
	if err != nil {
		return sharelink.Link{}, err
	}
	var link sharelink.Link
	err = s.update(ctx, func(tx kv.Tx) error {
		if id, err := requests().Answered(tx, request, now); id != "" || err != nil {
			if err == nil {
				link, err = existing(tx, id)
			}
			return err
		}
		row := proto.CloneOf(words)
		article := &recordv1.Article{}
		if err := kvrecord.Get(tx, articleKey(name), article); err != nil {
			return err
		}
		uid := cmp.Or(article.GetUid(), last)
		if uid == "" {
			return neverPublic(name)
		}
		if taken, err := kvrecord.Has(tx, linkKey(row.GetId())); taken || err != nil {
			if err == nil {
				err = takenWords(row)
			}
			return err
		}
		row.ArticleUid, row.CreateTime = uid, timestamppb.New(now)
		if err := insertLink(tx, row); err != nil {
			return err
		}
		if err := requests().Remember(tx, request, row.GetId(), now); err != nil {
			return err
		}
		if link, err = complete(tx, row); err != nil {
			return err
		}
		return tx.Emit(linkTopic(row).key(), []byte(LinkCreated))
	})
	return link, err
}

// oncePublic returns the uid of the article of a name that is public, or else
// of the one that was it last. It fails with RESOURCE_NOT_FOUND.
func oncePublic(r kv.Reader, name published.Name) (string, error) {
	row := &recordv1.Article{}
	if err := kvrecord.Get(r, articleKey(name), row); err != nil || row.GetUid() != "" {
		return row.GetUid(), err
	}
	newest, err := lastGone(r, name)
	if err != nil {
		return "", err
	}
	if newest == nil {
		return "", neverPublic(name)
	}
	return newest.GetUid(), nil
}

// lastPublic is oncePublic outside of a transaction; "" when there is none.
func (s *Store) lastPublic(ctx context.Context, name published.Name) (uid string, err error) {
	err = s.view(ctx, func(r kv.Reader) (err error) {
		uid, err = oncePublic(r, name)
		return err
	})
	if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) {
		return "", nil
	}
	return uid, err
}

func neverPublic(name published.Name) error {
	return fault.New(faultv1.Reason_REASON_RESOURCE_NOT_FOUND,
		"readers have never seen %s; publish it first, or check the name", name).With("resource", name.String()).With("name", name.String())
}

// Retirement takes words away for good.
type Retirement struct {
	// Name is the link, Etag the state of it that the caller has seen, and
	// Principal the caller.
	Name      sharelink.Name
	Etag      string
	Principal string
	Request   replay.Request
}

// Retire lets words lead nowhere, for ever, and returns the link. The row stays,
// so that nothing else gets them. A request that was answered before has no
// second effect. It fails with RESOURCE_NOT_FOUND, WRONG_STATE (a code, or
// deleted already), EDIT_CONFLICT and REQUEST_ID_REUSED.
func (s *Store) Retire(ctx context.Context, q Retirement, now time.Time) (sharelink.Link, error) {
	var link sharelink.Link
	err := s.update(ctx, func(tx kv.Tx) error {
		id, err := requests().Answered(tx, q.Request, now)
		if err != nil {
			return err
		}
		if link, err = existing(tx, q.Name.ID); err != nil || id != "" {
			return err
		}
		if err := q.check(link); err != nil {
			return err
		}
		row := proto.CloneOf(link.Record)
		row.RetireTime, row.Retirer = timestamppb.New(now), q.Principal
		if err := kvrecord.Put(tx, linkKey(row.GetId()), row); err != nil {
			return err
		}
		if err := requests().Remember(tx, q.Request, row.GetId(), now); err != nil {
			return err
		}
		link.Record = row
		return tx.Emit(linkTopic(row).key(), []byte(LinkRetired))
	})
	return link, err
}

// check says why the link cannot be retired.
func (q Retirement) check(link sharelink.Link) error {
	name := q.Name.String()
	switch {
	case link.Record.GetSite() != q.Name.Site:
		return fault.NotFound(name).With("name", name)
	case link.Record.GetKind() != sharingv1.ShareLink_KIND_WORDS:
		return fault.State(name, "the code of an article stays with it for good, since it may be printed; "+
			"it leads nowhere while the article is withdrawn")
	case link.Etag() != q.Etag:
		author, at := link.Record.GetCreator(), link.Record.GetCreateTime()
		if t := link.Record.GetRetireTime(); t != nil {
			author, at = link.Record.GetRetirer(), t
		}
		return fault.Conflict(name, &faultv1.EditConflict{CurrentEtag: link.Etag(), CurrentAuthor: author, CurrentTime: at})
	case link.Record.GetRetireTime() != nil:
		return fault.State(name, "these words were deleted already; they answer that they are gone, and nothing else gets them")
	}
	return nil
}

// existing returns the link of an id. It fails with RESOURCE_NOT_FOUND.
func existing(r kv.Reader, id string) (sharelink.Link, error) {
	row, err := linkRow(r, id)
	if err != nil {
		return sharelink.Link{}, err
	}
	if row == nil {
		name := sharelink.Name{Site: sharelink.AnySite, ID: id}.String()
		return sharelink.Link{}, fault.NotFound(name).With("name", name)
	}
	return complete(r, row)
}

func takenWords(row *recordv1.Link) error {
	name := sharelink.Name{Site: row.GetSite(), ID: row.GetId()}.String()
	return fault.New(faultv1.Reason_REASON_RESOURCE_EXISTS,
		"the words %q lead to an article, or once did; words are never given twice, so choose others", row.GetId()).With("name", name)
}

// notFound makes RESOURCE_NOT_FOUND of a key that is missing.
func notFound(err error, name string) error {
	if errors.Is(err, kv.ErrNotFound) {
		return fault.NotFound(name).With("name", name)
	}
	return err
}
