package blobs_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// configOf reaches a MinIO at an address.
func configOf(s *minio.Server, address string) blobs.Config {
	return blobs.Config{Endpoint: address, AccessKey: s.AccessKey, SecretKey: s.SecretKey, Bucket: "photos"}
}

// wantAway wants the error of a server that is away for a while.
func wantAway(t *testing.T, doing string, err error) {
	t.Helper()
	e, _ := fault.Of(err)
	if e == nil || e.Reason != faultv1.Reason_REASON_OBJECTS_UNAVAILABLE || e.Retry == 0 || !strings.Contains(e.Message, "try again") {
		t.Errorf("%s = %v, want OBJECTS_UNAVAILABLE with advice", doing, err)
	}
}

// wantAllAway calls everything.
func wantAllAway(t *testing.T, s *blobs.Store, key blobs.Key) {
	t.Helper()
	_, _, err := s.Get(t.Context(), key, 0, 0)
	wantAway(t, "Get", err)
	_, err = s.Stat(t.Context(), key)
	wantAway(t, "Stat", err)
	for _, err = range s.List(t.Context(), "") {
	}
	wantAway(t, "List", err)
	wantAway(t, "Put", s.Put(t.Context(), key, strings.NewReader("other"), 5, "text/plain"))
	wantAway(t, "Remove", s.Remove(t.Context(), key))
	_, err = s.Ready(t.Context())
	wantAway(t, "Ready", err)
}

func TestServerAway(t *testing.T) {
	server := miniotest.Start(t)
	s := open(t, configOf(server.Server, server.Endpoint))
	key := blobs.Original(strings.Repeat("a", 64))
	put(t, s, key, []byte("bytes"))
	server.Stop(t.Context())
	wantAllAway(t, s, key)
	server.Restart(t)
	if got, _ := get(t, s, key, 0, 0); string(got) != "bytes" {
		t.Errorf("after the restart got %q, want %q", got, "bytes")
	}
}

// A server that takes requests and never answers is given up after a while.
func TestServerSilent(t *testing.T) {
	server := objects.Server(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	c := configOf(server, proxy.Addr)
	c.Patience = 200 * time.Millisecond
	proxy.Set(miniotest.Mode{Silent: true})
	wantAllAway(t, open(t, c), blobs.Original(strings.Repeat("b", 64)))
}

// A disk that was lost is written anew, bucket and all.
func TestServerWiped(t *testing.T) {
	server := miniotest.Start(t)
	s := open(t, configOf(server.Server, server.Endpoint))
	key := blobs.Original(strings.Repeat("a", 64))
	put(t, s, key, []byte("bytes"))
	server.Wipe(t)
	missing(t, s)
	if _, err := s.Stat(t.Context(), key); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat = %v, want ErrNotFound", err)
	}
	put(t, s, key, []byte("bytes"))
	if got, _ := get(t, s, key, 0, 0); string(got) != "bytes" {
		t.Errorf("got %q, want %q", got, "bytes")
	}
}

// The answer to a put is lost after the server has stored the object. It is
// put again by itself, and there is one object with the right bytes: its name
// is its content.
func TestLostAnswer(t *testing.T) {
	for _, server := range servers()[:2] {
		t.Run(server.name, func(t *testing.T) {
			c := server.config(t)
			straight := open(t, c)
			_, err := straight.Ready(t.Context())
			must(t, err)
			proxy := miniotest.NewProxy(t, c.Endpoint)
			c.Endpoint = proxy.Addr
			s := open(t, c)
			key, want := blobs.Original(strings.Repeat("c", 64)), bytes.Repeat([]byte("daina "), 50_000)

			proxy.Set(miniotest.Mode{LoseReplies: 1})
			put(t, s, key, want)
			if proxy.Lost() != 1 {
				t.Fatalf("%d answers were lost, want 1", proxy.Lost())
			}
			if got, _ := get(t, straight, key, 0, 0); !bytes.Equal(got, want) || keysWith(t, straight, "") != 1 {
				t.Errorf("%d bytes in %d objects, want %d in 1", len(got), keysWith(t, straight, ""), len(want))
			}

			proxy.Set(miniotest.Mode{LoseReplies: 1 << 20})
			other := blobs.Original(strings.Repeat("d", 64))
			wantAway(t, "Put", s.Put(t.Context(), other, bytes.NewReader(want), int64(len(want)), "image/jpeg"))
			proxy.Set(miniotest.Mode{})
			put(t, s, other, want) // as the caller does who was told to try again
			if n := keysWith(t, straight, ""); n != 2 {
				t.Errorf("%d objects, want 2", n)
			}
		})
	}
}

