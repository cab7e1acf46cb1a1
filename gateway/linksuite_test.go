package gateway_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/gateway"
	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Ids of links: of the sample article, of one that was withdrawn, of one whose
// address is not of a page, and one that leads nowhere.
var (
	codeFound = codeOf(1)
	codeGone  = codeOf(2)
	codeEvil  = codeOf(3)
	codeNone  = codeOf(4)
)

const wordsFound = "plakatas-2026"

// codeOf returns a code, always the same one.
func codeOf(n byte) string {
	code, err := shortcode.NewCode(strings.NewReader(string([]byte{n, 20, 9, 3, 27, 14, 22})))
	if err != nil {
		return err.Error()
	}
	return code
}

// A visitor who must leave no trace.
const (
	visitorAddress = "203.0.113.77"
	visitorAgent   = "Mozilla/5.0 (X11; Linux x86_64) Unikalus/7.7 Chrome/142.0.0.0 Safari/537.36"
)

// linkSuite is a suite with short links whose feed is followed.
type linkSuite struct {
	*suite
	logs map[slog.Level]*logBook
}

// logBook is a log to look into.
type logBook struct {
	mu      sync.Mutex
	text    strings.Builder
	written chan struct{}
}

func (b *logBook) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.written <- struct{}{}:
	default:
	}
	return b.text.Write(p)
}

func (b *logBook) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// wait returns when the log has a text.
func (b *logBook) wait(t *testing.T, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for !strings.Contains(b.String(), text) {
		select {
		case <-b.written:
		case <-ctx.Done():
			t.Fatalf("the log never has %q", text)
		}
	}
}

// everyLevel are the levels of a log, and one below them.
var everyLevel = []slog.Level{slog.LevelDebug - 4, slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError}

func newLinkSuite(t *testing.T) *linkSuite {
	t.Helper()
	d := &linkSuite{logs: make(map[slog.Level]*logBook)}
	books := &bookshelf{followed: make(chan struct{})}
	for _, level := range everyLevel {
		d.logs[level] = &logBook{written: make(chan struct{}, 1)}
		books.handlers = append(books.handlers, slog.NewTextHandler(d.logs[level], &slog.HandlerOptions{Level: level}))
	}
	d.suite = newSuiteWith(t, func(s *suite, config *gateway.Config) {
		config.Log = slog.New(books)
		config.Tokens = fixedToken(s.kit.Token(testkit.PrincipalOf(auth.Service)))
		config.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		s.articles.sites = []*articlev1.Site{library()}
		s.articles.put(s.sample(t))
		s.links(t)
	})
	stop := d.stop["sharing"]
	d.stop["sharing"] = func() { close(d.sharing.links.stopping); stop() }
	select {
	case <-books.followed:
	case <-time.After(20 * time.Second):
		t.Fatal("the feed of links is not followed")
	}
	return d
}

// bookshelf writes into the logs of all levels, and says when the feed of links is
// followed.
type bookshelf struct {
	handlers []slog.Handler
	followed chan struct{}
	once     sync.Once
}

func (b *bookshelf) Enabled(context.Context, slog.Level) bool { return true }

func (b *bookshelf) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == "the feed of share links is followed" {
		b.once.Do(func() { close(b.followed) })
	}
	var errs []error
	for _, h := range b.handlers {
		if h.Enabled(ctx, r.Level) {
			errs = append(errs, h.Handle(ctx, r.Clone()))
		}
	}
	return errors.Join(errs...)
}

func (b *bookshelf) WithAttrs([]slog.Attr) slog.Handler { return b }

func (b *bookshelf) WithGroup(string) slog.Handler { return b }

type fixedToken string

// Token implements rpc.TokenSource.
func (f fixedToken) Token(context.Context) (string, error) { return string(f), nil }

// links fills the table of the sharing service.
func (s *suite) links(t *testing.T) {
	t.Helper()
	answer := func(id string, state sharingv1.ShareLink_State, uri string) *sharingv1.ResolveShareLinkResponse {
		a := &sharingv1.ResolveShareLinkResponse{
			State: sharingv1.ResolveShareLinkResponse_STATE_FOUND, Uri: uri, LanguageCode: "lt",
			ShareLink: &sharingv1.ShareLink{
				Name: siteName + "/shareLinks/" + id, Article: siteName + "/articles/kelione", State: state, Uri: "https://biblioteka.example/s/" + id,
			},
		}
		if state != sharingv1.ShareLink_STATE_ACTIVE {
			a.State = sharingv1.ResolveShareLinkResponse_STATE_GONE
		}
		return a
	}
	other := &sharingv1.LinkedArticle{
		Article: siteName + "/articles/kita", Title: "Kita „kelionė“ & <b>knygos</b>", Uri: "https://biblioteka.example/kita", LanguageCode: "lt",
		PublishTime: timestamppb.New(time.Date(2024, 6, 7, 6, 0, 0, 0, time.UTC)),
	}
	script := &sharingv1.LinkedArticle{Title: "Pikta", Uri: "javascript:alert(1)", LanguageCode: "lt"}
	english := &sharingv1.LinkedArticle{Title: "A trip", Uri: "https://biblioteka.example/en/trip", LanguageCode: "en"}
	table := s.sharing.links.answers
	table[codeFound] = answer(codeFound, sharingv1.ShareLink_STATE_ACTIVE, "https://biblioteka.example/kelione")
	table[wordsFound] = answer(wordsFound, sharingv1.ShareLink_STATE_ACTIVE, "https://biblioteka.example/kelione")
	table[codeEvil] = answer(codeEvil, sharingv1.ShareLink_STATE_ACTIVE, "javascript:alert(1)")
	table[codeGone] = answer(codeGone, sharingv1.ShareLink_STATE_GONE, "")
	table[codeGone].Articles = []*sharingv1.LinkedArticle{other, english, script}
	table[mistyped(codeFound)] = &sharingv1.ResolveShareLinkResponse{
		State: sharingv1.ResolveShareLinkResponse_STATE_MISTYPED, Articles: []*sharingv1.LinkedArticle{other},
	}
}

// mistyped returns a code with a wrong check character.
func mistyped(code string) string {
	last := "0"
	if strings.HasSuffix(code, "0") {
		last = "1"
	}
	return code[:len(code)-1] + last
}

// alike returns a code as somebody may type it who sees look-alikes.
func alike(code string) string {
	return strings.NewReplacer("0", "o", "1", "I").Replace(code)
}

// raw sends a request as it is written and returns the answer.
func raw(t *testing.T, base, request string) answer {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	must(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, request)
	must(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	must(t, err)
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	must(t, err)
	return answer{resp.StatusCode, resp.Status, resp.Header}
}
