package article_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv"
	"github.com/skaitykla/skaitykla/internal/kv/boltkv"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article"
	noun "github.com/skaitykla/skaitykla/services/article/internal/article"
	"github.com/skaitykla/skaitykla/services/article/internal/store"
)

// storeEnv makes the test binary a child that writes to the store at this path.
const storeEnv = "ARTICLE_CHILD_STORE"

// TestMain lets the test binary be the child that the drill kills.
func TestMain(m *testing.M) {
	path := os.Getenv(storeEnv)
	if path == "" {
		os.Exit(m.Run())
	}
	if err := writeForever(path); err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
}

// writeForever has 64 writers create, save and publish, and prints each
// acknowledged write.
func writeForever(path string) error {
	db, err := boltkv.Open(path, kv.Options{Format: store.Format()})
	if err != nil {
		return err
	}
	ctx := auth.WithPrincipal(context.Background(), testkit.PrincipalOf(auth.Operator))
	parts, err := article.Assemble(ctx, store.New(db), nil, bare(path))
	if err != nil {
		return err
	}
	go parts.Search.Run(ctx)
	_, err = parts.Server.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "biblioteka", Site: newSite()})
	if err != nil && fault.ReasonOf(err) != faultv1.Reason_REASON_RESOURCE_EXISTS {
		return err
	}
	failed := make(chan error, writers)
	var out sync.Mutex
	for w := range writers {
		go func() {
			for i := 0; ; i++ {
				if err := writeOne(ctx, parts, &out, w, i); err != nil {
					failed <- err
					return
				}
			}
		}()
	}
	return errors.Join(<-failed, db.Close())
}

// bare is the config of a service on the store at path, with its index beside.
func bare(path string) article.Config {
	return article.Config{Config: host.Config{Log: slog.New(slog.DiscardHandler)}, IndexDir: path + "-index"}
}

// writeOne takes an article through a short life.
func writeOne(ctx context.Context, parts *article.Parts, out *sync.Mutex, w, i int) error {
	a, err := parts.Server.CreateArticle(ctx, &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{
			Title: fmt.Sprintf("Rašytojas %d, %d", w, i), Tags: []string{fmt.Sprint("žyma", w%8)},
			Blocks: []*articlev1.Block{paragraph("", strings.Repeat("Žodžiai apie skaityklą. ", 20))},
		},
	})
	steps := []func() (*articlev1.Article, error){
		func() (*articlev1.Article, error) {
			return parts.Server.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Topics: []string{"nauja"}}})
		},
		func() (*articlev1.Article, error) {
			return parts.Server.PublishArticle(ctx, &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
		},
		func() (*articlev1.Article, error) {
			return parts.Server.UnpublishArticle(ctx, &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
		},
	}
	for _, step := range steps[:1+i%3] {
		if err != nil {
			return err
		}
		out.Lock()
		fmt.Fprintf(os.Stdout, "%s %d %d\n", a.GetName(), a.GetRevision(), a.GetState())
		out.Unlock()
		a, err = step()
	}
	return err
}

// TestKillWriters kills a service that 64 writers write to, at any moment, and
// wants every acknowledged write, and everything that is derived of an article,
// back.
func TestKillWriters(t *testing.T) {
	rounds := 2
	if n, err := strconv.Atoi(os.Getenv("SKAITYKLA_SOAK")); err == nil && n > 0 {
		rounds = 50
	}
	path := filepath.Join(t.TempDir(), "killed.db")
	acknowledged := make(map[string]ack)
	for round := range rounds {
		killService(t, path, 200+331*(round%5), acknowledged)
		checkKilled(t, path, acknowledged)
	}
	t.Logf("%d rounds, %d articles", rounds, len(acknowledged))
}

// ack is the last that was acknowledged of an article.
type ack struct {
	revision int64
	state    articlev1.Article_State
}

// killService kills the child after it acknowledged n writes.
func killService(t *testing.T, path string, n int, acknowledged map[string]ack) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), storeEnv+"="+path)
	cmd.Stderr = os.Stderr
	stdout, err := cmd.StdoutPipe()
	must(t, stdout, err)
	must(t, 0, cmd.Start())
	seen := 0
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		var name string
		var a ack
		if _, err := fmt.Sscan(lines.Text(), &name, &a.revision, &a.state); err == nil {
			acknowledged[name] = a
		}
		if seen++; seen == n {
			must(t, 0, cmd.Process.Kill())
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the child ended with %v after %d writes", err, seen)
	}
}

func checkKilled(t *testing.T, path string, acknowledged map[string]ack) {
	t.Helper()
	db, err := boltkv.Open(path, kv.Options{Format: store.Format()})
	must(t, db, err)
	s := store.New(db)
	for name, want := range acknowledged {
		n, err := noun.ParseName("name", name)
		must(t, n, err)
		got, err := s.Load(t.Context(), n, 0)
		if err != nil || got.Number < want.revision || got.State.GetState() < want.state {
			t.Errorf("%s: acknowledged %+v, found %v %v, %v", name, want, got.Number, got.State.GetState(), err)
		}
	}
	all, public := agree(t, s)
	indexed(t, path, s, len(all), len(public))
	must(t, 0, db.Close())
}

// indexed wants the search index, which died with the service, to find every
// article once it has caught up.
func indexed(t *testing.T, path string, s *store.Store, all, public int) {
	t.Helper()
	ctx, cancel := context.WithCancel(auth.WithPrincipal(t.Context(), testkit.PrincipalOf(auth.Operator)))
	parts, err := article.Assemble(ctx, s, nil, bare(path))
	must(t, parts, err)
	var running sync.WaitGroup
	running.Go(func() { parts.Search.Run(ctx) })
	defer func() { cancel(); running.Wait(); parts.Search.Close() }()
	must(t, 0, parts.Search.CatchUp(ctx))
	for view, want := range map[articlev1.ArticleView]int{working: all, articlev1.ArticleView_ARTICLE_VIEW_PUBLISHED: public} {
		found, err := parts.Server.SearchArticles(ctx, &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "rašytojas", View: view})
		if err != nil || int(found.GetTotalSize()) != want {
			t.Errorf("with the view %s the index finds %d articles, want %d; %v", view, found.GetTotalSize(), want, err)
		}
	}
}
