package e2e_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// marker stands in everything that visitors send and nobody may keep.
const marker = "zebras7431"

// visitor is somebody who opens a short link.
type visitor struct {
	n int
	// peer is the address of the connection, and client that which a trusted proxy
	// gives; one of them is empty.
	peer, client string
	agent        string
	method, path string
}

// visitors returns a thousand of them, each with an address and a user agent of
// its own.
func visitors(code string) []visitor {
	random := rand.New(rand.NewPCG(7, 31))
	all := make([]visitor, 1000)
	for n := range all {
		v := visitor{
			n: n, method: http.MethodGet, path: "/s/" + code + []string{"", ".f", ".x", ".q"}[n%4],
			agent: fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64; %s-%06d) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36", marker, n),
		}
		switch n % 3 {
		case 0:
			v.peer = fmt.Sprintf("127.%d.%d.%d", 16+n%200, 100+random.IntN(150), 1+random.IntN(250))
		case 1:
			v.client = fmt.Sprintf("198.%d.%d.%d", 18+n%2, 100+random.IntN(150), 1+random.IntN(250))
		default:
			v.client = netip.AddrFrom16([16]byte{
				0x20, 0x01, 0x0d, 0xb8, byte(n >> 8), byte(n), byte(random.IntN(256)), byte(random.IntN(256)),
				byte(random.IntN(256)), byte(random.IntN(256)), 0x31, 9, byte(random.IntN(256)), 1, 2, 3,
			}).String()
		}
		switch n % 20 {
		case 7:
			v.method = http.MethodHead
		case 8:
			v.agent = fmt.Sprintf("facebookexternalhit/1.1 (%s-%06d)", marker, n)
		case 9:
			v.path = "/S/" + strings.ToUpper(code) + ".Q"
		case 10:
			v.path = "/s/" + marker + "-nera" // leads nowhere
		case 11:
			v.method = http.MethodPost
		}
		all[n] = v
	}
	return all
}

// counted reports whether the visit is one that counts.
func (v visitor) counted() bool { return v.n%20 != 10 && v.n%20 != 11 }

// visit opens the link with everything a browser may send, and more.
func (v visitor) visit(ctx context.Context, base string) error {
	req, err := http.NewRequestWithContext(ctx, v.method, base+v.path+"?fbclid="+marker+"&utm_source="+marker, strings.NewReader(marker))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{
		"User-Agent":      v.agent,
		"Accept-Language": "lt;q=0.9, x-" + marker,
		"Referer":         fmt.Sprintf("https://%s-%d.example/%s?%s", marker, v.n, marker, marker),
		"Cookie":          marker + "=" + marker,
		"From":            marker + "@example.lt",
		"Forwarded":       "for=" + marker,
		"X-Real-Ip":       "203.0.113.99",
		"Sec-Ch-Ua":       `"` + marker + `";v="1"`,
		"X-Request-Id":    marker,
		"Traceparent":     marker,
	} {
		req.Header.Set(name, value)
	}
	if v.n%20 == 12 {
		req.Header.Set("Dnt", "1")
	}
	dialer := net.Dialer{}
	if v.peer != "" {
		dialer.LocalAddr = &net.TCPAddr{IP: net.ParseIP(v.peer)}
	} else {
		req.Header.Set("X-Forwarded-For", "203.0.113.98, "+v.client)
	}
	transport := &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if v.counted() && resp.StatusCode != http.StatusFound {
		return fmt.Errorf("%s %s: %s", v.method, v.path, resp.Status)
	}
	return nil
}

