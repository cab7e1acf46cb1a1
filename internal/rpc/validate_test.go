package rpc_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// creator is a client of CreateArticle as an author.
func creator(t *testing.T) articlev1.ArticleServiceClient {
	t.Helper()
	a := &articles{create: func(_ context.Context, req *articlev1.CreateArticleRequest) (*articlev1.Article, error) {
		return req.GetArticle(), nil
	}}
	return articlev1.NewArticleServiceClient(testkit.Start(t, a.register).As(auth.Author))
}

func create(change func(*articlev1.CreateArticleRequest)) *articlev1.CreateArticleRequest {
	req := &articlev1.CreateArticleRequest{Parent: testkit.Site, Article: &articlev1.Article{
		LanguageCode: "lt", Title: "Stažuotė Danijoje",
		Blocks: []*articlev1.Block{{Content: &articlev1.Block_Paragraph{Paragraph: &articlev1.Paragraph{
			Text: &articlev1.RichText{Spans: []*articlev1.Span{{Text: "Birželis"}}},
		}}}},
	}}
	change(req)
	return req
}

func TestUnknownFieldsAreRefused(t *testing.T) {
	client := creator(t)
	unknown := protowire.AppendVarint(protowire.AppendTag(nil, 9999, protowire.VarintType), 1)
	tests := []struct {
		path   string
		change func(*articlev1.CreateArticleRequest)
	}{
		{"", func(*articlev1.CreateArticleRequest) {}},
		{"9999", func(r *articlev1.CreateArticleRequest) { r.ProtoReflect().SetUnknown(unknown) }},
		{"article.9999", func(r *articlev1.CreateArticleRequest) { r.GetArticle().ProtoReflect().SetUnknown(unknown) }},
		{"article.blocks[0].paragraph.text.spans[0].9999", func(r *articlev1.CreateArticleRequest) {
			r.GetArticle().GetBlocks()[0].GetParagraph().GetText().GetSpans()[0].ProtoReflect().SetUnknown(unknown)
		}},
	}
	for _, test := range tests {
		t.Run("at "+test.path, func(t *testing.T) {
			_, err := client.CreateArticle(t.Context(), create(test.change))
			if test.path == "" {
				ok(t, err)
				return
			}
			e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_UNKNOWN_FIELD)
			if e.Field != test.path {
				t.Errorf("got field %q, want %q", e.Field, test.path)
			}
		})
	}
}

func TestRulesOfTheProtosHold(t *testing.T) {
	client := creator(t)
	_, err := client.CreateArticle(t.Context(), create(func(r *articlev1.CreateArticleRequest) {
		r.GetArticle().Title = strings.Repeat("a", 301)
	}))
	e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	if e.Field != "article.title" {
		t.Errorf("got field %q, want article.title", e.Field)
	}
	_, err = client.CreateArticle(t.Context(), create(func(r *articlev1.CreateArticleRequest) {
		r.GetArticle().Title = strings.Repeat("a", 301)
		r.RequestId = "not a uuid"
	}))
	e = testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
	if v := fault.Violations(&e); len(v) != 2 {
		t.Errorf("got violations %v, want both fields", v)
	}
}

// TestPatternsAreTold says what a text must look like, in plain English and in
// the language of the caller, and never by a regular expression.
func TestPatternsAreTold(t *testing.T) {
	client := creator(t)
	for language, want := range map[string]string{
		"lt": "Rašykite mažąsias raides a–z ir skaitmenis, tarp jų – po vieną brūkšnelį, pvz., knygu-muge-2026.",
		"en": "Write lower-case letters a-z and digits, with single hyphens between them, such as knygu-muge-2026.",
		"da": "Skriv små bogstaver a-z og cifre med enkelte bindestreger imellem, for eksempel knygu-muge-2026.",
	} {
		ctx := metadata.AppendToOutgoingContext(t.Context(), "accept-language", language)
		_, err := client.CreateArticle(ctx, create(func(r *articlev1.CreateArticleRequest) {
			r.Article.TranslationGroup, r.Article.Slug = "Grupė", "Knygų mugė"
		}))
		e := testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
		if strings.Contains(err.Error(), "regex") || strings.Contains(err.Error(), "[a-z]") {
			t.Errorf("%s: a caller is told %v", language, err)
		}
		var told []string
		for _, v := range fault.Violations(&e) {
			told = append(told, v.Field+": "+v.Message)
		}
		if diff := cmp.Diff([]string{
			"article.translation_group: Write at most 63 lower-case letters a-z, digits and hyphens, such as pastraipa-1.",
			"article.slug: Write lower-case letters a-z and digits, with single hyphens between them, such as knygu-muge-2026.",
		}, told); diff != "" {
			t.Errorf("%s: (-want +got):\n%s", language, diff)
		}
		for _, detail := range status.Convert(err).Details() {
			bad, ok := detail.(*errdetails.BadRequest)
			if !ok {
				continue
			}
			if got := bad.GetFieldViolations()[1].GetLocalizedMessage(); got.GetLocale() != language || got.GetMessage() != want {
				t.Errorf("the slug is told %v", got)
			}
		}
	}
}

// bytesCodec sends what is no message.
type bytesCodec struct{ encoding.CodecV2 }

// Marshal implements encoding.CodecV2.
func (bytesCodec) Marshal(any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer("\xff\xff\xff")}, nil
}

func TestBytesThatAreNoMessage(t *testing.T) {
	server := testkit.Start(t, (&articles{}).register)
	garbage := grpc.ForceCodecV2(bytesCodec{encoding.GetCodecV2("proto")})
	client := articlev1.NewArticleServiceClient(server.As(auth.Anonymous))
	_, err := client.GetArticle(t.Context(), &articlev1.GetArticleRequest{}, garbage)
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)

	stream, err := client.WatchArticles(t.Context(), &articlev1.WatchArticlesRequest{}, garbage)
	ok(t, err)
	_, err = stream.Recv()
	testkit.WantFault(t, err, codes.InvalidArgument, faultv1.Reason_REASON_INVALID_FIELD)
}

func TestRequestsThatAreTooLarge(t *testing.T) {
	server := testkit.New(t).Serve(rpc.Config{MaxRequest: 1000}, (&articles{}).register)
	client := articlev1.NewArticleServiceClient(server.As(auth.Anonymous))
	for _, size := range []int{1001, 5000} { // over our limit, and over gRPC's own
		_, err := client.GetArticle(t.Context(), &articlev1.GetArticleRequest{Name: strings.Repeat("a", size)})
		if e := rpc.FromStatus(err); e.Reason != faultv1.Reason_REASON_TOO_LARGE {
			t.Errorf("%d bytes: got %v", size, err)
		}
	}
}
