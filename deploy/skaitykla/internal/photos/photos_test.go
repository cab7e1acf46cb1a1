package photos

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

// failing returns a function that fails so often and then succeeds, and counts.
func failing(err error, times int) (do func() (int, error), calls *int) {
	calls = new(int)
	return func() (int, error) {
		if *calls++; *calls <= times {
			return 0, err
		}
		return *calls, nil
	}, calls
}

func TestRetried(t *testing.T) {
	busy, err := status.New(codes.ResourceExhausted, "later").WithDetails(
		&errdetails.RetryInfo{RetryDelay: durationpb.New(20 * time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name        string
		err         error
		times       int
		calls       int
		fails       bool
		least, most time.Duration
	}{
		{"at once", nil, 0, 1, false, 0, 0},
		{"for good", status.Error(codes.InvalidArgument, "no photo"), 9, 1, true, 0, 0},
		{"no status", errors.New("disk"), 9, 1, true, 0, 0},
		{"away for a moment", status.Error(codes.Unavailable, "away"), 3, 4, false, time.Second, 4 * time.Second},
		{"as long as is asked", busy.Err(), 2, 3, false, 40 * time.Second, 41 * time.Second},
		{"away for long", status.Error(codes.Unavailable, "away"), 1000, 0, true, allWaiting, allWaiting + longWait},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				do, calls := failing(c.err, c.times)
				begin := time.Now()
				_, err := retried(t.Context(), do)
				took := time.Since(begin)
				if (err != nil) != c.fails || took < c.least || took > c.most || (c.calls > 0 && *calls != c.calls) {
					t.Errorf("%v after %d calls in %s", err, *calls, took)
				}
			})
		})
	}
}

func TestRetriedInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		do, _ := failing(status.Error(codes.Unavailable, "away"), 1000)
		begin := time.Now()
		if _, err := retried(ctx, do); !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) != 3*time.Second {
			t.Errorf("%v after %s", err, time.Since(begin))
		}
	})
}

func TestAddInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results := (&Adder{Parallel: 2}).Add(ctx, []File{{Path: "a.jpg"}, {Path: "b.jpg"}})
	for i, r := range results {
		if r.Outcome != Untried || r.File == "" {
			t.Errorf("file %d: %+v", i, r)
		}
	}
}

func TestHashOfChangingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jpg")
	if err := os.WriteFile(path, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{4, 6} {
		if _, err := (File{path, size}).hash(t.Context()); !errors.Is(err, ErrChanged) {
			t.Errorf("of %d bytes: %v", size, err)
		}
	}
}
