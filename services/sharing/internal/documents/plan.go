package documents

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// batch is how many rows are read at a time; it divides the articles of a file.
const batch = 500

// plan is the division of a site's articles into sitemaps: by the year in which
// they were published, in the zone of the site, and within a year, in the order
// of publishing, into files of sitemap.MaxPages. What is published next goes
// into the last file or a new one; all others stay what they are.
type plan struct {
	generation uint64
	parts      []part
	modified   time.Time // when any article was last changed
}

// part is one file.
type part struct {
	year, number int
	query        store.Query // where its rows begin
	count        int
	modified     time.Time
}

// name returns how the index names the file: "2024", "2024-2".
func (p part) name() string {
	if p.number == 1 {
		return fmt.Sprintf("%04d", p.year)
	}
	return fmt.Sprintf("%04d-%s", p.year, strconv.Itoa(p.number))
}

// plan returns the site and how its articles are divided: by a walk over all
// rows, once in a generation of the site, of which little is kept.
func (m *Maker) plan(ctx context.Context, id string) (published.Site, plan, error) {
	site, err := m.site(ctx, id)
	if err != nil {
		return published.Site{}, plan{}, err
	}
	generation, err := m.Store.Generation(ctx, id)
	if err != nil {
		return published.Site{}, plan{}, err
	}
	if kept, ok := m.plans.GetIfPresent(id); ok && kept.generation == generation {
		return site, kept, nil
	}
	shared, err, _ := m.flights.Do(fmt.Sprintf("plan %s %d", id, generation), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), buildTimeout)
		defer cancel()
		fresh, err := m.divide(ctx, id, site.Location())
		if err != nil {
			return plan{}, err
		}
		fresh.generation = generation
		m.plans.Set(id, fresh)
		return fresh, nil
	})
	if err != nil {
		return published.Site{}, plan{}, err
	}
	fresh, ok := shared.(plan)
	if !ok {
		return published.Site{}, plan{}, fault.Internal(nil, "divide the sitemaps of "+id)
	}
	return site, fresh, nil
}

// divide walks over all rows of a site, year by year.
func (m *Maker) divide(ctx context.Context, id string, zone *time.Location) (plan, error) {
	var made plan
	first := store.Query{Site: id, Oldest: true, Limit: 1}
	for {
		rows, _, err := m.Store.List(ctx, first)
		if err != nil || len(rows) == 0 {
			return made, err
		}
		year := rows[0].GetPublishTime().AsTime().In(zone).Year()
		next := time.Date(year+1, time.January, 1, 0, 0, 0, 0, zone)
		of := store.Query{Site: id, Oldest: true, From: first.From, Until: next}
		if err := m.divideYear(ctx, &made, year, of); err != nil {
			return plan{}, err
		}
		first.From = next
	}
}

// divideYear adds the files of one year.
func (m *Maker) divideYear(ctx context.Context, made *plan, year int, query store.Query) error {
	query.Limit = min(batch, m.perFile)
	for number := 1; ; number++ {
		file := part{year: year, number: number, query: query}
		for file.count < m.perFile {
			rows, next, err := m.Store.List(ctx, query)
			if err != nil {
				return err
			}
			file.add(rows)
			if query.After = next; next == nil {
				break
			}
		}
		if file.count > 0 {
			made.parts = append(made.parts, file)
			made.modified = later(made.modified, file.modified)
		}
		if query.After == nil {
			return nil
		}
	}
}

func (p *part) add(rows []*recordv1.Article) {
	p.count += len(rows)
	p.modified = later(p.modified, modified(rows))
}
