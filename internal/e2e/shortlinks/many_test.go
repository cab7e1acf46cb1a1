package shortlinks_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// TestManyOpenOneLink opens one link from very many addresses over 16
// connections: every opening is answered with the address of the article and
// counted, and neither memory nor store grows with their number. SKAITYKLA_SOAK
// makes it a million of them.
func TestManyOpenOneLink(t *testing.T) {
	openings := 10_000
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		openings = 1_000_000
	}
	log, err := os.Create(filepath.Join(t.TempDir(), "gateway.log"))
	must(t, err)
	defer log.Close()
	r := newRig(t, 3)
	list := requests(r.codes()[:1], 100_000)
	r.startGateway(log)
	openAll(t, r.gateway, list, clients*100) // what is made once is made now
	began := heap()
	openAll(t, r.gateway, list, openings)
	const limit = 64 << 20
	ended := heap()
	if ended-began > limit {
		t.Errorf("after %d openings %d MB more are held", openings, (ended-began)>>20)
	}
	r.stop["gateway"]()
	want := int64(openings + clients*100)
	if got := r.counted(); got > want || got < want-2*untold {
		t.Errorf("%d openings are counted, want %d", got, want)
	}
	links, err := r.as(auth.Operator).ListShareLinks(t.Context(), &sharingv1.ListShareLinksRequest{Parent: siteName})
	must(t, err)
	opened := 0
	for _, l := range links.GetShareLinks() {
		if l.PeopleCount != nil || l.MachineCount != nil {
			opened++
		}
	}
	if opened != 1 {
		t.Errorf("%d links were opened, want one", opened)
	}
	const room = 32 << 20 // twice what bbolt takes for a store at once
	file, err := os.Stat(strings.TrimPrefix(r.store, "bolt://"))
	must(t, err)
	if file.Size() > room {
		t.Errorf("the store has %d MB", file.Size()>>20)
	}
	t.Logf("%d MB were held before %d openings and %d MB after; the store has %d MB", began>>20, openings, ended>>20, file.Size()>>20)
}

// openAll sends n requests of the list from all clients.
func openAll(tb testing.TB, address string, list [][]byte, n int) {
	tb.Helper()
	var all sync.WaitGroup
	for at := range clients {
		all.Go(func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				tb.Error(err)
				return
			}
			defer conn.Close()
			r := bufio.NewReader(conn)
			for i := at; i < n; i += clients {
				if _, err = conn.Write(list[i%len(list)]); err == nil {
					err = readRedirect(r)
				}
				if err != nil {
					tb.Error(fmt.Errorf("opening %d: %w", i, err))
					return
				}
			}
		})
	}
	all.Wait()
}

// heap returns how many bytes are held by both services and this test.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
