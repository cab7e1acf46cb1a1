package article_test

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

const nobody = testkit.Site + "/articles/nobody"

// TestRefuseCreate sends what must never be stored.
func TestRefuseCreate(t *testing.T) {
	s := newSuite(t)
	many := make([]*articlev1.Block, 501)
	for i := range many {
		many[i] = paragraph(fmt.Sprintf("b%d", i), "x")
	}
	list := &articlev1.List{Items: []*articlev1.ListItem{{Text: text("x")}}}
	for range 4 {
		list = &articlev1.List{Items: []*articlev1.ListItem{{Text: text("x"), Sublist: list}}}
	}
	table := &articlev1.Table{Rows: []*articlev1.TableRow{
		{Cells: []*articlev1.RichText{text("a"), text("b")}}, {Cells: []*articlev1.RichText{text("c")}},
	}}
	big := strings.Repeat("Ž", 10_000)
	for _, c := range []struct {
		name   string
		change func(*articlev1.CreateArticleRequest)
		code   codes.Code
		reason faultv1.Reason
		field  string
	}{
		{"no title", func(r *articlev1.CreateArticleRequest) { r.Article.Title = "" }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.title"},
		{"bad id", func(r *articlev1.CreateArticleRequest) { r.ArticleId = "A b" }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article_id"},
		{"control character", func(r *articlev1.CreateArticleRequest) { r.Article.Title = "a\x07" }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_TEXT, "article.title"},
		{"501 blocks", func(r *articlev1.CreateArticleRequest) { r.Article.Blocks = many }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.blocks"},
		{"too deep a list", func(r *articlev1.CreateArticleRequest) {
			r.Article.Blocks = []*articlev1.Block{{Content: &articlev1.Block_List{List: list}}}
		}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.blocks[0].list"},
		{"ragged table", func(r *articlev1.CreateArticleRequest) {
			r.Article.Blocks = []*articlev1.Block{{Content: &articlev1.Block_Table{Table: table}}}
		}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.blocks[0].table.rows[1]"},
		{"an id twice", func(r *articlev1.CreateArticleRequest) {
			r.Article.Blocks = []*articlev1.Block{paragraph("a", "x"), paragraph("a", "y")}
		}, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.blocks[1].id"},
		{"too large", func(r *articlev1.CreateArticleRequest) {
			for i := range 14 {
				r.Article.Blocks = append(r.Article.Blocks, paragraph(fmt.Sprintf("b%d", i), big))
			}
		}, codes.InvalidArgument, faultv1.Reason_REASON_TOO_LARGE, ""},
		{"another language", func(r *articlev1.CreateArticleRequest) { r.Article.LanguageCode = "pl" }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.language_code"},
		{"reserved slug", func(r *articlev1.CreateArticleRequest) { r.Article.Slug = "en" }, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD, "article.slug"},
		{"unknown photo", func(r *articlev1.CreateArticleRequest) {
			r.Article.Blocks = []*articlev1.Block{figure("nuotrauka", testkit.Site+"/photos/nobody")}
		}, codes.InvalidArgument, faultv1.Reason_REASON_PHOTO_UNKNOWN, "article.blocks[0].figure.placement.photo"},
		{"photo of another site", func(r *articlev1.CreateArticleRequest) {
			r.Article.Cover = &articlev1.PhotoPlacement{Photo: "sites/other/photos/langas"}
		}, codes.InvalidArgument, faultv1.Reason_REASON_PHOTO_UNKNOWN, "article.cover.photo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			req := &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{Title: "T"}}
			c.change(req)
			_, err := s.editor.CreateArticle(t.Context(), req)
			e := testkit.WantFault(t, err, c.code, c.reason)
			if got := violations(&e); got != c.field {
				t.Errorf("got the field %q, want %q", got, c.field)
			}
		})
	}
	got, err := s.editor.ListArticles(t.Context(), &articlev1.ListArticlesRequest{Parent: testkit.Site, View: working})
	if must(t, got, err); len(got.GetArticles()) != 0 {
		t.Errorf("something was stored: %v", got)
	}
}

// TestRefuseBytes sends bytes that no generated client would.
func TestRefuseBytes(t *testing.T) {
	s := newSuite(t)
	conn := s.server.As(auth.Editor)
	create := func(articleBytes []byte) error {
		req := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), testkit.Site)
		req = protowire.AppendBytes(protowire.AppendTag(req, 2, protowire.BytesType), articleBytes)
		var answer []byte
		return conn.Invoke(t.Context(), articlev1.ArticleService_CreateArticle_FullMethodName, &req, &answer, grpc.ForceCodecV2(rawCodec{}))
	}
	title := protowire.AppendString(protowire.AppendTag(nil, 6, protowire.BytesType), "Pavadinimas")
	if err := create(title); err != nil {
		t.Fatal(err)
	}
	unknown := protowire.AppendVarint(protowire.AppendTag(title, 999, protowire.VarintType), 1)
	testkit.WantFault(t, create(unknown), codes.InvalidArgument, faultv1.Reason_REASON_UNKNOWN_FIELD)
	invalid := protowire.AppendString(protowire.AppendTag(nil, 6, protowire.BytesType), "a\xff")
	// The decoder refuses these, so nobody can say in which field they were.
	testkit.WantFault(t, create(invalid), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}

// TestRefuseNames asks every method that names an article for one that is not
// there, and for what is no name.
func TestRefuseNames(t *testing.T) {
	s := newSuite(t)
	calls := map[string]func(name string) error{
		"get": func(n string) error {
			_, err := s.editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: n})
			return err
		},
		"get working": func(n string) error {
			_, err := s.editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: n, View: working})
			return err
		},
		"update": func(n string) error {
			_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{Article: &articlev1.Article{Name: n, Title: "T", Etag: "r1-aaaaaa"}})
			return err
		},
		"publish": func(n string) error {
			_, err := s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: n, Etag: "r1-aaaaaa"})
			return err
		},
		"unpublish": func(n string) error {
			_, err := s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: n, Etag: "r1-aaaaaa"})
			return err
		},
		"delete": func(n string) error {
			_, err := s.editor.DeleteArticle(t.Context(), &articlev1.DeleteArticleRequest{Name: n, Etag: "r1-aaaaaa"})
			return err
		},
		"undelete": func(n string) error {
			_, err := s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: n, Etag: "r1-aaaaaa"})
			return err
		},
		"check": func(n string) error {
			_, err := s.editor.CheckArticle(t.Context(), &articlev1.CheckArticleRequest{Name: n})
			return err
		},
	}
	for name, call := range calls {
		testkit.WantFault(t, call(nobody), codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
		for _, bad := range []string{"", "nobody", testkit.Site, testkit.Site + "/articles/", testkit.Site + "/articles/../x", testkit.Site + "/articles/Ąžuolas"} {
			if err := call(bad); err == nil {
				t.Errorf("%s took the name %q", name, bad)
			}
		}
	}
	_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: "sites/biblioteka2", Article: &articlev1.Article{Title: "T"}})
	testkit.WantFault(t, err, codes.PermissionDenied, faultv1.Reason_REASON_PERMISSION_DENIED)
	_, err = s.as(auth.Operator).CreateArticle(t.Context(), &articlev1.CreateArticleRequest{Parent: "sites/biblioteka2", Article: &articlev1.Article{Title: "T"}})
	testkit.WantFault(t, err, codes.NotFound, faultv1.Reason_REASON_RESOURCE_NOT_FOUND)
}

