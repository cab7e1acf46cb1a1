package shortlinks_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// BenchmarkOpen opens 100,000 links, at random, through the gateway from 16 clients, with
// counting, its log in a file, and the sharing service folding the counts in the
// same process; in turns with a bare net/http server that redirects. The clients
// do as little as they can. It checks that every opening was counted.
func BenchmarkOpen(b *testing.B) {
	const turn = 3 * time.Second
	links := 100_000
	if testing.Short() {
		links = 2_000
	}
	log, err := os.Create(filepath.Join(b.TempDir(), "gateway.log"))
	must(b, err)
	defer log.Close()
	r := newRig(b, links)
	list := requests(r.codes(), links)
	r.startGateway(log)
	bare := serveBare(b)
	load(b, bare, list, turn/2)
	opened, _ := load(b, r.gateway, list, turn/2)
	var ours, theirs spent
	for b.Loop() {
		theirs.add(b, func() (int, time.Duration) { return load(b, bare, list, turn) })
		opened += ours.add(b, func() (int, time.Duration) { return load(b, r.gateway, list, turn) })
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(theirs.requests/theirs.took, "bare/s")
	b.ReportMetric(ours.requests/ours.took, "opened/s")
	b.ReportMetric((ours.requests/ours.took)/(theirs.requests/theirs.took), "ratio")
	b.ReportMetric(1e6*theirs.cpu/theirs.requests, "bare-cpu-us")
	b.ReportMetric(1e6*ours.cpu/ours.requests, "opened-cpu-us")
	b.ReportMetric((theirs.cpu/theirs.requests)/(ours.cpu/ours.requests), "cpu-ratio")
	r.stop["gateway"]()
	if got := r.counted(); got > int64(opened) || got < int64(opened)-untold {
		b.Errorf("%d openings are counted, want %d", got, opened)
	}
}

// spent is what requests took, in seconds: on the clock, and of the processors,
// which tells more where others use them, too.
type spent struct{ requests, took, cpu float64 }

// add does some requests and returns how many.
func (s *spent) add(b *testing.B, do func() (int, time.Duration)) int {
	b.Helper()
	before := cpuTime(b)
	n, took := do()
	s.requests, s.took, s.cpu = s.requests+float64(n), s.took+took.Seconds(), s.cpu+cpuTime(b)-before
	return n
}

// cpuTime returns the seconds of processors that this process has used: clients,
// both servers, and the sharing service.
func cpuTime(b *testing.B) float64 {
	b.Helper()
	var used syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

// untold is how many clicks may be left out at most: of people and of machines (who
// opens a link again and again is one) what remains when few of a kind are
// rounded down to fives.
const untold = 4 + 4

// counted returns how many openings the sharing service knows of.
func (r *rig) counted() int64 {
	r.tb.Helper()
	stats, err := r.as(auth.Operator).QueryShareStats(r.tb.Context(), &sharingv1.QueryShareStatsRequest{Site: siteName})
	must(r.tb, err)
	return stats.GetTotal().GetPeopleCount() + stats.GetTotal().GetMachineCount()
}
