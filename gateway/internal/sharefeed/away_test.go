package sharefeed

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestAway takes the sharing service away: what was good is good for an hour.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		r.answers[words] = found(words, "/kelione-2")
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, "/kelione-2"))
		away := fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "away")
		r.set(func() { r.failure = away })
		r.fails <- away
		synctest.Wait()
		r.leads(code, "/kelione-2", 1)
		if _, _, err := r.feed.Find(t.Context(), words); !fault.Has(err, faultv1.Reason_REASON_STORE_UNAVAILABLE) {
			t.Errorf("a link that was not good when the stream broke: %v", err)
		}
		if _, ok := r.feed.Generation(siteName); ok {
			t.Error("there is a generation while nothing is followed")
		}
		<-time.After(StaleFor)
		if _, _, err := r.feed.Find(t.Context(), code); err == nil {
			t.Errorf("%s is still answered from memory", StaleFor)
		}
	})
}

// TestHanging has the sharing service take calls and answer none: only the first
// reader waits for it, now and then another one, and when it is back it is asked
// again.
func TestHanging(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		hang := make(chan struct{})
		r.set(func() {
			r.failure = fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "away")
			r.during = func() { <-hang }
		})
		r.fails <- r.failure
		synctest.Wait()
		begin := time.Now()
		r.leads(code, "/kelione", 1)
		if waited := time.Since(begin); waited != callTimeout {
			t.Errorf("the first waited %s", waited)
		}
		begin = time.Now()
		for range 100 {
			r.leads(code, "/kelione", 0)
		}
		if waited := time.Since(begin); waited != 0 {
			t.Errorf("a hundred more waited %s", waited)
		}
		<-time.After(awayFor)
		r.leads(code, "/kelione", 1)
		close(hang)
		r.set(func() { r.failure, r.during, r.answers[code] = nil, nil, found(code, "/kelione-2") })
		<-time.After(awayFor)
		r.leads(code, "/kelione-2", 1)
	})
}

// TestResume wants the stream to go on where it was left, and nothing of before
// to be good until it has caught up.
func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, "/a"))
		r.answers[code] = found(code, "/b")
		r.fails <- fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "restarts")
		<-time.After(firstRetry)
		synctest.Wait()
		r.leads(code, "/b", 1)
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, "/b"))
		if _, ok := r.feed.Generation(siteName); ok {
			t.Error("what was missed may not be told yet")
		}
		r.tell(&sharingv1.WatchShareLinksResponse{Kind: sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT, ResumeToken: "t2"})
		r.leads(code, "/b", 0)

		r.fails <- fault.New(faultv1.Reason_REASON_SERVICE_UNAVAILABLE, "restarts")
		<-time.After(firstRetry + settle)
		synctest.Wait()
		r.leads(code, "/b", 0) // also without a heartbeat, when much happens

		r.fails <- fault.Invalid("resume_token", faultv1.Reason_REASON_RESUME_TOKEN_EXPIRED, "expired")
		<-time.After(firstRetry)
		r.begin()
		r.leads(code, "/kelione", 0)
		r.mu.Lock()
		defer r.mu.Unlock()
		if want := []string{"", "t", "t2", ""}; len(r.tokens) != len(want) || r.tokens[1] != "t" || r.tokens[2] != "t2" || r.tokens[3] != "" {
			t.Errorf("resumed with %q, want %q", r.tokens, want)
		}
	})
}

func TestSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		<-time.After(silence - time.Second)
		if !r.feed.live.Load() {
			t.Fatal("taken for dead too early")
		}
		<-time.After(time.Second + firstRetry/2)
		synctest.Wait()
		if r.feed.live.Load() {
			t.Error("a silent stream is taken for alive")
		}
	})
}

// TestLongResume has a stream take long to tell what was missed: nothing of before
// is good until all of it came.
func TestLongResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.begin()
		r.answers[code] = found(code, "")
		r.answers[words] = found(words, "/kelione")
		r.fails <- fault.New(faultv1.Reason_REASON_STORE_UNAVAILABLE, "away")
		<-time.After(firstRetry)
		for range 8 {
			r.tell(&sharingv1.WatchShareLinksResponse{
				Kind: sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED, Site: "sites/kita", ResumeToken: "t1",
			})
			<-time.After(settle / 2)
			synctest.Wait()
			r.leads(code, "", 1)
			if _, ok := r.feed.Generation(siteName); ok {
				t.Fatal("documents of before are good while the stream tells what was missed")
			}
		}
		r.tell(message(sharingv1.WatchShareLinksResponse_KIND_UPDATED, code, ""))
		<-time.After(settle)
		synctest.Wait()
		if _, ok := r.feed.Generation(siteName); !ok {
			t.Error("the stream has told everything and is not followed")
		}
		r.leads(code, "", 0)
	})
}