// A read that breaks off is an error, never a short object.
func TestBrokenRead(t *testing.T) {
	server := objects.Server(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	s := open(t, configOf(server, proxy.Addr))
	key := blobs.Original(strings.Repeat("e", 64))
	put(t, s, key, make([]byte, 2<<20))
	proxy.Set(miniotest.Mode{CutAfter: 1 << 20})
	body, _, err := s.Get(t.Context(), key, 0, 0)
	must(t, err)
	n, err := io.Copy(io.Discard, body)
	wantAway(t, fmt.Sprintf("Read of %d bytes", n), err)
	must(t, body.Close())
	wantAway(t, "Fetch", s.Fetch(t.Context(), key, io.Discard))
}

// At 1 KB/s nothing useful is done: it is given up in time, and nothing of a
// put is left. Who reads slowly by himself is not disturbed.
func TestSlow(t *testing.T) {
	server := objects.Server(t)
	proxy := miniotest.NewProxy(t, server.Endpoint)
	c := configOf(server, proxy.Addr)
	c.Bucket, c.Patience = "slow-server", 400*time.Millisecond
	s, straight := open(t, c), open(t, configOf(server, server.Endpoint))
	large, small := blobs.Original(strings.Repeat("1", 64)), blobs.Original(strings.Repeat("2", 64))
	put(t, s, large, make([]byte, 4<<20))

	body, _, err := s.Get(t.Context(), large, 0, 0)
	must(t, err)
	for range 3 {
		_, err := io.ReadFull(body, make([]byte, 100))
		must(t, err)
		<-time.After(c.Patience) // the reader's own time
	}
	_, err = io.Copy(io.Discard, body)
	must(t, errors.Join(err, body.Close()))

	proxy.Set(miniotest.Mode{Rate: 1000})
	wantAway(t, "Put", s.Put(t.Context(), small, bytes.NewReader(make([]byte, 64<<10)), 64<<10, "image/jpeg"))
	wantAway(t, "Fetch", s.Fetch(t.Context(), large, io.Discard))
	proxy.Set(miniotest.Mode{})
	if _, err := straight.Stat(t.Context(), small); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat = %v, want ErrNotFound", err)
	}
	put(t, s, small, []byte("quick again"))
}

// A full disk takes nothing, says so, and works again when there is room.
func TestFullDisk(t *testing.T) {
	server, ok := miniotest.StartSmall(t)
	if !ok {
		t.Skip("this machine lets us mount no disk of our own (unshare --user --mount)")
	}
	s := open(t, configOf(server.Server, server.Endpoint))
	ballast := func(i int) blobs.Key { return blobs.Rendition(strings.Repeat("f", 64), "g1", strconv.Itoa(i)+".jpg") }
	var err error
	filled := 0
	for ; err == nil && filled < 40; filled++ {
		err = s.Put(t.Context(), ballast(filled), bytes.NewReader(make([]byte, 1<<20)), 1<<20, "image/jpeg")
	}
	e, _ := fault.Of(err)
	if e == nil || e.Reason != faultv1.Reason_REASON_OBJECTS_UNAVAILABLE || !strings.Contains(e.Message, "full") || e.Retry == 0 {
		t.Fatalf("after %d objects Put = %v, want advice about the disk", filled, err)
	}
	if _, err := s.Stat(t.Context(), ballast(filled-1)); !errors.Is(err, blobs.ErrNotFound) {
		t.Errorf("Stat of what did not fit = %v, want ErrNotFound", err)
	}
	server.Grow(t)
	// The server looks at its disk about once a second.
	limit := time.Now().Add(time.Minute)
	for err = io.EOF; err != nil && time.Now().Before(limit); {
		err = s.Put(t.Context(), ballast(filled), bytes.NewReader(make([]byte, 1<<20)), 1<<20, "image/jpeg")
	}
	if err != nil {
		t.Errorf("with room again Put = %v", err)
	}
}
