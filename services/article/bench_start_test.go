package article_test

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// indexTime bounds the making of the search index, which the benchmark waits
// for before it measures.
const indexTime = 20 * time.Minute

// measureStart measures the program itself on a library whose search index is
// there: the time until a reader gets an article and finds one, and its memory
// then and after 1,000 reads. heap is memory of its own, mapped are pages of its
// files, which the system takes back when it needs them.
func measureStart(b *testing.B, l library) {
	b.Helper()
	program := buildProgram(b)
	began := time.Now()
	p := startProgram(b, program, l)
	p.untilFound(b)
	b.Logf("the index of %d articles was made in %s; the folder has %d MB", l.count, time.Since(began).Round(time.Second/10), l.indexMB(b))
	p.stop(b)
	var got, found time.Duration
	for b.Loop() {
		began := time.Now()
		p = startProgram(b, program, l)
		p.untilGot(b)
		got += time.Since(began)
		p.untilFound(b)
		found += time.Since(began)
		p.settle(b)
		b.ReportMetric(p.status(b, "RssAnon"), "start-heap-MB")
		b.ReportMetric(p.status(b, "RssFile"), "start-mapped-MB")
		for i := range 1000 {
			if err := p.get(b, i*7919%l.count); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(p.status(b, "RssAnon"), "read-heap-MB")
		b.ReportMetric(p.status(b, "RssFile"), "read-mapped-MB")
		b.ReportMetric(p.status(b, "VmHWM"), "peak-MB")
		p.stop(b)
	}
	b.ReportMetric(got.Seconds()/float64(b.N), "s/got")
	b.ReportMetric(found.Seconds()/float64(b.N), "s/found")
	b.ReportMetric(0, "ns/op")
}

func (l library) indexMB(b *testing.B) int64 {
	b.Helper()
	size := int64(0)
	err := filepath.Walk(strings.TrimSuffix(l.file, ".db")+"-index", func(_ string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			size += info.Size()
		}
		return err
	})
	must(b, size, err)
	return size >> 20
}

func buildProgram(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "article")
	out, err := exec.CommandContext(b.Context(), "go", "build", "-o", program, "./cmd/article").CombinedOutput()
	if err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return program
}

// program is a running article service.
type program struct {
	library

	cmd    *exec.Cmd
	log    *bytes.Buffer
	conn   *grpc.ClientConn
	client articlev1.ArticleServiceClient
}

func startProgram(b *testing.B, binary string, l library) *program {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, listener, err)
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		b.Fatal(err)
	}
	p := &program{library: l, cmd: exec.Command(binary), log: &bytes.Buffer{}}
	p.cmd.Env = append(os.Environ(), "SKAITYKLA_ARTICLE_ADDR="+address, "SKAITYKLA_ARTICLE_STORE=bolt://"+l.file, "SKAITYKLA_LOG_LEVEL=info")
	p.cmd.Stderr = p.log
	if err := p.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	// By itself a client waits a second after it came too early.
	eager := backoff.Config{BaseDelay: 5 * time.Millisecond, Multiplier: 1, MaxDelay: 5 * time.Millisecond}
	p.conn, err = grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: eager, MinConnectTimeout: time.Second}))
	must(b, p.conn, err)
	p.client = articlev1.NewArticleServiceClient(p.conn)
	return p
}

func (p *program) get(b *testing.B, i int) error {
	b.Helper()
	_, err := p.client.GetArticle(b.Context(), &articlev1.GetArticleRequest{
		Name: article.Name{Site: "biblioteka", ID: p.id(i)}.String(),
	}, grpc.WaitForReady(true))
	return err
}

func (p *program) untilGot(b *testing.B) {
	b.Helper()
	if err := p.get(b, 0); err != nil {
		b.Fatalf("%v: %s", err, p.log)
	}
}

// untilFound waits until searches are answered.
func (p *program) untilFound(b *testing.B) {
	b.Helper()
	req := &articlev1.SearchArticlesRequest{Parent: testkit.Site, Query: "knygos"}
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for began := time.Now(); ; <-ticker.C {
		resp, err := p.client.SearchArticles(b.Context(), req, grpc.WaitForReady(true))
		switch {
		case err == nil && len(resp.GetResults()) > 0:
			return
		case time.Since(began) > indexTime:
			b.Fatalf("nothing is found: %v: %s", err, p.log)
		}
	}
}

// settle waits until the program has nothing more to do by itself.
func (p *program) settle(b *testing.B) {
	b.Helper()
	ticker := time.NewTicker(500 * time.Millisecond)
	defer ticker.Stop()
	for last := ""; ; <-ticker.C {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
		must(b, stat, err)
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if spent := fields[11] + " " + fields[12]; spent == last {
			return
		} else {
			last = spent
		}
	}
}

// status returns a size that Linux tells of the process, in MB.
func (p *program) status(b *testing.B, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	must(b, status, err)
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kb, err := strconv.Atoi(strings.Fields(rest)[0])
			must(b, kb, err)
			return float64(kb) / 1024
		}
	}
	b.Fatalf("%s is not told", name)
	return 0
}

func (p *program) stop(b *testing.B) {
	b.Helper()
	_ = p.conn.Close()
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		b.Fatalf("%v: %s", err, p.log)
	}
}
