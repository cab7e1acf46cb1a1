package article_test

import (
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// at reads what readers saw at a time.
func (s *suite) at(name string, when time.Time) (*articlev1.Article, error) {
	s.t.Helper()
	a, err := s.editor.GetArticle(s.t.Context(), &articlev1.GetArticleRequest{Name: name, ReadTime: timestamppb.New(when)})
	if err != nil {
		return nil, rpc.FromStatus(err)
	}
	return a, nil
}

func TestReadTime(t *testing.T) {
	dir := t.TempDir()
	s := start(t, dir)
	s.site("biblioteka")
	photo := s.media.put("langas")
	a := s.create("Pirmas", func(a *articlev1.Article) {
		a.Blocks = []*articlev1.Block{figure("f", photo)}
		a.Annotations = map[string]string{"tool": "x"}
		a.Bylines = []*articlev1.Byline{{DisplayName: "Ona", Principal: "ona@example.lt"}}
	})
	draft := time.Now()
	a = s.publish(a)
	first := time.Now()
	a = s.saveAs(s.editor, a, "", "", func(a *articlev1.Article) { a.Title, a.Slug = "Antras", "antras" })
	a = s.publish(a)
	second := time.Now()
	shown := timestamppb.New(time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC))
	republished, err := s.admin.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag(), PublishTime: shown})
	a = must(t, republished, err)
	dated := time.Now()
	s.withdraw(a)
	withdrawn := time.Now()
	s.publish(a)
	again := time.Now()
	s.remove(a)
	removed := time.Now()

	check := func(s *suite) {
		t.Helper()
		for name, c := range map[string]struct {
			when    time.Time
			title   string
			path    string
			publish time.Time
		}{
			"the first":   {first, "Pirmas", "/pirmas", first},
			"the second":  {second, "Antras", "/antras", first},
			"the date":    {dated, "Antras", "/antras", shown.AsTime()},
			"shown again": {again, "Antras", "/antras", shown.AsTime()},
		} {
			got, err := s.at(a.GetName(), c.when)
			if err != nil || got.GetTitle() != c.title || got.GetPath() != c.path || got.GetState() != articlev1.Article_STATE_PUBLISHED {
				t.Errorf("%s: got %v, %v", name, got, err)
				continue
			}
			if d := c.publish.Sub(got.GetPublishTime().AsTime()); d < 0 || d > time.Minute || got.GetPublishTimeTexts()["lt"] == "" {
				t.Errorf("%s: published at %v", name, got.GetPublishTime().AsTime())
			}
			placed := got.GetBlocks()[0].GetFigure().GetPlacement().GetPlaced()
			if placed.GetCaption() != "Skaitykla" || got.GetAnnotations() != nil || got.GetBylines()[0].GetPrincipal() != "" || got.GetDeleteTime() != nil {
				t.Errorf("%s: got %v", name, got)
			}
		}
		for name, when := range map[string]time.Time{"before": draft, "withdrawn": withdrawn, "removed": removed, "long ago": time.Unix(0, 0)} {
			if got, err := s.at(a.GetName(), when); fault.ReasonOf(err) != faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
				t.Errorf("%s: got %v, %v", name, got, err)
			}
		}
	}
	check(s)
	s.stop()
	s = startWith(t, dir, s.media)
	check(s)

	swept, err := s.parts.Store.Sweep(t.Context(), time.Now().Add(31*24*time.Hour))
	if must(t, swept, err).Articles != 1 {
		t.Errorf("swept %v", swept)
	}
	if got, err := s.at(a.GetName(), first); fault.ReasonOf(err) != faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
		t.Errorf("purged: got %v, %v", got, err)
	}
	reborn, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, ArticleId: a.GetName()[len(testkit.Site+"/articles/"):], Article: &articlev1.Article{Title: "Kitas"},
	})
	must(t, reborn, err)
	if got, err := s.at(a.GetName(), first); fault.ReasonOf(err) != faultv1.Reason_REASON_RESOURCE_NOT_FOUND {
		t.Errorf("another article of the name: got %v, %v", got, err)
	}
}

func TestReadTimeRefuses(t *testing.T) {
	s := newSuite(t)
	a := s.publish(s.create("Pirmas"))
	for name, req := range map[string]*articlev1.GetArticleRequest{
		"the working copy": {ReadTime: timestamppb.Now(), View: working},
		"the future":       {ReadTime: timestamppb.New(time.Now().Add(time.Hour))},
		"no time":          {ReadTime: &timestamppb.Timestamp{Seconds: 1 << 60}},
	} {
		req.Name = a.GetName()
		_, err := s.editor.GetArticle(t.Context(), req)
		t.Log(name)
		wantReason(t, err, faultv1.Reason_REASON_INVALID_FIELD)
	}
	_, err := s.anonymous.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), ReadTime: timestamppb.Now()})
	wantReason(t, err, faultv1.Reason_REASON_TOKEN_REQUIRED)
}

// Photos of old pages are resolved as far as they can be: media being away is no
// reason to tell nothing.
func TestReadTimeWithoutMedia(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	a := s.publish(s.create("Pirmas", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", photo)} }))
	s.media.setAway(true)
	got, err := s.at(a.GetName(), time.Now())
	if err != nil || got.GetBlocks()[0].GetFigure().GetPlacement().GetPhoto() != photo {
		t.Errorf("got %v, %v", got, err)
	}
}

// The other language versions are those that readers see now; drafts of them
// are nobody's business.
func TestReadTimeTranslations(t *testing.T) {
	s := newSuite(t)
	in := func(code string) func(*articlev1.Article) {
		return func(a *articlev1.Article) { a.LanguageCode, a.TranslationGroup = code, "muge" }
	}
	a := s.publish(s.create("Mugė", in("lt")))
	s.publish(s.create("The fair", in("en")))
	s.create("Messen", in("da"))
	got, err := s.at(a.GetName(), time.Now())
	if err != nil || len(got.GetTranslations()) != 1 || got.GetTranslations()[0].GetLanguageCode() != "en" {
		t.Errorf("got %v, %v", got.GetTranslations(), err)
	}
}
