package documents

import (
	"context"
	"time"

	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/syndication"
)

// shelves are the archive documents of a feed. A month is divided, in the order
// of publishing, into documents of syndication.MaxItems articles. A document is
// closed when it is full or when there is a later month, and only closed ones
// are linked to: what is published next goes into others. Those articles that
// are in no closed document are fewer than MaxItems and so all in the current
// one, which with the archives is the whole feed.
type shelves struct {
	store *store.Store
	query store.Query // with site, language and tag
	zone  *time.Location
}

// month returns the first instant of an archive's month and of the one after.
func (s shelves) month(a syndication.Archive) (from, until time.Time) {
	from = time.Date(a.Year, a.Month, 1, 0, 0, 0, 0, s.zone)
	return from, from.AddDate(0, 1, 0)
}

// rows returns the articles of a document, newest first; none when there is no
// such document.
func (s shelves) rows(ctx context.Context, a syndication.Archive) ([]*recordv1.Article, error) {
	query := s.query
	query.From, query.Until = s.month(a)
	query.Oldest, query.Limit = true, syndication.MaxItems
	for part := 1; ; part++ {
		rows, next, err := s.store.List(ctx, query)
		if err != nil {
			return nil, err
		}
		if part == a.Part {
			for i, j := 0, len(rows)-1; i < j; i, j = i+1, j-1 {
				rows[i], rows[j] = rows[j], rows[i]
			}
			return rows, nil
		}
		if next == nil {
			return nil, nil
		}
		query.After = next
	}
}

// last returns the newest closed document; zero when there is none.
func (s shelves) last(ctx context.Context) (syndication.Archive, error) {
	newest, ok, err := s.monthOf(ctx, time.Time{})
	if err != nil || !ok {
		return syndication.Archive{}, err
	}
	full, _, err := s.parts(ctx, newest)
	if err != nil {
		return syndication.Archive{}, err
	}
	if newest.Part = full; full > 0 {
		return newest, nil
	}
	return s.earlier(ctx, newest)
}

// before returns the document before one; zero when there is none.
func (s shelves) before(ctx context.Context, a syndication.Archive) (syndication.Archive, error) {
	if a.Part > 1 {
		a.Part--
		return a, nil
	}
	return s.earlier(ctx, a)
}

// earlier returns the last document of the newest month before that of a.
func (s shelves) earlier(ctx context.Context, a syndication.Archive) (syndication.Archive, error) {
	from, _ := s.month(a)
	earlier, ok, err := s.monthOf(ctx, from)
	if err != nil || !ok {
		return syndication.Archive{}, err
	}
	full, rest, err := s.parts(ctx, earlier)
	if rest {
		full++
	}
	earlier.Part = full
	return earlier, err
}

// after returns the closed document after one; zero when there is none.
func (s shelves) after(ctx context.Context, a syndication.Archive) (syndication.Archive, error) {
	full, rest, err := s.parts(ctx, a)
	if err != nil {
		return syndication.Archive{}, err
	}
	_, until := s.month(a)
	query := s.query
	query.From, query.Oldest, query.Limit = until, true, 1
	rows, _, err := s.store.List(ctx, query)
	if err != nil {
		return syndication.Archive{}, err
	}
	if later := len(rows) > 0; a.Part < full || (a.Part == full && rest && later) {
		a.Part++
		return a, nil
	} else if !later {
		return syndication.Archive{}, nil
	}
	next := s.archive(rows[0])
	query.From, query.Until = s.month(next)
	last, ok, err := s.monthOf(ctx, time.Time{})
	if err != nil || !ok {
		return syndication.Archive{}, err
	}
	if last == next { // the newest month has closed documents only when full
		if full, _, err = s.parts(ctx, next); err != nil || full == 0 {
			return syndication.Archive{}, err
		}
	}
	return next, nil
}

// monthOf returns the first document of the newest month that has articles
// before a time, of all when it is zero; false when there are none.
func (s shelves) monthOf(ctx context.Context, until time.Time) (syndication.Archive, bool, error) {
	query := s.query
	query.Until, query.Limit = until, 1
	rows, _, err := s.store.List(ctx, query)
	if err != nil || len(rows) == 0 {
		return syndication.Archive{}, false, err
	}
	return s.archive(rows[0]), true, nil
}

// archive returns the first document of the month of a row.
func (s shelves) archive(row *recordv1.Article) syndication.Archive {
	at := row.GetPublishTime().AsTime().In(s.zone)
	return syndication.Archive{Year: at.Year(), Month: at.Month(), Part: 1}
}

// parts returns how many full documents the month of a has, and whether there
// are articles beside them.
func (s shelves) parts(ctx context.Context, a syndication.Archive) (full int, rest bool, err error) {
	query := s.query
	query.From, query.Until = s.month(a)
	query.Oldest, query.Limit = true, syndication.MaxItems
	for {
		rows, next, err := s.store.List(ctx, query)
		if err != nil {
			return 0, false, err
		}
		if len(rows) < syndication.MaxItems {
			return full, len(rows) > 0, nil
		}
		if full++; next == nil {
			return full, false, nil
		}
		query.After = next
	}
}
