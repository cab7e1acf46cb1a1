package store

import (
	"bytes"
	"encoding/binary"
	"time"

	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

func scheduleKey(n article.ScheduleName) []byte {
	return []byte(scheduleBase + tailOf(n))
}

func agendaKey(n article.ScheduleName, t time.Time) []byte {
	return append(appendTime([]byte(agendaBase+n.Article.Site+"/"), t), n.Article.ID+"/"+n.ID...)
}

func dueKey(n article.ScheduleName, t time.Time) []byte {
	return append(appendTime([]byte(dueBase), t), tailOf(n)...)
}

func pinKey(n article.ScheduleName) []byte { return []byte(pinBase + tailOf(n)) }

// ofArticle returns the prefix of the keys of an article's schedules.
func ofArticle(base string, n article.Name) []byte {
	return []byte(base + n.Site + "/" + n.ID + "/")
}

func workKey(n article.Name) []byte { return []byte(workTopic + n.Site + "/" + n.ID) }

// tailOf returns "{site}/{id}/{schedule}".
func tailOf(n article.ScheduleName) string {
	return n.Article.Site + "/" + n.Article.ID + "/" + n.ID
}

// parseTail reads "{site}/{id}/{schedule}".
func parseTail(tail []byte) (article.ScheduleName, bool) {
	parts := bytes.Split(tail, []byte("/"))
	if len(parts) != 3 {
		return article.ScheduleName{}, false
	}
	return article.ScheduleName{
		Article: article.Name{Site: string(parts[0]), ID: string(parts[1])}, ID: string(parts[2]),
	}, true
}

// scheduleRow is one row of an index of schedules.
type scheduleRow struct{ key, value []byte }

// rowsOf returns the rows of a schedule besides its record; none for nil.
func rowsOf(n article.ScheduleName, r *recordv1.Schedule) []scheduleRow {
	if r == nil {
		return nil
	}
	at := r.GetSchedule().GetFireTime().AsTime()
	rows := []scheduleRow{{key: agendaKey(n, at)}}
	if !article.Waits(r) {
		return rows
	}
	revision := binary.BigEndian.AppendUint64(nil, uint64(r.GetSchedule().GetRevision())) //nolint:gosec // never negative
	return append(rows, scheduleRow{key: dueKey(n, at)}, scheduleRow{key: pinKey(n), value: revision})
}
