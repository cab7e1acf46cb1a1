package sharing_test

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/sharing"
	"github.com/skaitykla/skaitykla/services/sharing/internal/articles"
	"github.com/skaitykla/skaitykla/services/sharing/internal/follow"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

// asService makes a process of this test the service itself.
const asService = "SKAITYKLA_TEST_AS_SHARING"

func TestMain(m *testing.M) {
	if os.Getenv(asService) != "" {
		run.Main(sharing.Start)
		return
	}
	os.Exit(m.Run())
}

// TestKillRounds kills the service again and again at random moments while
// articles are published, corrected and withdrawn. In the end each event had its
// effect once and in order, every article has one code, and rows and lists say
// what readers see. SKAITYKLA_SOAK makes it 50 rounds.
func TestKillRounds(t *testing.T) {
	rounds := 4
	if os.Getenv("SKAITYKLA_SOAK") != "" {
		rounds = 50
	}
	const seed = 5
	chance := rand.New(rand.NewPCG(seed, seed))
	service := sharingtest.NewArticleService(sharingtest.Site())
	file := "bolt://" + filepath.Join(t.TempDir(), "sharing.db")
	beginFeed(t, file)
	upstream := listen(t)
	serveFeed(t, upstream, service)
	env := []string{
		asService + "=1", "SKAITYKLA_SHARING_ADDR=127.0.0.1:0", "SKAITYKLA_SHARING_STORE=" + file,
		"SKAITYKLA_ARTICLE_ADDR=" + upstream.Addr().String(), "SKAITYKLA_MEDIA_ADDR=127.0.0.1:1",
	}
	newsroom := &newsroom{service: service, chance: rand.New(rand.NewPCG(seed, 0)), told: make(map[string][]string)}
	for range rounds {
		child := launch(t, env)
		stop := newsroom.work()
		<-time.After(time.Duration(chance.IntN(500)) * time.Millisecond)
		kill(t, child)
		stop()
	}
	service.Publish(piece("paskutinis", "p")) // the end, as followers see it
	newsroom.told["paskutinis"] = []string{"published"}
	checkRows(t, file, service, newsroom.told)
}

// beginFeed makes a store that has followed from the beginning.
func beginFeed(t *testing.T, file string) {
	t.Helper()
	records := openStore(t, file)
	rows, f := store.New(records), store.Following{Holder: "test", Token: "0"}
	must(t, rows.Follow(t.Context(), f.Holder, time.Now()))
	must(t, rows.CompleteSnapshot(t.Context(), f, time.Now()))
	must(t, records.Close())
}

func openStore(t *testing.T, file string) kv.Store {
	t.Helper()
	records, _, err := kvopen.Open(file, kv.Options{Format: store.Format()})
	must(t, err)
	return records
}

func serveFeed(t *testing.T, l net.Listener, service *sharingtest.ArticleService) {
	t.Helper()
	server, err := rpc.NewServer(rpc.Config{Log: testkit.Log(t)}, func(r grpc.ServiceRegistrar) {
		articlev1.RegisterArticleServiceServer(r, service)
	})
	must(t, err)
	background(t, func(ctx context.Context) error { return server.Serve(ctx, l) })
}

// launch starts the service and returns when it serves.
func launch(t *testing.T, env []string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	child := exec.CommandContext(t.Context(), self)
	child.Env = env
	output, err := child.StderrPipe()
	must(t, err)
	must(t, child.Start())
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "sharing serves") {
			go func() {
				for lines.Scan() { // or the service would block on its log
				}
			}()
			return child
		}
	}
	t.Fatal("the service ended before it served")
	return nil
}

func kill(t *testing.T, child *exec.Cmd) {
	t.Helper()
	must(t, child.Process.Kill())
	_ = child.Wait() // it was killed
}

// newsroom publishes, corrects and withdraws, and remembers what the feed told
// of each article.
type newsroom struct {
	service *sharingtest.ArticleService
	chance  *rand.Rand
	told    map[string][]string
	made    int
}

// work goes on until stop is called.
func (n *newsroom) work() (stop func()) {
	done := make(chan struct{})
	var worker sync.WaitGroup
	worker.Go(func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Duration(n.chance.IntN(4)) * time.Millisecond):
				n.step()
			}
		}
	})
	return func() { close(done); worker.Wait() }
}

