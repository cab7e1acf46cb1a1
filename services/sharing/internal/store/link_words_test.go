package store_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/replay"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/sharing/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
)

func words(id, article string) *recordv1.Link {
	return &recordv1.Link{
		Id: id, Uid: "uid-of-" + id, Site: "biblioteka", Article: article, Kind: sharingv1.ShareLink_KIND_WORDS, Note: "Plakatas", Creator: "ona",
	}
}

func request(id, about string) replay.Request {
	return replay.Request{Principal: "ona", Method: "m", Target: "biblioteka", ID: id, Digest: sha256.Sum256([]byte(about))}
}

// wantReason wants an error of a reason.
func wantReason(tb testing.TB, what string, err error, reason faultv1.Reason, code codes.Code) {
	tb.Helper()
	e, ok := fault.Of(err)
	if !ok || e.Reason != reason || e.Kind.Code() != code {
		tb.Errorf("%s: %v, want %s", what, err, reason)
	}
}

// TestWords gives words to an article, and never twice.
func TestWords(t *testing.T) {
	s, _ := open(t)
	a := piece("vienas", noon)
	learn(t, s, a)
	learn(t, s, piece("kitas", noon))
	link, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("r1", "a"), noon)
	must(t, err)
	want(t, "its article", link.Record.GetArticleUid(), a.GetUid())
	again, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("r1", "a"), noon.Add(time.Hour))
	must(t, err)
	want(t, "a retry", again.Record.GetCreateTime().AsTime(), noon)
	_, err = s.AddWords(t.Context(), words("kitokia", "vienas"), request("r1", "b"), noon)
	wantReason(t, "another request under the id", err, faultv1.Reason_REASON_REQUEST_ID_REUSED, codes.AlreadyExists)
	_, err = s.AddWords(t.Context(), words("knygu-muge", "kitas"), request("r2", "c"), noon)
	wantReason(t, "the same words", err, faultv1.Reason_REASON_RESOURCE_EXISTS, codes.AlreadyExists)
	_, err = s.AddWords(t.Context(), words("juodrastis", "juodrastis"), request("", ""), noon)
	wantReason(t, "words for what was never public", err, faultv1.Reason_REASON_RESOURCE_NOT_FOUND, codes.NotFound)
	if !strings.Contains(err.Error(), "publish it first") {
		t.Errorf("words for what was never public: %v does not say what to do", err)
	}

	learnAs(t, s, a.GetName(), nil)
	wantState(t, s, "knygu-muge", sharingv1.ShareLink_STATE_GONE, "")
	_, err = s.AddWords(t.Context(), words("po-atsaukimo", "vienas"), request("", ""), noon)
	must(t, err)
	learn(t, s, a)
	for _, id := range []string{"knygu-muge", "po-atsaukimo"} {
		wantState(t, s, id, sharingv1.ShareLink_STATE_ACTIVE, "https://biblioteka.lt/vienas")
	}
}

// TestWordsOfTwoInstances gives words to one of those who ask at the same time.
func TestWordsOfTwoInstances(t *testing.T) {
	s, records := open(t)
	another := store.New(records)
	for i := range 20 {
		learn(t, s, piece(fmt.Sprintf("straipsnis-%d", i), noon))
	}
	var racing sync.WaitGroup
	var given atomic.Int32
	for i := range 20 {
		racing.Go(func() {
			instance := []*store.Store{s, another}[i%2]
			_, err := instance.AddWords(context.Background(), words("knygu-muge", fmt.Sprintf("straipsnis-%d", i)), request("", ""), noon)
			switch {
			case err == nil:
				given.Add(1)
			case !fault.Has(err, faultv1.Reason_REASON_RESOURCE_EXISTS):
				t.Error(err)
			}
		})
	}
	racing.Wait()
	want(t, "given", given.Load(), int32(1))
	want(t, "links", len(links(t, s)), 21)
}