// TestClicksLeaveNoTrace opens a short link a thousand times and then reads all
// that the suite keeps: the stores of all services, the folders of the object
// server, temporary files, and its log at its most talkative. There is neither
// address nor user agent, nor anything else the visitors sent; but there are the
// counts, and what was planted to be found.
func TestClicksLeaveNoTrace(t *testing.T) {
	data := t.TempDir()
	temporary := filepath.Join(data, "tmp")
	if err := os.Mkdir(temporary, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", temporary)
	t.Setenv("SKAITYKLA_TRUSTED_PROXIES", "127.0.0.1/32")
	suite := e2e.Start(t, program, data, "--log-level", "debug")
	createSite(t, suite)
	expect(t, suite, 0, []string{"created, published"}, "import", manuscriptDir(t, "---\nid: muge\ntitle: Knygų mugė\n---\nTekstas.\n"), "--publish")
	code := awaitLinks(t, suite, []string{"muge"})["muge"]
	code = code[strings.LastIndexByte(code, '/')+1:]
	expect(t, suite, 0, []string{"active"}, "links", "add", "rudens-muge", "muge", "--note", "Plakatas "+marker+"-planted")

	all := visitors(code)
	want := visitAll(t, suite.HTTP, all)
	awaitClicks(t, suite, want)
	malformed(t, suite.HTTP, code)

	forbidden, planted := make(traces), make(traces)
	forbidden.text(t, "a malformed header", marker+"-malformed")
	planted.text(t, "the note", marker+"-planted")
	for _, v := range all {
		forbidden.text(t, fmt.Sprintf("the user agent of visitor %d", v.n), v.agent)
		forbidden.text(t, fmt.Sprintf("the mark of visitor %d", v.n), fmt.Sprintf("%s-%06d", marker, v.n))
		forbidden.text(t, fmt.Sprintf("the referrer of visitor %d", v.n), fmt.Sprintf("https://%s-%d.example", marker, v.n))
		forbidden.address(t, v.peer+v.client)
	}
	for _, text := range []string{"fbclid=" + marker, marker + "=" + marker, marker + "@example.lt", "for=" + marker, marker + "-nera", "x-" + marker} {
		forbidden.text(t, text, text)
	}
	forbidden.address(t, "203.0.113.98")
	forbidden.address(t, "203.0.113.99")
	suite.Stop(t)

	if found, size := forbidden.inFolder(t, data); len(found) > 0 || size < 1<<16 {
		t.Errorf("in %d bytes at rest there are %v", size, found)
	}
	output := suite.Output()
	if found := forbidden.in([]byte(output)); len(found) > 0 {
		t.Errorf("the log has %v", found)
	}
	if !strings.Contains(output, "level=DEBUG") || !strings.Contains(output, "part=sharing") || !strings.Contains(output, "part=gateway") {
		t.Errorf("the log is not talkative enough to tell anything:\n%.2000s", output)
	}
	if found, _ := planted.inFolder(t, data); len(found["sharing.db"]) == 0 {
		t.Errorf("the planted note is not found: %v", found)
	}
}

// visitAll lets all visitors come, some at a time, and returns how many count.
func visitAll(t *testing.T, base string, all []visitor) int {
	t.Helper()
	queue := make(chan visitor)
	var crowd sync.WaitGroup
	for range 8 {
		crowd.Go(func() {
			for v := range queue {
				if err := v.visit(t.Context(), base); err != nil {
					t.Errorf("visitor %d from %s%s: %v", v.n, v.peer, v.client, err)
				}
			}
		})
	}
	counted := 0
	for _, v := range all {
		if v.counted() {
			counted++
		}
		queue <- v
	}
	close(queue)
	crowd.Wait()
	return counted
}

// awaitClicks returns when that many clicks are counted, of people and machines
// both; each of the figures may be 4 too low.
func awaitClicks(t *testing.T, suite *e2e.Suite, want int) {
	t.Helper()
	var answer struct {
		Total struct {
			PeopleCount, MachineCount int `json:",string"`
		}
	}
	for end := time.Now().Add(time.Minute); ; {
		output, exit := suite.Run(t, "links", "stats", "--json", "--from", time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
		if exit == 0 { // it is not while the site is new to the sharing service
			if err := json.Unmarshal([]byte(output), &answer); err != nil {
				t.Fatalf("links stats: %v\n%s", err, output)
			}
		}
		sum := answer.Total.PeopleCount + answer.Total.MachineCount
		if sum > want {
			t.Fatalf("%d clicks are counted, more than %d", sum, want)
		}
		if sum >= want-8 && answer.Total.PeopleCount > want/2 && answer.Total.MachineCount > 50 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d clicks are counted, want %d: %+v", sum, want, answer)
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-t.Context().Done():
		}
	}
}

// malformed sends a request that the HTTP server itself refuses, and may log.
func malformed(t *testing.T, base, code string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET /s/%s HTTP/1.1\r\nHost: %s-malformed\r\nbad header %s-malformed\r\n\r\n", code, marker, marker); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(conn); err != nil {
		t.Logf("a malformed request was answered with %v", err)
	}
}
