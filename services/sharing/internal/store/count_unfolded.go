package store

import (
	"strings"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// countChange is by how much batches that are not folded yet will change the
// count of a kind of clicks, on a day and in all that the day is part of.
type countChange struct {
	day  stats.Day
	link string
	cell stats.Cell
	stats.Count
}

// unfolded returns what folding will change in the counts of a site. The same
// atom may be in it more than once.
func unfolded(r kv.Reader, site string) ([]countChange, error) {
	fold := &recordv1.Fold{}
	if err := kvrecord.Get(r, []byte(foldKey), fold); err != nil {
		return nil, err
	}
	var running, waiting []*recordv1.ClickBatch
	for entry, err := range r.Scan(kv.Prefix([]byte(batchPrefix))) {
		if err != nil {
			return nil, err
		}
		batch := &recordv1.ClickBatch{}
		if err := kvrecord.Decode(entry.Key, entry.Value, batch); err != nil {
			return nil, err
		}
		if inRun(fold, strings.TrimPrefix(string(entry.Key), batchPrefix)) {
			running = append(running, batch)
		} else {
			waiting = append(waiting, batch)
		}
	}
	// Groups of the run that were folded already are in the counts.
	groups := append(groupsAfter(running, fold.GetGroup()), groupsAfter(waiting, "")...)
	var changes []countChange
	days := make(map[string]*row)
	for _, g := range groups {
		if g.site != site {
			continue
		}
		key := countKey(g.day.In(stats.UnitDay), site, shardTerm(g.shard))
		day := days[string(key)]
		if day == nil {
			counts := &recordv1.Counts{}
			if err := kvrecord.Get(r, key, counts); err != nil {
				return nil, err
			}
			day = newRow(counts)
			days[string(key)] = day
		}
		for _, c := range g.clicks {
			cell, change := day.grow(c.link, c.cell, c.n)
			changes = append(changes, countChange{g.day, c.link, cell, change})
		}
	}
	return changes, nil
}
