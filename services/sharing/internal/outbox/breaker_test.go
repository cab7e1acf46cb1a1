package outbox

import (
	"fmt"
	"testing"
	"time"
)

// TestBreakerForgets keeps what is known of hosts bounded: one that nobody calls
// any more, such as that of a deleted endpoint, is forgotten, one that is left
// alone or called is not.
func TestBreakerForgets(t *testing.T) {
	b, at := newBreaker(), time.Unix(1_800_000_000, 0)
	for i := range 100 {
		host := fmt.Sprintf("host-%d", i)
		if !b.enter(host, at) {
			t.Fatal("not entered")
		}
		b.failed(host, at, 0)
		b.leave(host)
	}
	for range tolerated {
		b.enter("down", at)
		b.failed("down", at, 0)
		b.leave("down")
	}
	b.enter("busy", at)
	b.forget(at.Add(time.Second))
	if len(b.hosts) != 102 {
		t.Errorf("%d hosts a second later", len(b.hosts))
	}
	b.forget(at.Add(firstRest + time.Second))
	if b.hosts["down"] == nil {
		t.Error("a host that is down was forgotten as soon as its rest was over")
	}
	b.forget(at.Add(time.Hour))
	if len(b.hosts) != 1 || b.hosts["busy"] == nil {
		t.Errorf("%d hosts are still known", len(b.hosts))
	}
}
