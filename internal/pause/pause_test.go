package pause_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/pause"
)

func TestFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if !pause.For(t.Context(), time.Minute) || time.Since(began) != time.Minute {
			t.Errorf("ended after %s", time.Since(began))
		}
		if !pause.For(t.Context(), 0) {
			t.Error("nothing to wait for, and the context taken for ended")
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began = time.Now()
		if pause.For(ctx, time.Minute) || time.Since(began) != time.Second {
			t.Errorf("went on for %s", time.Since(began))
		}
		if pause.For(ctx, 0) {
			t.Error("went on after the context ended")
		}
	})
}

func TestEvery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		var at []time.Duration
		pause.Every(ctx, time.Second, func() {
			at = append(at, time.Since(began))
			if len(at) == 3 {
				cancel()
			}
		})
		if len(at) != 3 || at[0] != time.Second || at[2] != 3*time.Second {
			t.Errorf("steps at %v", at)
		}
	})
}
