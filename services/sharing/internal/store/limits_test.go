package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/kv"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
	"github.com/skaitykla/skaitykla/services/sharing/internal/store"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// TestNameOfMany gives one name to more articles, one after the other, than a
// transaction may read: words for it lead to the last of them.
func TestNameOfMany(t *testing.T) {
	s, _ := open(t)
	var last string
	for i := range kv.MaxKeys + 10 {
		a := piece("vienas", noon)
		a.Uid = fmt.Sprintf("uid-%03d", (i*37)%100) // not in the order of keys
		last = a.GetUid()
		learn(t, s, a)
		_, err := s.Learn(t.Context(), following, store.Event{Name: published.Name{Site: "biblioteka", ID: "vienas"}}, noon.Add(time.Duration(i)*time.Minute))
		must(t, err)
	}
	link, err := s.AddWords(t.Context(), words("knygu-muge", "vienas"), request("", ""), noon)
	must(t, err)
	want(t, "words of a name that many had lead to", link.Record.GetArticleUid(), last)
	gone, err := s.Gone(t.Context(), link.ArticleName())
	must(t, err)
	want(t, "the last that was withdrawn", gone.GetUid(), last)
}

// TestEndpointsOfMany makes and deletes more endpoints than a transaction may
// read, and nobody sweeps: whoever makes another one is told to wait, and it
// works when they are swept.
func TestEndpointsOfMany(t *testing.T) {
	s, _ := open(t)
	_, err := s.LearnSites(t.Context(), []*articlev1.Site{sharingtest.Site()}, noon)
	must(t, err)
	add := func(id string) error {
		name := webhook.Name{Site: "biblioteka", ID: id}
		made, err := s.CreateEndpoint(t.Context(), name, &sharingv1.WebhookEndpoint{
			Name: name.String(), Uid: uuid.NewString(), Uri: "https://a.lt/", State: sharingv1.WebhookEndpoint_STATE_ACTIVE,
			CreateTime: timestamppb.New(noon),
		}, webhook.NewSecret(), request(id, id), noon)
		if err == nil {
			_, err = s.DeleteEndpoint(t.Context(), name, store.EndpointChange{Etag: made.GetEtag(), Time: noon})
		}
		return err
	}
	refused := 0
	for i := range kv.MaxKeys + 10 {
		switch err := add(fmt.Sprintf("kabliukas-%d", i)); {
		case fault.Has(err, faultv1.Reason_REASON_TOO_MANY_ENDPOINTS):
			refused++
		default:
			must(t, err)
		}
	}
	if refused == 0 || refused > kv.MaxKeys {
		t.Errorf("%d of %d endpoints were refused", refused, kv.MaxKeys+10)
	}
	must(t, s.SweepEndpoints(t.Context()))
	must(t, add("paskutinis"))
}
