package store

import (
	"context"
	"errors"
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// CountQuery says which counts of a site to read.
type CountQuery struct {
	// Site is the id of the site.
	Site string
	// Plan is which periods.
	Plan stats.Plan
	// Links are the ids of the links; all when nil.
	Links []string
	// ByLink says that the counts of each link are wanted and not only those of
	// all together, and ByArticle that the article of each is too.
	ByLink, ByArticle bool
}

// CountReader is given what Counts reads, step by step.
type CountReader interface {
	// Begin is called at first, perhaps more than once.
	Begin()
	// Add is called for kinds of clicks with the ids of the link and, when asked
	// for, its article; both are empty for those of all links together.
	Add(article, link string, cell stats.Cell, c stats.Count) error
	// EndStep is called when a step is complete.
	EndStep(stats.Step)
}

// Counts reads counts as they are at one moment, also those that are not folded
// yet, and hands them to to. It returns the first error of it.
func (s *Store) Counts(ctx context.Context, q CountQuery, to CountReader) error {
	wanted := make(map[string]bool, len(q.Links))
	for _, link := range q.Links {
		wanted[link] = true
	}
	return s.view(ctx, func(r kv.Reader) error {
		to.Begin()
		changes, err := unfolded(r, q.Site)
		if err != nil {
			return err
		}
		articles := make(map[string]string)
		add := func(link string, cell stats.Cell, c stats.Count) error {
			if q.Links != nil && !wanted[link] {
				return nil
			}
			article, known := articles[link]
			if q.ByArticle && !known {
				var err error
				if article, err = articleOf(r, link); err != nil {
					return err
				}
				articles[link] = article
			}
			return to.Add(article, link, cell, c)
		}
		for _, step := range q.Plan.Steps {
			for _, period := range step.Stored {
				if err := q.read(r, period, add); err != nil {
					return err
				}
				for _, c := range changes {
					if !period.Contains(c.day) {
						continue
					}
					if err := add(c.link, c.cell, c.Count); err != nil {
						return err
					}
				}
			}
			to.EndStep(step)
		}
		return ctx.Err()
	})
}

// read reads the stored counts of a period.
func (q CountQuery) read(r kv.Reader, p stats.Period, add func(string, stats.Cell, stats.Count) error) error {
	switch {
	case q.Links != nil:
		read := make(map[int]bool)
		for _, link := range q.Links {
			if shard := shardOf(link); !read[shard] {
				read[shard] = true
				if err := readCounts(r, countKey(p, q.Site, shardTerm(shard)), add); err != nil {
					return err
				}
			}
		}
		return nil
	case !q.ByLink && !q.ByArticle:
		return readCounts(r, countKey(p, q.Site, wholeSite), add)
	}
	scope := countScope(p, q.Site)
	for entry, err := range r.Scan(kv.Prefix([]byte(scope))) {
		if err != nil {
			return err
		}
		if strings.TrimPrefix(string(entry.Key), scope) == wholeSite {
			continue
		}
		counts := &recordv1.Counts{}
		if err := kvrecord.Decode(entry.Key, entry.Value, counts); err != nil {
			return err
		}
		if err := eachCount(counts, add); err != nil {
			return err
		}
	}
	return nil
}

func readCounts(r kv.Reader, key []byte, add func(string, stats.Cell, stats.Count) error) error {
	counts := &recordv1.Counts{}
	if err := kvrecord.Get(r, key, counts); err != nil {
		return err
	}
	return eachCount(counts, add)
}

func eachCount(counts *recordv1.Counts, fn func(string, stats.Cell, stats.Count) error) error {
	for _, l := range counts.GetLinks() {
		err := eachCell(l, func(cell stats.Cell, c stats.Count) error { return fn(l.GetId(), cell, c) })
		if err != nil {
			return err
		}
	}
	return nil
}

// EverCounts returns how often links of a site were opened, ever, in their
// order.
func (s *Store) EverCounts(ctx context.Context, site string, links []string) ([]stats.Pair, error) {
	pairs := make(map[string]*stats.Pair, len(links))
	q := CountQuery{Site: site, Links: links}
	err := s.view(ctx, func(r kv.Reader) error {
		for _, link := range links {
			pairs[link] = &stats.Pair{}
		}
		add := func(link string, cell stats.Cell, c stats.Count) error {
			if pair := pairs[link]; pair != nil {
				pair.Add(cell, c)
			}
			return nil
		}
		changes, err := unfolded(r, site)
		for _, c := range changes {
			err = errors.Join(err, add(c.link, c.cell, c.Count))
		}
		return errors.Join(err, q.read(r, stats.Day(0).In(stats.UnitEver), add))
	})
	if err != nil {
		return nil, err
	}
	ordered := make([]stats.Pair, len(links))
	for i, link := range links {
		ordered[i] = *pairs[link]
	}
	return ordered, nil
}
