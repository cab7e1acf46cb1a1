package permissions_test

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// shareLinkRows are the methods about short addresses.
func shareLinkRows() []row {
	const staff = "tyyyyyyd"
	return []row{
		{"CreateShareLink", "", published, "tddyyydd", createShareLink},
		{"GetShareLink", "", published, staff, getShareLink},
		{"ListShareLinks", "", published, staff, listShareLinks},
		{"DeleteShareLink", "", published, "tddyyydd", deleteShareLink},
		{"ResolveShareLink", "", published, "yyyyyyyy", resolveShareLink},
		{"WatchShareLinks", "", published, staff, watchShareLinks(library)},
		{"WatchShareLinks", "of all sites", published, "tddddyyd", watchShareLinks("sites/-")},
	}
}

// code returns the name of the link of an article, which is made soon after it
// was published; some name for a draft.
func (s *suite) code(ctx context.Context, a *articlev1.Article) string {
	s.t.Helper()
	if a.GetState() != articlev1.Article_STATE_PUBLISHED {
		return library + "/shareLinks/k7m29qz9"
	}
	editor := s.as(person(auth.Editor, library))
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for {
		found, err := editor.sharing.ListShareLinks(ctx, &sharingv1.ListShareLinksRequest{
			Parent: library, Filter: "article = " + strconv.Quote(a.GetName()),
		})
		must(s.t, err)
		if len(found.GetShareLinks()) > 0 {
			return found.GetShareLinks()[0].GetName()
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			s.t.Fatalf("%s has no link: %v", a.GetName(), ctx.Err())
		}
	}
}

// words returns a request for words that nobody has.
func words(a *articlev1.Article) *sharingv1.CreateShareLinkRequest {
	return &sharingv1.CreateShareLinkRequest{
		Parent: library, ShareLinkId: "w-" + uuid.NewString(), ShareLink: &sharingv1.ShareLink{Article: a.GetName()},
	}
}

func createShareLink(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	s.code(ctx, a)
	_, err := c.sharing.CreateShareLink(ctx, words(a))
	return err
}

func getShareLink(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.sharing.GetShareLink(ctx, &sharingv1.GetShareLinkRequest{Name: s.code(ctx, a)})
	return err
}

func listShareLinks(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
	_, err := c.sharing.ListShareLinks(ctx, &sharingv1.ListShareLinksRequest{Parent: library})
	return err
}

func deleteShareLink(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	request := &sharingv1.DeleteShareLinkRequest{Name: s.code(ctx, a), Etag: "abc"}
	if a.GetState() == articlev1.Article_STATE_PUBLISHED {
		link, err := s.as(person(auth.Editor, library)).sharing.CreateShareLink(ctx, words(a))
		must(s.t, err)
		request.Name, request.Etag = link.GetName(), link.GetEtag()
	}
	_, err := c.sharing.DeleteShareLink(ctx, request)
	return err
}

func resolveShareLink(ctx context.Context, s *suite, c caller, a *articlev1.Article) error {
	_, err := c.sharing.ResolveShareLink(ctx, &sharingv1.ResolveShareLinkRequest{Name: s.code(ctx, a)})
	return err
}

func watchShareLinks(parent string) func(context.Context, *suite, caller, *articlev1.Article) error {
	return func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := c.sharing.WatchShareLinks(ctx, &sharingv1.WatchShareLinksRequest{Parent: parent})
		if err != nil {
			return err
		}
		_, err = stream.Recv()
		return err
	}
}
