package server

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// attempts is how often a write that was overtaken starts over.
const attempts = 8

// mutation is a request that may carry a request_id.
type mutation interface {
	proto.Message
	GetRequestId() string
}

// write describes a mutation to the store. subject is the parent or name it is
// about, and etag the one it came with.
func write(ctx context.Context, method, subject, etag string, req mutation, at time.Time) (article.Write, error) {
	w := article.Write{Principal: auth.FromContext(ctx).ID, Method: method, Time: at}
	var err error
	if w.Note, err = noteOf(req); err != nil {
		return w, err
	}
	if req.GetRequestId() == "" {
		return w, nil
	}
	encoded, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
	if err != nil {
		return w, fmt.Errorf("encode the request for its digest: %w", err)
	}
	w.Request = sum(w.Principal, method, subject, req.GetRequestId())
	w.Digest = sum(string(encoded), etag)
	return w, nil
}

// noteOf returns the note or reason that a request gives, for the audit.
func noteOf(req mutation) (string, error) {
	switch r := req.(type) {
	case interface{ GetNote() string }:
		return article.CleanNote("note", r.GetNote())
	case interface{ GetReason() string }:
		return article.CleanNote("reason", r.GetReason())
	}
	return "", nil
}

// sum hashes parts so that no two lists of parts look alike.
func sum(parts ...string) []byte {
	h := sha256.New()
	for _, part := range parts {
		h.Write(binary.AppendUvarint(nil, uint64(len(part))))
		h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// once runs step until it was not overtaken, or answers what the request_id was
// used for.
func once[T any](ctx context.Context, s *Server, w article.Write, replay func(*recordv1.Request) (T, error), step func() (T, error)) (T, error) {
	var none T
	if len(w.Request) > 0 {
		record, err := s.Store.Request(ctx, w.Request, w.Time)
		if err != nil {
			return none, err
		}
		if record != nil {
			return again(w, record, replay)
		}
	}
	for range attempts {
		result, err := step()
		if used, ok := errors.AsType[*article.ReplayError](err); ok {
			return again(w, used.Record, replay)
		}
		if !errors.Is(err, article.ErrOvertaken) {
			return result, err
		}
	}
	return none, fault.New(faultv1.Reason_REASON_WRITE_CONTENTION,
		"other writers were faster, several times over; try again").RetryAfter(time.Second)
}

func again[T any](w article.Write, record *recordv1.Request, replay func(*recordv1.Request) (T, error)) (T, error) {
	if string(record.GetDigest()) != string(w.Digest) {
		var none T
		return none, fault.New(faultv1.Reason_REASON_REQUEST_ID_REUSED,
			"this request_id was used for another request in the last 24 hours; choose a new one")
	}
	return replay(record)
}

// changeArticle is once for a mutation of an article: step gets the article as
// it is now, which the caller may change.
func (s *Server) changeArticle(ctx context.Context, w article.Write, n article.Name, permission auth.Permission,
	step func(article.Loaded) (*articlev1.Article, error),
) (*articlev1.Article, error) {
	replay := func(record *recordv1.Request) (*articlev1.Article, error) {
		loaded, err := s.Store.Load(ctx, n, record.GetRevision())
		if err != nil {
			return nil, err
		}
		if err := allow(ctx, loaded, permission); err != nil {
			return nil, err
		}
		return s.working(ctx, loaded), nil
	}
	changed, err := once(ctx, s, w, replay, func() (*articlev1.Article, error) {
		loaded, err := s.Store.Load(ctx, n, 0)
		if err != nil {
			return nil, err
		}
		if err := allow(ctx, loaded, permission); err != nil {
			return nil, err
		}
		return step(loaded)
	})
	return changed, hideHolder(ctx, n.Site, err)
}

// allow fails unless the caller may change the article: any of the site, or
// own drafts.
func allow(ctx context.Context, l article.Loaded, permission auth.Permission) error {
	switch auth.Grant(ctx, permission, article.SiteName(l.Name.Site)) {
	case auth.All:
		return nil
	case auth.Own:
		if article.Own(l.State, l.Content(), auth.FromContext(ctx).ID) {
			return nil
		}
		denied := fault.Denied(string(permission))
		denied.Message = "your role allows this for your own drafts that were never public; ask an editor of the site to do it"
		return denied
	case auth.None:
	}
	return fault.Denied(string(permission))
}

// checkEtag fails with EDIT_CONFLICT unless the etag is that of the newest
// revision.
func (s *Server) checkEtag(ctx context.Context, l article.Loaded, etag string) error {
	if etag == article.Etag(l.State, l.State.GetRevision()) {
		return nil
	}
	return s.conflict(ctx, l, etag, nil)
}

// thinned reports whether a revision could not be read because it is not kept
// any more.
func thinned(err error) bool { return fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) }

// conflict returns EDIT_CONFLICT with both sides, as far as the revision of the
// etag is known. yours makes the caller's content out of that revision; it may
// be nil.
func (s *Server) conflict(ctx context.Context, l article.Loaded, etag string,
	yours func(*articlev1.Article) (*articlev1.Article, error),
) error {
	detail := &faultv1.EditConflict{
		CurrentRevision: l.State.GetRevision(),
		CurrentEtag:     article.Etag(l.State, l.State.GetRevision()),
		CurrentAuthor:   l.Revision.GetAuthor(),
		CurrentTime:     l.Revision.GetCreateTime(),
	}
	if number, ok := article.RevisionOf(l.State, etag); ok {
		base, err := s.Store.Load(ctx, l.Name, number)
		if thinned(err) {
			return fault.Conflict(l.Name.String(), detail)
		}
		if err != nil {
			return err
		}
		detail.Theirs = article.Changed(base.Content(), l.Content())
		if yours != nil {
			mine, err := yours(base.Content())
			if err != nil {
				return err
			}
			detail.Yours = article.Changed(base.Content(), mine)
		}
	}
	return fault.Conflict(l.Name.String(), detail)
}
