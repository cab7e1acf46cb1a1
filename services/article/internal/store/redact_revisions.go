package store

import (
	"errors"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/redact"
)

// eraser takes a text out of what belongs to one article. Slugs that readers
// know stay.
type eraser struct {
	*redact.Redactor

	reader kv.Reader
	newest int64 // revision of the article
	err    error // why it could not be said which slugs readers know
}

func newEraser(r kv.Reader, n article.Name, state *recordv1.State, text string) *eraser {
	e := &eraser{reader: r, newest: state.GetRevision()}
	e.Redactor = redact.New(text, func(slug string) bool {
		held := &recordv1.Slug{}
		ok, err := get(r, slugKey(n.Site, state.GetLanguageCode(), slug), held)
		e.err = errors.Join(e.err, err)
		return ok && held.GetPublic() && article.Holds(held, n.ID, state.GetUid())
	})
	return e
}

// erased is what becomes of a group.
type erased struct {
	groups           []*group
	found            int64  // revisions that had the text
	oldSlug, newSlug string // of the newest revision, when it changes
}

func (e *eraser) group(g *group, at *timestamppb.Timestamp) (result erased, err error) {
	result.groups, err = g.rebuild(func(head *recordv1.Revision, content []byte) ([]byte, bool, error) {
		a := &articlev1.Article{}
		if err := proto.Unmarshal(content, a); err != nil {
			return nil, false, err
		}
		slug := a.GetSlug()
		inContent, inHead := e.Message(a), e.Message(head)
		if !inContent && !inHead {
			return content, true, nil
		}
		result.found++
		head.RedactTime = at
		if head.GetNumber() == e.newest && a.GetSlug() != slug {
			result.oldSlug, result.newSlug = slug, a.GetSlug()
		}
		content, err := encode(a)
		return content, true, err
	})
	return result, errors.Join(err, e.err)
}

// redactRevisions takes the text out of the next group of revisions and reports
// whether there may be another one.
func redactRevisions(tx kv.Tx, n article.Name) (more bool, err error) {
	job, state := &recordv1.Redaction{}, &recordv1.State{}
	if ok, err := get(tx, redactKey(n), job); err != nil || !ok {
		return false, err
	}
	if ok, err := get(tx, stateKey(n), state); err != nil || !ok {
		return false, err
	}
	key, g, err := groupAfter(tx, n, state, job.GetReached())
	if err != nil || g == nil {
		return false, err
	}
	if err := redactGroup(tx, n, state, job, key, g); err != nil {
		return false, err
	}
	job.Reached = g.last()
	value, err := encode(job)
	if err != nil {
		return false, err
	}
	return true, tx.Put(redactKey(n), value)
}

// groupAfter returns the group with the revision that comes after a number, which
// may have been added to the one that ended there; nil when there is none.
func groupAfter(r kv.Reader, n article.Name, state *recordv1.State, number int64) ([]byte, *group, error) {
	key, g, err := groupAt(r, n, state, number)
	if err != nil || g != nil && g.last() > number {
		return key, g, err
	}
	next := allRevisions(n, state)
	next.Start, next.Limit = revisionKey(n, state.GetCreateTime().AsTime(), number+1), 1
	for e, err := range r.Scan(next) {
		if err != nil {
			return nil, nil, err
		}
		if g, err = decodeGroup(e.Value); err != nil {
			return nil, nil, damagedRevision(n, numberOf(e.Key), err)
		}
		return e.Key, g, nil
	}
	return nil, nil, nil
}

func redactGroup(tx kv.Tx, n article.Name, state *recordv1.State, job *recordv1.Redaction, key []byte, g *group) error {
	result, err := newEraser(tx, n, state, job.GetText()).group(g, job.GetCreateTime())
	if err != nil {
		return damagedRevision(n, numberOf(key), err)
	}
	if result.found == 0 {
		return nil
	}
	if result.oldSlug != result.newSlug {
		if err := moveSlug(tx, n, state, result.oldSlug, result.newSlug); err != nil {
			return err
		}
	}
	if err := putGroups(tx, n, state, key, result.groups); err != nil {
		return err
	}
	return tx.Emit(topicOf(n), []byte{byte(articlev1.WatchArticlesResponse_KIND_UPDATED), 0})
}

// moveSlug lets a slug go, and takes the other one unless somebody has it;
// then the article is left without until an editor chooses.
func moveSlug(tx kv.Tx, n article.Name, state *recordv1.State, from, to string) error {
	code := state.GetLanguageCode()
	mover := &encoded{Change: article.Change{Name: n, After: state}}
	if err := mover.dropSlug(tx, slugKey(n.Site, code, from)); err != nil {
		return err
	}
	taken, err := kvrecord.Has(tx, slugKey(n.Site, code, to))
	if err != nil || taken {
		return err
	}
	value, err := encode(&recordv1.Slug{ArticleId: n.ID, ArticleUid: state.GetUid()})
	if err != nil {
		return err
	}
	return tx.Put(slugKey(n.Site, code, to), value)
}