func TestRefuseChanges(t *testing.T) {
	s := newSuite(t)
	a := s.create("Pirma")
	update := func(etag string, change *articlev1.Article, paths ...string) error {
		change.Name, change.Etag = a.GetName(), etag
		_, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
			Article: change, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
		})
		return err
	}
	testkit.WantFault(t, update("", &articlev1.Article{Title: "Antra"}), codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	testkit.WantFault(t, update("r9-nothis", &articlev1.Article{Title: "Antra"}), codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	testkit.WantFault(t, update("r1-nothis", &articlev1.Article{Annotations: map[string]string{"k": "v"}}), codes.Aborted, faultv1.Reason_REASON_EDIT_CONFLICT)
	testkit.WantFault(t, update(a.GetEtag(), &articlev1.Article{Title: "Antra"}, "colour"), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD_MASK)
	testkit.WantFault(t, update(a.GetEtag(), &articlev1.Article{Title: "Antra"}, "creator"), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD_MASK)
	testkit.WantFault(t, update(a.GetEtag(), &articlev1.Article{}, "title"), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	testkit.WantFault(t, update(a.GetEtag(), &articlev1.Article{LanguageCode: "en"}), codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	_, err := s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_ETAG_REQUIRED)
	_, err = s.editor.UnpublishArticle(t.Context(), &articlev1.UnpublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)
	_, err = s.editor.UndeleteArticle(t.Context(), &articlev1.UndeleteArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	testkit.WantFault(t, err, codes.FailedPrecondition, faultv1.Reason_REASON_WRONG_STATE)

	// If-Match does what the body does.
	ctx := metadata.AppendToOutgoingContext(t.Context(), "if-match", `"`+a.GetEtag()+`"`)
	got, err := s.editor.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{Article: &articlev1.Article{Name: a.GetName(), Title: "Antra"}})
	if must(t, got, err); got.GetTitle() != "Antra" || got.GetRevision() != 2 {
		t.Errorf("got %v", got)
	}
	current, err := s.editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	if must(t, current, err); !proto.Equal(current, got) {
		t.Errorf("the answer of the write was %v, reading gives %v", got, current)
	}
}

// TestMediaAway saves and reads what names no new photo while media is away.
func TestMediaAway(t *testing.T) {
	s := newSuite(t)
	photo := s.media.put("langas")
	a := s.create("Su nuotrauka", func(a *articlev1.Article) { a.Blocks = []*articlev1.Block{figure("f", photo)} })
	s.media.setAway(true)
	_, err := s.editor.CreateArticle(t.Context(), &articlev1.CreateArticleRequest{
		Parent: testkit.Site, Article: &articlev1.Article{Title: "Kita", Blocks: []*articlev1.Block{figure("f", photo)}},
	})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	_, err = s.editor.PublishArticle(t.Context(), &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()})
	testkit.WantFault(t, err, codes.Unavailable, faultv1.Reason_REASON_SERVICE_UNAVAILABLE)
	s.publish(s.create("Be nuotraukos"))
	got, err := s.editor.UpdateArticle(t.Context(), &articlev1.UpdateArticleRequest{
		Article: &articlev1.Article{Name: a.GetName(), Etag: a.GetEtag(), Title: "Naujas vardas"},
	})
	if must(t, got, err); got.GetBlocks()[0].GetFigure().GetPlacement().GetPlaced() != nil {
		t.Error("a photo was resolved by nobody")
	}
	s.media.setAway(false)
	got, err = s.editor.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: a.GetName(), View: working})
	if must(t, got, err); !strings.Contains(got.GetBlocks()[0].GetFigure().GetPlacement().GetPlaced().GetRenditions()[0].GetUri(), "signature=") {
		t.Errorf("a working copy needs signed addresses, got %v", got)
	}
}
