package outbox_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

// TestRedacted takes a name out of an article while a message about it was sent
// and another one waits: what comes, what is told and what is kept has the words
// that readers see.
func TestRedacted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, world := newRig(t), &receivers{}
		took, _ := r.endpoint("took", "https://took.lt/", hook)
		waits, _ := r.endpoint("waits", "https://waits.lt/", hook)
		world.set(func(uri string) (egress.Answer, error) {
			if uri == "https://waits.lt/" {
				return egress.Answer{Status: 500}, nil
			}
			return egress.Answer{Status: 204}, nil
		})
		r.run(world)
		a := sharingtest.Short()
		a.Name, a.Uid, a.Path, a.PublishedRevision = sharingtest.SiteName+"/articles/vienas", "uid", "/vienas", 1
		a.PublishTime, a.FirstPublicTime, a.Title = timestamppb.Now(), timestamppb.Now(), "Petraitis pagautas"
		r.learn("vienas", a)
		settle(time.Second)
		if n := len(world.got("https://waits.lt/")); n == 0 || !strings.Contains(world.got("https://waits.lt/")[0].body, "Petraitis") {
			t.Fatalf("%d calls before", n)
		}
		redacted := proto.CloneOf(a)
		redacted.Title = "[…] pagautas"
		r.learn("vienas", redacted)
		world.set(always(204))
		settle(time.Hour)
		if r.states(took) != "DD" || r.states(waits) != "DD" {
			t.Errorf("deliveries %s and %s", r.states(took), r.states(waits))
		}
		calls := world.got("https://waits.lt/")
		for _, body := range []string{calls[len(calls)-2].body, calls[len(calls)-1].body} {
			if strings.Contains(body, "Petraitis") || !strings.Contains(body, "[…] pagautas") {
				t.Errorf("was sent afterwards: %s", body)
			}
		}
		for _, d := range slices.Concat(r.deliveries(took), r.deliveries(waits)) {
			if strings.Contains(d.GetPayload(), "Petraitis") || !strings.Contains(d.GetPayload(), `"uid":"uid"`) {
				t.Errorf("%s keeps %s", d.GetName(), d.GetPayload())
			}
		}
	})
}
