package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// operationPrefix is of o/{site}/{operation}: recordv1.Operation.
const operationPrefix = "o/"

// OperationLife is how long an operation is kept after it has ended.
const OperationLife = 30 * 24 * time.Hour

// CreateOperation stores a new operation and returns it, or the one that was
// the answer to the same request before. It fails with TOO_MANY_OPERATIONS when
// limit of them have not ended, and with REQUEST_ID_REUSED.
func (s *Store) CreateOperation(ctx context.Context, op *recordv1.Operation, request replay.Request, limit int, now time.Time) (*recordv1.Operation, error) {
	open, err := s.operations(ctx, "-", func(o *recordv1.Operation) bool { return !ended(o) })
	if err != nil {
		return nil, err
	}
	created := op
	err = s.update(ctx, func(tx kv.Tx) error {
		created = op
		known, err := requests().Answered(tx, request, now)
		if err != nil {
			return err
		}
		if known != "" {
			created, err = getOperation(tx, known)
			return err
		}
		if len(open) >= limit {
			return fault.New(faultv1.Reason_REASON_TOO_MANY_OPERATIONS,
				"%d operations are under way; wait for one to end, or cancel it", len(open)).RetryAfter(time.Minute)
		}
		if err := requests().Remember(tx, request, op.GetName(), now); err != nil {
			return err
		}
		return putOperation(tx, op)
	})
	if err != nil {
		return nil, err
	}
	return created, nil
}

// Operation returns an operation. It fails with RESOURCE_NOT_FOUND.
func (s *Store) Operation(ctx context.Context, name string) (op *recordv1.Operation, err error) {
	err = s.view(ctx, func(r kv.Reader) (err error) {
		op, err = getOperation(r, name)
		return err
	})
	return op, err
}

// Operations returns the operations of a site, those over all sites when it is
// "-", newest first. There are few: they are kept for OperationLife.
func (s *Store) Operations(ctx context.Context, site string) ([]*recordv1.Operation, error) {
	ops, err := s.operations(ctx, site, func(o *recordv1.Operation) bool {
		return strings.HasPrefix(o.GetName(), "sites/"+site+"/")
	})
	slices.SortFunc(ops, func(a, b *recordv1.Operation) int {
		return cmp.Or(created(b).Compare(created(a)), strings.Compare(a.GetName(), b.GetName()))
	})
	return ops, err
}

// operations returns those of a site, of all when it is "-", that keep wants.
func (s *Store) operations(ctx context.Context, site string, keep func(*recordv1.Operation) bool) (ops []*recordv1.Operation, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		ops = nil
		for entry, err := range r.Scan(kv.Prefix(sitePrefix(operationPrefix, site))) {
			if err != nil {
				return err
			}
			op, err := decodeOperation(entry.Value, string(entry.Key))
			if err != nil {
				return err
			}
			if keep(op) {
				ops = append(ops, op)
			}
		}
		return nil
	})
	return ops, err
}

// CancelOperation asks an operation to stop. One that has ended stays as it is.
// It fails with RESOURCE_NOT_FOUND.
func (s *Store) CancelOperation(ctx context.Context, name string) error {
	return s.update(ctx, func(tx kv.Tx) error {
		op, err := getOperation(tx, name)
		if err != nil || ended(op) || op.GetProgress().GetCancelRequested() {
			return err
		}
		op.Progress.CancelRequested = true
		return putOperation(tx, op)
	})
}

// ClaimOperation leases the oldest operation that has not ended and that nobody
// has, or whose holder is gone, and returns it; nil when there is none.
func (s *Store) ClaimOperation(ctx context.Context, lease photo.Lease, now time.Time) (*recordv1.Operation, error) {
	free, err := s.operations(ctx, "-", func(o *recordv1.Operation) bool { return claimable(o, now) })
	if err != nil {
		return nil, err
	}
	slices.SortFunc(free, func(a, b *recordv1.Operation) int { return created(a).Compare(created(b)) })
	for _, candidate := range free {
		var claimed *recordv1.Operation
		err := s.update(ctx, func(tx kv.Tx) error {
			claimed = nil
			op, err := getOperation(tx, candidate.GetName())
			if err != nil || !claimable(op, now) {
				return err
			}
			op.Holder, op.LeaseExpireTime = lease.Holder, timestamppb.New(lease.Until)
			claimed = op
			return putOperation(tx, op)
		})
		if err != nil || claimed != nil {
			return claimed, err
		}
	}
	return nil, nil //nolint:nilnil // nothing to do is what there is most of the time
}

