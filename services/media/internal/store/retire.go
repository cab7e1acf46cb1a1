package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

const (
	// RetiredLife is how long addresses work that a photo no longer tells:
	// pages that caches, feed readers and archives keep still have them.
	RetiredLife = 30 * 24 * time.Hour
	// maxRetired bounds how many generations are remembered; the oldest are
	// forgotten first.
	maxRetired = 100
)

// retire remembers generations that the photo told until now.
func retire(tx kv.Tx, name photo.Name, generations []string, now time.Time) error {
	if len(generations) == 0 {
		return nil
	}
	all, err := getRetired(tx, name)
	if err != nil {
		return err
	}
	all.Generations = slices.DeleteFunc(all.GetGenerations(), func(g *recordv1.Retired_Generation) bool {
		return slices.Contains(generations, g.GetGeneration()) || !works(g, now)
	})
	for _, g := range generations {
		all.Generations = append(all.Generations, &recordv1.Retired_Generation{Generation: g, RetireTime: timestamppb.New(now)})
	}
	all.Generations = all.GetGenerations()[max(0, len(all.GetGenerations())-maxRetired):]
	data, err := proto.Marshal(all)
	if err != nil {
		return fmt.Errorf("encode the generations of %s: %w", name, err)
	}
	return tx.Put(retiredKey(name), data)
}

// works reports whether addresses of a retired generation still work.
func works(g *recordv1.Retired_Generation, now time.Time) bool {
	return now.Sub(g.GetRetireTime().AsTime()) < RetiredLife
}

func getRetired(r kv.Reader, name photo.Name) (*recordv1.Retired, error) {
	all := &recordv1.Retired{}
	data, err := r.Get(retiredKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	if err := proto.Unmarshal(data, all); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the generations of %s cannot be read; the operator must restore the store from a copy", name)
	}
	return all, nil
}

// Retired reports whether addresses of the generation were told before and
// still work.
func (s *Store) Retired(ctx context.Context, name photo.Name, generation string, now time.Time) (bool, error) {
	found := false
	err := s.view(ctx, func(r kv.Reader) error {
		all, err := getRetired(r, name)
		if err != nil {
			return err
		}
		found = slices.ContainsFunc(all.GetGenerations(), func(g *recordv1.Retired_Generation) bool {
			return g.GetGeneration() == generation && works(g, now)
		})
		return nil
	})
	return found, err
}

// generations returns those of a photo whose objects count: that it tells, that
// it is to have, and that are retired and still work.
func generations(r kv.Reader, name photo.Name, p *mediav1.Photo, now time.Time) ([]string, error) {
	all := append(photo.Generations(p), p.GetGeneration(), photo.CutGeneration(p))
	retired, err := getRetired(r, name)
	if err != nil {
		return nil, err
	}
	for _, g := range retired.GetGenerations() {
		if works(g, now) {
			all = append(all, g.GetGeneration())
		}
	}
	return all, nil
}
