package server_test

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

type linkStream struct {
	t      *testing.T
	stream sharingv1.SharingService_WatchShareLinksClient
	stop   context.CancelFunc
}

// watch opens a watch that ends with the test or earlier.
func (s *linkSuite) watch(t *testing.T, role auth.Role, parent, token string) linkStream {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	stream, err := s.as(role).WatchShareLinks(ctx, &sharingv1.WatchShareLinksRequest{Parent: parent, ResumeToken: token})
	must(t, err)
	return linkStream{t: t, stream: stream, stop: cancel}
}

// next returns the next message that is no heartbeat and of the kind.
func (s linkStream) next(kind sharingv1.WatchShareLinksResponse_Kind) *sharingv1.WatchShareLinksResponse {
	s.t.Helper()
	for {
		message, err := s.stream.Recv()
		must(s.t, err)
		if message.GetKind() == sharingv1.WatchShareLinksResponse_KIND_HEARTBEAT {
			continue
		}
		if message.GetKind() != kind {
			s.t.Fatalf("got %v, want %s", message, kind)
		}
		return message
	}
}

// TestWatchShareLinks tells where links lead, from a snapshot on.
func TestWatchShareLinks(t *testing.T) {
	const (
		snapshot = sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT
		end      = sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END
		created  = sharingv1.WatchShareLinksResponse_KIND_CREATED
		updated  = sharingv1.WatchShareLinksResponse_KIND_UPDATED
		changed  = sharingv1.WatchShareLinksResponse_KIND_SITE_CHANGED
	)
	s := startLinks(t)
	a := piece("vienas")
	name := sharingtest.SiteName + "/shareLinks/" + s.publish(t, a)
	watch := s.watch(t, auth.Service, "sites/-", "")
	if m := watch.next(snapshot); m.GetName() != name || m.GetUri() != "https://naujienos.biblioteka.lt/vienas" || m.GetResumeToken() != "" {
		t.Errorf("snapshot: %v", m)
	}
	if m := watch.next(end); m.GetResumeToken() == "" || m.GetSite() != "" {
		t.Errorf("its end: %v", m)
	}
	words := s.words(t, "knygu-muge", a)
	m := watch.next(created)
	if m.GetName() != words.GetName() || m.GetShareLink().GetArticle() != a.GetName() || m.GetUri() != "https://naujienos.biblioteka.lt/vienas" {
		t.Errorf("words: %v", m)
	}
	watch.stop()

	// While nobody watches it moves, its site moves, and it is withdrawn.
	a.Path = "/kitur"
	s.publish(t, a)
	site := sharingtest.Site()
	site.BaseUri = "https://nauja.lt"
	s.sites(t, site)
	resumed := s.watch(t, auth.Service, "sites/-", m.GetResumeToken())
	if m := resumed.next(updated); m.GetName() != name || m.GetUri() != "https://nauja.lt/kitur" || m.GetShareLink().GetArticle() != a.GetName() {
		t.Errorf("moved: %v", m)
	}
	if m := resumed.next(changed); m.GetSite() != sharingtest.SiteName || m.GetName() != "" {
		t.Errorf("the site: %v", m)
	}
	s.withdraw(t, a)
	if m := resumed.next(updated); m.GetName() != name || m.GetUri() != "" || m.GetShareLink().GetState() != sharingv1.ShareLink_STATE_GONE {
		t.Errorf("withdrawn: %v", m)
	}
	fresh := s.publish(t, piece("naujas"))
	if m := resumed.next(created); m.GetName() != sharingtest.SiteName+"/shareLinks/"+fresh {
		t.Errorf("a new article: %v", m)
	}
}

// TestWatchShareLinksOfOneSite tells of no other.
func TestWatchShareLinksOfOneSite(t *testing.T) {
	s := startLinks(t)
	s.publish(t, pieceOf("sites/kita", "svetimas"))
	own := s.publish(t, piece("vienas"))
	watch := s.watch(t, auth.Author, sharingtest.SiteName, "")
	if m := watch.next(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT); m.GetName() != sharingtest.SiteName+"/shareLinks/"+own {
		t.Errorf("snapshot: %v", m)
	}
	watch.next(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT_END)
	s.publish(t, pieceOf("sites/kita", "kitas"))
	own = s.publish(t, piece("antras"))
	if m := watch.next(sharingv1.WatchShareLinksResponse_KIND_CREATED); m.GetName() != sharingtest.SiteName+"/shareLinks/"+own {
		t.Errorf("change: %v", m)
	}
}

func TestWatchShareLinksRefuses(t *testing.T) {
	s := startLinks(t)
	s.publish(t, piece("vienas"))
	_, err := s.watch(t, auth.Service, "sites/-", "abc").stream.Recv()
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_RESUME_TOKEN)
	_, err = s.watch(t, auth.Author, "sites/-", "").stream.Recv()
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	for range 2 { // the suite allows two watchers
		s.watch(t, auth.Service, "sites/-", "").next(sharingv1.WatchShareLinksResponse_KIND_SNAPSHOT)
	}
	_, err = s.watch(t, auth.Service, "sites/-", "").stream.Recv()
	testkit.WantFault(t, err, codes.ResourceExhausted, faultv1.Reason_REASON_TOO_MANY_WATCHERS)
}
