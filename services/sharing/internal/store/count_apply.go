package store

import (
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// One transaction of Fold begins no other group when it touches this much: a
// group touches 4 values of at most about 2 maxCounts and the site 3 small ones.
const (
	foldKeys  = kv.MaxKeys - 4 - 3 - 2
	foldBytes = 400_000
)

// values are the values of counts that a transaction changes, each read and
// written once.
type values struct {
	tx    kv.Tx
	rows  map[string]*row
	order []string
	bytes int
}

// foldGroups adds the first groups, as many as a transaction can take but at
// least one, and returns how many that were.
func foldGroups(tx kv.Tx, groups []*clickGroup) (int, error) {
	v := &values{tx: tx, rows: make(map[string]*row)}
	done := 0
	for _, g := range groups {
		if done > 0 && (len(v.order) > foldKeys || v.bytes > foldBytes) {
			break
		}
		if err := v.fold(g); err != nil {
			return 0, err
		}
		done++
	}
	return done, v.write()
}

// fold adds the clicks of a group to its day and, by how much that changed what
// may be told, to everything the day is part of.
func (v *values) fold(g *clickGroup) error {
	day, err := v.row(countKey(g.day.In(stats.UnitDay), g.site, shardTerm(g.shard)))
	if err != nil {
		return err
	}
	ever, err := v.row(countKey(g.day.In(stats.UnitEver), g.site, shardTerm(g.shard)))
	if err != nil {
		return err
	}
	var links, sites []*row // of month and year; of day, month and year
	for _, unit := range []stats.Unit{stats.UnitMonth, stats.UnitYear} {
		r, err := v.row(countKey(g.day.In(unit), g.site, shardTerm(g.shard)))
		if err != nil {
			return err
		}
		links = append(links, r)
	}
	for _, unit := range []stats.Unit{stats.UnitDay, stats.UnitMonth, stats.UnitYear} {
		r, err := v.row(countKey(g.day.In(unit), g.site, wholeSite))
		if err != nil {
			return err
		}
		sites = append(sites, r)
	}
	slices.SortFunc(g.clicks, func(a, b linkClick) int { return strings.Compare(a.link, b.link) })
	for _, c := range g.clicks {
		cell, change := day.grow(c.link, c.cell, c.n)
		for _, r := range links {
			r.add(c.link, cell, change)
		}
		for _, r := range sites {
			r.add("", cell, change)
		}
		ever.add(c.link, cell.Coarsest(), change)
	}
	return nil
}

// row returns the value under a key, as this transaction will leave it.
func (v *values) row(key []byte) (*row, error) {
	if r := v.rows[string(key)]; r != nil {
		return r, nil
	}
	counts := &recordv1.Counts{}
	if err := kvrecord.Get(v.tx, key, counts); err != nil {
		return nil, err
	}
	r := newRow(counts)
	v.rows[string(key)] = r
	v.order = append(v.order, string(key))
	v.bytes += r.bytes
	return r, nil
}

func (v *values) write() error {
	for _, key := range v.order {
		data, err := proto.Marshal(v.rows[key].counts)
		if err != nil {
			return err
		}
		if err := v.tx.Put([]byte(key), data); err != nil {
			return err
		}
	}
	return nil
}