func (n *newsroom) step() {
	id := fmt.Sprintf("straipsnis-%d", n.made)
	if known := slices.Sorted(maps.Keys(n.told)); len(known) > 0 && n.chance.IntN(3) > 0 {
		id = known[n.chance.IntN(len(known))]
	} else {
		n.made++
	}
	told := n.told[id]
	public := len(told) > 0 && told[len(told)-1] != "withdrawn"
	if public && n.chance.IntN(2) == 0 {
		n.service.Unpublish(sharingtest.SiteName + "/articles/" + id)
		n.told[id] = append(told, "withdrawn")
		return
	}
	n.service.Publish(piece(id, fmt.Sprint(len(told))))
	if public {
		n.told[id] = append(told, "corrected")
	} else {
		n.told[id] = append(told, "published")
	}
}

// piece returns an article in some edition, each a revision of its own: another
// text of the same revision would be a redaction.
func piece(id, edition string) *articlev1.Article {
	a := sharingtest.Short()
	a.Name, a.Uid, a.Path = sharingtest.SiteName+"/articles/"+id, "uid-of-"+id, "/"+id
	now := timestamppb.New(time.Now())
	a.PublishTime, a.FirstPublicTime = now, now
	a.Revision = now.AsTime().UnixNano()
	a.PublishedRevision = a.GetRevision()
	a.Title, a.Tags = "Laida "+edition, []string{"Visi", "Laida " + edition}
	return a
}

// checkRows follows the feed to its end, in this process, and compares what is
// in the store with what readers see and with what was told.
func checkRows(t *testing.T, file string, service *sharingtest.ArticleService, told map[string][]string) {
	t.Helper()
	records := openStore(t, file)
	defer func() { must(t, records.Close()) }()
	rows := store.New(records)
	server := testkit.Start(t, func(r grpc.ServiceRegistrar) { articlev1.RegisterArticleServiceServer(r, service) })
	cache, err := articles.NewCache(0)
	must(t, err)
	follower := follow.Follower{
		Articles: articlev1.NewArticleServiceClient(server.As("")), Rows: rows, Cache: cache, Log: testkit.Log(t),
	}
	stop := background(t, func(ctx context.Context) error { follower.Run(ctx); return nil })
	seen := make(map[string][]string)
	for batch, err := range rows.Watch(t.Context(), "-", 0) {
		must(t, err)
		for _, change := range batch.Changes {
			if change.Article != "" {
				seen[change.Article] = append(seen[change.Article], change.What)
			}
		}
		if seen["paskutinis"] != nil {
			break
		}
	}
	stop()
	if diff := cmp.Diff(told, seen); diff != "" {
		t.Errorf("what happened (-want +got):\n%.4000s", diff)
	}
	checkLists(t, rows, told)
}

// checkLists compares lists and links with what was told.
func checkLists(t *testing.T, rows *store.Store, told map[string][]string) {
	t.Helper()
	want := make(map[string]bool)
	for id, history := range told {
		if history[len(history)-1] != "withdrawn" {
			want[id] = true
		}
	}
	for name, q := range map[string]store.Query{"all": {}, "language": {Language: "lt"}, "tag": {Tag: "Visi"}} {
		got := make(map[string]bool)
		for q.Site, q.Limit = "biblioteka", 100; ; {
			page, next, err := rows.List(t.Context(), q)
			must(t, err)
			for _, row := range page {
				got[row.GetPath()[1:]] = true
			}
			if q.After = next; next == nil {
				break
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.4000s", name, diff)
		}
	}
	links := make(map[string]int)
	for link, err := range rows.WalkLinks(t.Context(), "biblioteka") {
		must(t, err)
		links[link.ArticleName().ID]++
	}
	for id := range told {
		if links[id] != 1 {
			t.Errorf("%s has %d links", id, links[id])
		}
	}
	t.Logf("%d articles, %d of them public, %d events", len(told), len(want), events(told))
}

func events(told map[string][]string) int {
	n := 0
	for _, history := range told {
		n += len(history)
	}
	return n
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
