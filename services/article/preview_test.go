package article_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// preview makes a token for an article.
func (s *suite) preview(a *articlev1.Article) *articlev1.PreviewToken {
	s.t.Helper()
	token, err := s.editor.CreatePreviewToken(s.t.Context(), &articlev1.CreatePreviewTokenRequest{
		Parent: a.GetName(), PreviewToken: &articlev1.PreviewToken{DisplayName: "direktorei"},
	})
	return must(s.t, token, err)
}

// open exchanges a token of the test site for a key, as somebody without a role.
func (s *suite) open(token string) (string, error) {
	opened, err := s.anonymous.OpenPreview(s.t.Context(), &articlev1.OpenPreviewRequest{Site: testkit.Site, Token: token})
	return opened.GetKey(), err
}

// read reads what a key shows, as somebody without a role.
func (s *suite) read(key string) (*articlev1.Article, error) {
	shown, err := s.anonymous.ReadPreview(s.t.Context(), &articlev1.ReadPreviewRequest{Site: testkit.Site, Key: key})
	return shown.GetArticle(), err
}

func TestPreview(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	draft := s.create("Juodraštis", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{paragraph("p1", "Pirma."), figure("f1", photo)}
		a.Annotations = map[string]string{"tool": "x"}
		a.Bylines = []*articlev1.Byline{{DisplayName: "Ona", Principal: "ona@example.lt"}}
	})
	token := s.preview(draft)
	if !strings.HasSuffix(token.GetUri(), "/preview#"+token.GetToken()) || len(token.GetToken()) < 40 {
		t.Errorf("got the address %q of the token %q", token.GetUri(), token.GetToken())
	}
	key, err := s.open(token.GetToken())
	must(t, key, err)
	got, err := s.read(key)
	must(t, got, err)
	if got.GetTitle() != "Juodraštis" || got.GetState() != articlev1.Article_STATE_DRAFT {
		t.Errorf("got %v", got)
	}
	if got.GetAnnotations() != nil || got.GetCreator() != "" || got.GetBylines()[0].GetPrincipal() != "" {
		t.Errorf("the preview tells what is for the staff: %v", got)
	}
	if uri := got.GetBlocks()[1].GetFigure().GetPlacement().GetPlaced().GetRenditions()[0].GetUri(); !strings.Contains(uri, "signature=") {
		t.Errorf("the photo of a draft has the address %q", uri)
	}
	// It shows the working copy as it is now, not as it was.
	_, err = s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: draft.GetName(), Etag: draft.GetEtag(), Title: "Pataisytas"},
	})
	must(t, "", err)
	if got, err = s.read(key); err != nil || got.GetTitle() != "Pataisytas" {
		t.Errorf("after a save: %q, %v", got.GetTitle(), err)
	}
	// The token gives no other door.
	_, err = s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: draft.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestPreviewRefused(t *testing.T) {
	s := newSuite(t)
	s.site("kita")
	draft := s.create("Juodraštis")
	token := s.preview(draft)
	key, err := s.open(token.GetToken())
	must(t, key, err)

	flip := func(text string) string {
		last := text[len(text)-2]
		return text[:len(text)-2] + string(rune('A'+(last-'A'+1)%26)) + text[len(text)-1:]
	}
	for what, bad := range map[string]string{
		"forged": flip(token.GetToken()), "empty of meaning": "x", "a key": key, "long": strings.Repeat("A", 2048),
	} {
		_, err := s.open(bad)
		t.Log(what)
		testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
	}
	_, err = s.read(token.GetToken())
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
	_, err = s.anonymous.OpenPreview(t.Context(), &articlev1.OpenPreviewRequest{Site: "sites/kita", Token: token.GetToken()})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
	_, err = s.anonymous.ReadPreview(t.Context(), &articlev1.ReadPreviewRequest{Site: "sites/kita", Key: key})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)

	// Revoked: the token and every key it was exchanged for end at once.
	_, err = s.editor.DeletePreviewToken(t.Context(), &articlev1.DeletePreviewTokenRequest{Name: token.GetName(), Etag: "p0"})
	testkit.WantFault(t, err, codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	_, err = s.editor.DeletePreviewToken(t.Context(), &articlev1.DeletePreviewTokenRequest{Name: token.GetName(), Etag: token.GetEtag()})
	must(t, "", err)
	_, err = s.open(token.GetToken())
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
	_, err = s.read(key)
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)

	// A new token of the same id is another one.
	_, err = s.editor.CreatePreviewToken(t.Context(), &articlev1.CreatePreviewTokenRequest{
		Parent: draft.GetName(), PreviewToken: &articlev1.PreviewToken{}, PreviewTokenId: token.GetName()[strings.LastIndex(token.GetName(), "/")+1:],
	})
	must(t, "", err)
	_, err = s.open(token.GetToken())
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
}

func TestPreviewEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSuite(t)
		draft := s.create("Juodraštis")
		create := func(in time.Duration) (*articlev1.PreviewToken, error) {
			return s.editor.CreatePreviewToken(t.Context(), &articlev1.CreatePreviewTokenRequest{
				Parent: draft.GetName(), PreviewToken: &articlev1.PreviewToken{ExpireTime: timestamppb.New(time.Now().Add(in))},
			})
		}
		for _, in := range []time.Duration{-time.Minute, article.MaxPreviewTTL + time.Hour} {
			_, err := create(in)
			testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
		}
		soon, err := create(300 * time.Millisecond)
		must(t, soon, err)
		late, err := create(article.MaxPreviewTTL - time.Minute)
		must(t, late, err)
		opened, err := s.anonymous.OpenPreview(t.Context(), &articlev1.OpenPreviewRequest{Site: testkit.Site, Token: soon.GetToken()})
		must(t, opened, err)
		if !opened.GetExpireTime().AsTime().Equal(soon.GetExpireTime().AsTime()) {
			t.Errorf("the key ends at %v, the token at %v", opened.GetExpireTime().AsTime(), soon.GetExpireTime().AsTime())
		}
		<-time.After(time.Until(soon.GetExpireTime().AsTime()) + time.Millisecond)
		for what, err := range map[string]error{
			"token": second(s.open(soon.GetToken())), "key": second(s.read(opened.GetKey())),
		} {
			t.Log(what)
			testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PREVIEW_TOKEN_INVALID)
		}
		list := s.previews(draft)
		if len(list) != 1 || list[0].GetName() != late.GetName() || list[0].GetToken() != "" || list[0].GetUri() != "" {
			t.Errorf("got %v, want the one that has not ended, without its token", list)
		}
		swept, err := s.parts.Store.Sweep(t.Context(), time.Now())
		if err != nil || swept.Previews != 1 {
			t.Errorf("swept %+v, %v", swept, err)
		}
		swept, err = s.parts.Store.Sweep(t.Context(), time.Now().Add(article.MaxPreviewTTL))
		if err != nil || swept.Previews != 1 {
			t.Errorf("swept %+v, %v", swept, err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// previews lists the tokens of an article, two at a time.
func (s *suite) previews(a *articlev1.Article) []*articlev1.PreviewToken {
	s.t.Helper()
	var all []*articlev1.PreviewToken
	for token := ""; ; {
		resp, err := s.editor.ListPreviewTokens(s.t.Context(), &articlev1.ListPreviewTokensRequest{Parent: a.GetName(), PageSize: 2, PageToken: token})
		must(s.t, resp, err)
		all = append(all, resp.GetPreviewTokens()...)
		if token = resp.GetNextPageToken(); token == "" {
			return all
		}
	}
}

func TestPreviewTokens(t *testing.T) {
	s := newSuite(t)
	draft := s.create("Juodraštis")
	request := &articlev1.CreatePreviewTokenRequest{
		Parent: draft.GetName(), PreviewToken: &articlev1.PreviewToken{}, RequestId: uuid.NewString(),
	}
	first, err := s.editor.CreatePreviewToken(t.Context(), request)
	must(t, first, err)
	_, err = s.editor.CreatePreviewToken(t.Context(), request)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)

	names := []string{first.GetName()}
	for len(names) < article.MaxPreviews {
		names = append(names, s.preview(draft).GetName())
	}
	_, err = s.editor.CreatePreviewToken(t.Context(), &articlev1.CreatePreviewTokenRequest{Parent: draft.GetName(), PreviewToken: &articlev1.PreviewToken{}})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	var got []string
	for _, token := range s.previews(draft) {
		got = append(got, token.GetName())
	}
	slices.Reverse(got)
	if !slices.Equal(got, names) {
		t.Errorf("listed %d tokens %q, want the %d, newest first", len(got), got, len(names))
	}

	_, err = s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: draft.GetName(), Etag: draft.GetEtag()})
	must(t, "", err)
	key, err := s.open(first.GetToken())
	must(t, key, err)
	_, err = s.read(key)
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
	_, err = s.parts.Store.Sweep(t.Context(), time.Now().Add(article.Keep+time.Hour))
	must(t, "", err)
	_, err = s.editor.ListPreviewTokens(t.Context(), &articlev1.ListPreviewTokensRequest{Parent: draft.GetName()})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

// Versions in other languages that readers do not see are not shown to those
// who look at a draft.
func TestPreviewHidesDraftsBeside(t *testing.T) {
	s := newSuite(t)
	lt := s.create("Mugė", version("lt"))
	s.create("Fair", version("en"))
	s.publish(s.create("Messe", version("da")))
	key, err := s.open(s.preview(lt).GetToken())
	must(t, key, err)
	got, err := s.read(key)
	must(t, got, err)
	if told := got.GetTranslations(); len(told) != 1 || told[0].GetTitle() != "Messe" {
		t.Errorf("the preview shows the translations %v", told)
	}
}

// A repeated call is told which token was made, not one that never was.
func TestPreviewRepeated(t *testing.T) {
	s := newSuite(t)
	req := &articlev1.CreatePreviewTokenRequest{
		Parent: s.create("Juodraštis").GetName(), RequestId: uuid.NewString(), PreviewToken: &articlev1.PreviewToken{DisplayName: "direktorei"},
	}
	made, err := s.editor.CreatePreviewToken(t.Context(), req)
	must(t, made, err)
	_, err = s.editor.CreatePreviewToken(t.Context(), req)
	testkit.WantFault(t, err, codes.AlreadyExists, faultv1.Reason_REASON_RESOURCE_EXISTS)
	if !strings.Contains(err.Error(), made.GetName()) {
		t.Errorf("%s was made, and the repeated call says %v", made.GetName(), err)
	}
}
