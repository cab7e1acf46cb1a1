package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/stats"
)

// A run of Fold takes at most this many batches, and bytes, at once.
const (
	maxBatches    = 60
	maxBatchBytes = 8 << 20
)

// errTaken means that another instance has gone on with the run.
var errTaken = errors.New("another instance folds these clicks")

// Fold adds batches that were counted to the counts of days, months and years,
// and removes them. It reports whether there were any; there may be more. Any
// number of instances may call it at any time, and be killed at any time: each
// click is added once.
//
// A run first writes down which batches it is about. Their clicks are merged
// and added group by group (site, day, shard), in order, and with each
// transaction the run notes the last group. Who finds an unfinished run goes on
// with it; who finds that the note has moved leaves it to the other.
func (s *Store) Fold(ctx context.Context) (bool, error) {
	work, err := s.foldWork(ctx)
	if err != nil || len(work.fold.GetBatches()) == 0 {
		return false, err
	}
	if !work.begun {
		err = s.foldStep(ctx, work.fold, func(kv.Tx, *recordv1.Fold) error { return nil })
	}
	for len(work.groups) > 0 && err == nil {
		done := 0
		err = s.foldStep(ctx, work.fold, func(tx kv.Tx, next *recordv1.Fold) error {
			var err error
			done, err = foldGroups(tx, work.groups)
			if err == nil {
				next.Group = work.groups[done-1].term()
			}
			return err
		})
		if err == nil {
			work.groups = work.groups[done:]
		}
	}
	if err == nil {
		err = s.foldStep(ctx, work.fold, func(tx kv.Tx, next *recordv1.Fold) error {
			for _, request := range next.GetBatches() {
				if err := tx.Delete(batchKey(string(request))); err != nil {
					return err
				}
			}
			next.Run, next.Batches, next.Group = next.GetRun()+1, nil, ""
			return nil
		})
	}
	if errors.Is(err, errTaken) {
		return true, nil
	}
	return true, err
}

// foldStep runs fn in a transaction, unless the run is not where it is thought
// to be, and moves it to where fn says. A run that was not stored before begins.
func (s *Store) foldStep(ctx context.Context, at *recordv1.Fold, fn func(kv.Tx, *recordv1.Fold) error) error {
	next := &recordv1.Fold{}
	err := s.update(ctx, func(tx kv.Tx) error {
		stored := &recordv1.Fold{}
		if err := kvrecord.Get(tx, []byte(foldKey), stored); err != nil {
			return err
		}
		begins := len(stored.GetBatches()) == 0 && stored.GetRun() == at.GetRun() && at.GetGroup() == ""
		if !begins && !proto.Equal(stored, at) {
			return errTaken
		}
		next = proto.CloneOf(at)
		if err := fn(tx, next); err != nil {
			return err
		}
		return kvrecord.Put(tx, []byte(foldKey), next)
	})
	if err == nil {
		proto.Reset(at)
		proto.Merge(at, next)
	}
	return err
}

// foldWork is a run of Fold and what is left of it.
type foldWork struct {
	fold *recordv1.Fold
	// begun says that the run is stored.
	begun  bool
	groups []*clickGroup
}

// foldWork returns the run that is unfinished, or else a new one.
func (s *Store) foldWork(ctx context.Context) (foldWork, error) {
	var work foldWork
	var batches []*recordv1.ClickBatch
	err := s.view(ctx, func(r kv.Reader) error {
		work, batches = foldWork{fold: &recordv1.Fold{}}, nil
		if err := kvrecord.Get(r, []byte(foldKey), work.fold); err != nil {
			return err
		}
		work.begun = len(work.fold.GetBatches()) > 0
		size := 0
		for entry, err := range r.Scan(kv.Prefix([]byte(batchPrefix))) {
			if err != nil {
				return err
			}
			request := strings.TrimPrefix(string(entry.Key), batchPrefix)
			if work.begun && !inRun(work.fold, request) {
				continue
			}
			batch := &recordv1.ClickBatch{}
			if err := kvrecord.Decode(entry.Key, entry.Value, batch); err != nil {
				return err
			}
			batches = append(batches, batch)
			if work.begun {
				continue
			}
			work.fold.Batches = append(work.fold.GetBatches(), []byte(request))
			if size += len(entry.Value); len(batches) == maxBatches || size > maxBatchBytes {
				break
			}
		}
		return nil
	})
	work.groups = groupsAfter(batches, work.fold.GetGroup())
	return work, err
}

func inRun(f *recordv1.Fold, request string) bool {
	return slices.ContainsFunc(f.GetBatches(), func(b []byte) bool { return string(b) == request })
}

// clickGroup is the clicks that are added to the same values.
type clickGroup struct {
	site  string
	day   stats.Day
	shard int
	// clicks are in any order, and may have the same kind twice.
	clicks []linkClick
}

type linkClick struct {
	link string
	cell stats.Cell
	n    int64
}

// term is the place of a group in a run.
func (g *clickGroup) term() string {
	return fmt.Sprintf("%s/%08d/%s", g.site, g.day, shardTerm(g.shard))
}

// groupsAfter returns the groups of some batches that come after a place.
func groupsAfter(batches []*recordv1.ClickBatch, after string) []*clickGroup {
	type place struct {
		site  string
		day   stats.Day
		shard int
	}
	found := make(map[place]*clickGroup)
	for _, batch := range batches {
		for _, day := range batch.GetDays() {
			for _, link := range day.GetLinks() {
				at := place{day.GetSite(), stats.Day(day.GetDay()), shardOf(link.GetId())}
				group := found[at]
				if group == nil {
					group = &clickGroup{site: at.site, day: at.day, shard: at.shard}
					found[at] = group
				}
				group.take(link)
			}
		}
	}
	var groups []*clickGroup
	for _, group := range found {
		if after == "" || group.term() > after {
			groups = append(groups, group)
		}
	}
	slices.SortFunc(groups, func(a, b *clickGroup) int { return cmp.Compare(a.term(), b.term()) })
	return groups
}

func (g *clickGroup) take(link *recordv1.LinkCounts) {
	_ = eachCell(link, func(cell stats.Cell, c stats.Count) error { // takes no errors
		g.clicks = append(g.clicks, linkClick{link.GetId(), cell, c.All()})
		return nil
	})
}
