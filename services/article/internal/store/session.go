package store

import (
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// ThinAfter is how long after its last save the superseded revisions of an edit
// session stay.
const ThinAfter = 7 * 24 * time.Hour

func sessionKey(n article.Name, session string) []byte {
	return []byte(sessionBase + n.Site + "/" + n.ID + "/" + session)
}

func thinKey(n article.Name, session string, t time.Time) []byte {
	return append(appendTime([]byte(thinBase), t), n.Site+"/"+n.ID+"/"+session...)
}

// putSession remembers an edit session at its first save, so that it is thinned
// when its time has come. Later saves find it and write nothing.
func (e *encoded) putSession(tx kv.Tx) error {
	if e.Revision.GetEditSession() == "" {
		return nil
	}
	known, err := kvrecord.Has(tx, sessionKey(e.Name, e.Revision.GetEditSession()))
	if err != nil || known {
		return err
	}
	return queueSession(tx, e.Name, e.Revision.GetEditSession(), e.After.GetRevision(), e.Time.Add(ThinAfter))
}

// queueSession makes a session due. m is a transaction or a migration.
func queueSession(m interface{ Put(key, value []byte) error }, n article.Name, session string, first int64, due time.Time) error {
	value, err := encode(&recordv1.EditSession{FirstRevision: first, DueTime: timestamppb.New(due)})
	if err != nil {
		return err
	}
	if err := m.Put(sessionKey(n, session), value); err != nil {
		return err
	}
	return m.Put(thinKey(n, session, due), nil)
}

// purgeSessions forgets some of the edit sessions of an article that goes, and
// reports whether there were any.
func purgeSessions(tx kv.Tx, n article.Name) (bool, error) {
	sessions := kv.Prefix(sessionKey(n, ""))
	sessions.Limit = sweepKeys
	found := false
	for e, err := range tx.Scan(sessions) {
		if err != nil {
			return false, err
		}
		found = true
		session := &recordv1.EditSession{}
		if _, err := get(tx, e.Key, session); err != nil {
			return false, err
		}
		if err := dropSession(tx, n, string(e.Key[len(sessionKey(n, "")):]), session); err != nil {
			return false, err
		}
	}
	return found, nil
}

func dropSession(tx kv.Tx, n article.Name, id string, session *recordv1.EditSession) error {
	if err := tx.Delete(thinKey(n, id, session.GetDueTime().AsTime())); err != nil {
		return err
	}
	return tx.Delete(sessionKey(n, id))
}