// SaveOperation stores how far the holder of an operation is, who keeps it
// until the lease ends, and gives it up when that has an empty holder. It says
// in op whether the operation was asked to stop. It fails with photo.ErrLost
// when another has it.
func (s *Store) SaveOperation(ctx context.Context, op *recordv1.Operation, lease photo.Lease) error {
	return s.update(ctx, func(tx kv.Tx) error {
		now, err := getOperation(tx, op.GetName())
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || err == nil && now.GetHolder() != op.GetHolder() {
			return photo.ErrLost
		}
		if err != nil {
			return err
		}
		op.Progress.CancelRequested = now.GetProgress().GetCancelRequested()
		next := proto.CloneOf(op)
		next.Holder, next.LeaseExpireTime = lease.Holder, timestamppb.New(lease.Until)
		return putOperation(tx, next)
	})
}

// ExtendOperation gives the holder of an operation more time. It fails with
// photo.ErrLost when another has it.
func (s *Store) ExtendOperation(ctx context.Context, name string, lease photo.Lease) error {
	return s.update(ctx, func(tx kv.Tx) error {
		op, err := getOperation(tx, name)
		if fault.Has(err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND) || err == nil && op.GetHolder() != lease.Holder {
			return photo.ErrLost
		}
		if err != nil {
			return err
		}
		op.LeaseExpireTime = timestamppb.New(lease.Until)
		return putOperation(tx, op)
	})
}

// ForgetOperations removes operations that ended long ago.
func (s *Store) ForgetOperations(ctx context.Context, now time.Time) error {
	old, err := s.operations(ctx, "-", func(o *recordv1.Operation) bool {
		return ended(o) && now.Sub(o.GetProgress().GetEndTime().AsTime()) > OperationLife
	})
	if err != nil {
		return err
	}
	for _, op := range old {
		if err := s.update(ctx, func(tx kv.Tx) error { return tx.Delete(operationKey(op.GetName())) }); err != nil {
			return err
		}
	}
	return nil
}

// PhotosAfter returns at most limit photos of a site, of all sites when it is
// "-", that follow the position {site}/{photo}, in the order of names.
func (s *Store) PhotosAfter(ctx context.Context, site, position string, limit int) ([]*mediav1.Photo, error) {
	rest := kv.Prefix(sitePrefix(photoPrefix, site))
	rest.Limit = limit
	if position != "" {
		rest.Start = []byte(photoPrefix + position + "\x00")
	}
	photos, _, err := s.read(ctx, rest)
	return slices.Clone(photos), err
}

// Count returns how many photos a site has, or all sites together when it is
// "-".
func (s *Store) Count(ctx context.Context, site string) (n int64, err error) {
	err = s.view(ctx, func(r kv.Reader) error {
		n = 0
		for _, err := range r.Scan(kv.Prefix(sitePrefix(listPrefix, site))) {
			if err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func ended(o *recordv1.Operation) bool { return o.GetProgress().GetEndTime() != nil }

func created(o *recordv1.Operation) time.Time { return o.GetProgress().GetCreateTime().AsTime() }

func claimable(o *recordv1.Operation, now time.Time) bool {
	return !ended(o) && (o.GetHolder() == "" || !now.Before(o.GetLeaseExpireTime().AsTime()))
}

// operationKey is the key of sites/{site}/operations/{operation}.
func operationKey(name string) []byte {
	return []byte(operationPrefix + strings.Replace(strings.TrimPrefix(name, "sites/"), "/operations/", "/", 1))
}

func getOperation(r kv.Reader, name string) (*recordv1.Operation, error) {
	data, err := r.Get(operationKey(name))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, fault.NotFound(name).With("name", name)
	}
	if err != nil {
		return nil, err
	}
	return decodeOperation(data, name)
}

func decodeOperation(data []byte, what string) (*recordv1.Operation, error) {
	op := &recordv1.Operation{}
	if err := proto.Unmarshal(data, op); err != nil {
		return nil, fault.Wrap(err, faultv1.Reason_REASON_STORE_DAMAGED,
			"the record of %s cannot be read; the operator must restore the store from a copy", what)
	}
	return op, nil
}

func putOperation(tx kv.Tx, op *recordv1.Operation) error {
	data, err := proto.Marshal(op)
	if err != nil {
		return fmt.Errorf("encode %s: %w", op.GetName(), err)
	}
	return tx.Put(operationKey(op.GetName()), data)
}
