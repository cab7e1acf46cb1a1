package media_test

import (
	"bytes"
	"context"
	"fmt"
	"image/jpeg"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
)

// TestManyUploadsAtOnce sends 32 photos at once to a service that works on 8
// uploads with 2 workers. Those beyond wait for as long as the refusal says;
// all are taken in the end, and what the service holds meanwhile is bounded.
// SKAITYKLA_SOAK makes it photos of 24 million pixels.
func TestManyUploadsAtOnce(t *testing.T) {
	const uploads = 32
	const serviceLimit, workersLimit = 300 << 20, 800 << 20
	data := small(t, 7)
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		data = large(t)
	}
	env := environ(t, miniotest.Start(t))
	ctx := asAuthor(t, env)
	env["SKAITYKLA_MEDIA_MAX_UPLOADS"], env["SKAITYKLA_MEDIA_WORKERS"] = "8", "2"
	service := launch(t, env)

	watched, stop := context.WithCancel(ctx)
	var peak memory
	var watching sync.WaitGroup
	watching.Go(func() { peak = watchMemory(watched, service.command.Process.Pid) })
	var mu sync.Mutex
	var names []string
	refused := 0
	var senders sync.WaitGroup
	for i := range uploads {
		senders.Go(func() {
			p, times := insist(ctx, t, service.client, distinct(data, fmt.Sprint(i)))
			mu.Lock()
			defer mu.Unlock()
			names, refused = append(names, p.GetName()), refused+times
		})
	}
	senders.Wait()
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != uploads {
		t.Errorf("%d photos, want %d", n, uploads)
	}
	for _, name := range names {
		awaitReady(ctx, t, service.client, name)
	}
	stop()
	watching.Wait()
	t.Logf("%d photos of %d KB: %d refusals; at most %d MB in the service and %d MB in %d workers",
		uploads, len(data)>>10, refused, peak.service>>20, peak.workers>>20, peak.count)
	if peak.count > 2 || peak.count == 0 {
		t.Errorf("%d workers at once, want 1 or 2", peak.count)
	}
	if peak.service > serviceLimit || peak.workers > workersLimit {
		t.Errorf("the service took %d MB and its workers %d MB, want at most %d and %d",
			peak.service>>20, peak.workers>>20, serviceLimit>>20, workersLimit>>20)
	}
	if refused == 0 {
		t.Error("nobody was told to wait")
	}
}

// insist uploads a photo, waiting as it is told, and returns how often it was.
func insist(ctx context.Context, t *testing.T, client mediav1.MediaServiceClient, data []byte) (p *mediav1.Photo, refused int) {
	t.Helper()
	for {
		p, err := trySend(ctx, client, data)
		if err == nil {
			return p, refused
		}
		e, ok := fault.Of(rpc.FromStatus(err))
		if !ok || e.Reason != faultv1.Reason_REASON_TOO_MANY_UPLOADS || e.Retry <= 0 {
			t.Errorf("upload: %v; want to be told how long to wait", err)
			return nil, refused
		}
		refused++
		<-time.After(e.Retry)
	}
}

// large returns a photograph of 24 million pixels.
func large(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	must(t, jpeg.Encode(&file, phototest.Photo(6000, 4000), &jpeg.Options{Quality: 90}))
	return file.Bytes()
}

// memory is what processes take, in bytes that is not shared with other processes' files.
type memory struct {
	service, workers int64
	count            int
}

// watchMemory looks at a process and its children until the context ends and
// returns the most that it saw, each by itself.
func watchMemory(ctx context.Context, pid int) memory {
	var peak memory
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		now := memory{service: resident(pid)}
		children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
		for _, task := range tasks(pid) {
			of, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%s/children", pid, task))
			children = append(append(children, ' '), of...)
		}
		seen := make(map[string]bool)
		for child := range bytes.FieldsSeq(children) {
			if id, err := strconv.Atoi(string(child)); err == nil && !seen[string(child)] {
				seen[string(child)] = true
				now.workers += resident(id)
				now.count++
			}
		}
		peak = memory{max(peak.service, now.service), max(peak.workers, now.workers), max(peak.count, now.count)}
		select {
		case <-ctx.Done():
			return peak
		case <-tick.C:
		}
	}
}

func tasks(pid int) []string {
	entries, _ := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names
}

// resident returns the anonymous memory of a process, 0 when it is gone.
func resident(pid int) int64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	for line := range strings.Lines(string(status)) {
		if kb, found := strings.CutPrefix(line, "RssAnon:"); found {
			n, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(kb), " kB"), 10, 64)
			return n << 10
		}
	}
	return 0
}
