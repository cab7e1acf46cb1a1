package store

import (
	"context"
	"crypto/rand"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// encoded is a Change with everything marshaled, so that the transaction,
// which others wait for, only copies bytes.
type encoded struct {
	article.Change

	state, slug, publicSlug []byte
	revision, audit         entry
	publication             entry
	photos                  []byte
	request                 []byte
	schedule                *scheduleChange
}

type entry struct{ key, value []byte }

// Commit stores a change and sets the version of c.After. It fails with
// ErrOvertaken when the article is not in the state c.Before any more, or the
// site not in the version that the projection was made for; with *ReplayError,
// RESOURCE_NOT_FOUND for a site that is gone, RESOURCE_EXISTS, SLUG_TAKEN and
// TOO_LARGE.
func (s *Store) Commit(ctx context.Context, c article.Change) error {
	e, err := s.encodeChange(ctx, c)
	if err != nil {
		return err
	}
	return s.update(ctx, e.apply)
}

func (s *Store) encodeChange(ctx context.Context, c article.Change) (*encoded, error) {
	c.After.Version = c.Before.GetVersion() + 1
	derive(c)
	e := &encoded{Change: c}
	var err error
	if e.state, err = encode(c.After); err != nil {
		return nil, err
	}
	if c.Revision != nil {
		if e.revision, err = s.packNext(ctx, c); err != nil {
			return nil, err
		}
	}
	if e.slug, err = encode(&recordv1.Slug{ArticleId: c.Name.ID, ArticleUid: c.After.GetUid()}); err != nil {
		return nil, err
	}
	if e.publicSlug, err = encode(&recordv1.Slug{ArticleId: c.Name.ID, ArticleUid: c.After.GetUid(), Public: true}); err != nil {
		return nil, err
	}
	if !c.Silent {
		from, to := c.Before.GetRevision(), c.After.GetRevision()
		if e.audit, err = auditEntry(c.Write, c.Name.Site, c.Name.String(), from, to); err != nil {
			return nil, err
		}
	}
	if c.Schedule != nil {
		if e.schedule, err = encodeSchedule(*c.Schedule); err != nil {
			return nil, err
		}
	}
	if e.photos, err = encodePhotos(c.Projection); err != nil {
		return nil, err
	}
	if e.publication, err = s.publicationEntry(ctx, c); err != nil {
		return nil, err
	}
	e.request, err = encodeRequest(c.Write, c.Name.String(), c.After.GetRevision())
	return e, err
}

func auditEntry(w article.Write, site, name string, from, to int64) (entry, error) {
	salt := make([]byte, 8)
	rand.Read(salt)
	value, err := encode(&recordv1.Event{
		Name: name, Principal: w.Principal, Method: w.Method,
		CreateTime: timestamppb.New(w.Time), FromRevision: from, ToRevision: to,
		Note: w.Note, Schedule: w.ScheduledBy,
	})
	return entry{key: auditKey(site, w.Time, salt), value: value}, err
}

func encodeRequest(w article.Write, name string, revision int64) ([]byte, error) {
	if len(w.Request) == 0 {
		return nil, nil
	}
	return encode(&recordv1.Request{
		Digest: w.Digest, Name: name, Revision: revision, CreateTime: timestamppb.New(w.Time),
	})
}

// apply is the transaction.
func (e *encoded) apply(tx kv.Tx) error {
	if err := putRequest(tx, e.Write, e.request); err != nil {
		return err
	}
	if err := e.checkSite(tx); err != nil {
		return err
	}
	if err := e.checkState(tx); err != nil {
		return err
	}
	steps := []func(kv.Tx) error{
		e.putSchedule, e.putSlugs, e.putAliases, e.putTranslations, e.putState,
		e.putSession, e.putUpdated, e.putPublic, e.putPhotos, e.putTags, e.putPublication, e.putAudit,
	}
	for _, step := range steps {
		if err := step(tx); err != nil {
			return err
		}
	}
	if e.Kind == 0 && e.PublicKind == 0 {
		return nil
	}
	return tx.Emit(topicOf(e.Name), []byte{byte(e.Kind), byte(e.PublicKind)}) //nolint:gosec // the kinds are few
}

func (e *encoded) checkSite(tx kv.Tx) error {
	if e.Before != nil && e.Projection == nil {
		return nil // the site cannot be gone while it has articles
	}
	site := &recordv1.Site{}
	ok, err := get(tx, siteKey(e.Name.Site), site)
	switch {
	case err != nil:
		return err
	case !ok:
		return fault.NotFound(article.SiteName(e.Name.Site))
	case e.Projection != nil && site.GetVersion() != e.SiteVersion:
		return article.ErrOvertaken
	}
	return nil
}

func (e *encoded) checkState(tx kv.Tx) error {
	if e.Before == nil {
		taken, err := kvrecord.Has(tx, stateKey(e.Name))
		if err == nil && taken {
			err = fault.Exists(e.Name.String())
		}
		return err
	}
	now := &recordv1.State{}
	ok, err := get(tx, stateKey(e.Name), now)
	if err == nil && (!ok || now.GetVersion() != e.Before.GetVersion() || now.GetUid() != e.Before.GetUid()) {
		err = article.ErrOvertaken
	}
	return err
}

func (e *encoded) putState(tx kv.Tx) error {
	if err := tx.Put(stateKey(e.Name), e.state); err != nil {
		return err
	}
	if e.revision.key != nil {
		if err := tx.Put(e.revision.key, e.revision.value); err != nil {
			return err
		}
	}
	if e.Before == nil {
		if err := tx.Put(createdKey(e.Name, e.After.GetCreateTime().AsTime()), nil); err != nil {
			return err
		}
	}
	was, is := e.Before.GetPurgeTime(), e.After.GetPurgeTime()
	if proto.Equal(was, is) {
		return nil
	}
	if was != nil {
		if err := tx.Delete(purgeKey(e.Name, was.AsTime())); err != nil {
			return err
		}
	}
	if is == nil {
		return nil
	}
	return tx.Put(purgeKey(e.Name, is.AsTime()), nil)
}

func (e *encoded) putPublic(tx kv.Tx) error {
	if !e.Withdraw && e.Projection == nil {
		return nil
	}
	was, is := timeOf(e.Before.GetPublishTime()), timeOf(e.After.GetPublishTime())
	if e.Before.GetPublishedRevision() != 0 && (e.Withdraw || !was.Equal(is)) {
		if err := tx.Delete(newestKey(e.Name, was)); err != nil {
			return err
		}
	}
	if e.Withdraw {
		return tx.Delete(publicKey(e.Name))
	}
	if err := tx.Put(newestKey(e.Name, is), e.Projection.Summary); err != nil {
		return err
	}
	return tx.Put(publicKey(e.Name), e.Projection.Full)
}

func timeOf(t *timestamppb.Timestamp) time.Time { return t.AsTime() }

func (e *encoded) putAudit(tx kv.Tx) error {
	if e.audit.key == nil {
		return nil
	}
	return tx.Put(e.audit.key, e.audit.value)
}
