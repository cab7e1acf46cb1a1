package server

import (
	"syscall"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// BenchmarkComposeShareSheet composes the sheet of an article that is in memory
// already, with all 18 targets, and encodes it. The baseline encodes the same
// sheet made before. Both in time of the processor, which a busy machine does
// not change much.
func BenchmarkComposeShareSheet(b *testing.B) {
	site := sharingtest.Site()
	site.FacebookAppId = "123456789"
	article := published.Article{Site: published.Site{Resource: site}, Resource: sharingtest.Article()}
	words := lang.Default()
	encode := func(answer *sharingv1.ComposeShareSheetResponse) {
		if _, err := proto.Marshal(answer); err != nil {
			b.Fatal(err)
		}
	}
	made := sheet(article, "3f7k2m9q", words)
	if len(made.GetLinks()) != 18 {
		b.Fatalf("%d links", len(made.GetLinks()))
	}
	b.ReportAllocs()
	start := processor(b)
	for b.Loop() {
		encode(sheet(article, "3f7k2m9q", words))
	}
	whole := processor(b) - start
	b.StopTimer()
	start = processor(b)
	for range b.N {
		encode(made)
	}
	bare := processor(b) - start
	b.ReportMetric(float64(whole)/float64(time.Microsecond)/float64(b.N), "cpu-µs/op")
	b.ReportMetric(float64(bare)/float64(time.Microsecond)/float64(b.N), "bare-cpu-µs/op")
}

// processor returns the time of the processor that this process has used.
func processor(tb testing.TB) time.Duration {
	tb.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
