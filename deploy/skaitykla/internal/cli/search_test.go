package cli

import (
	"bytes"
	"testing"

	"google.golang.org/protobuf/types/known/timestamppb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func TestPrintFound(t *testing.T) {
	var out bytes.Buffer
	printFound(&out, &articlev1.SearchArticlesResponse_Result{
		Article: &articlev1.Article{
			Name: "sites/biblioteka/articles/muge", Title: "Knygų mugė", LanguageCode: "lt",
			PublishTime: &timestamppb.Timestamp{Seconds: 1_717_718_400},
		},
		Snippets: []*articlev1.SearchArticlesResponse_Snippet{{Field: "body", Pieces: []*articlev1.SearchArticlesResponse_Piece{
			{Text: "Šiemet\n"}, {Text: "knygos", Match: true}, {Text: " ir "}, {Text: "mugės", Match: true}, {Text: "."},
		}}},
	})
	const want = "muge  2024-06-07  lt  Knygų mugė\n    body: Šiemet *knygos* ir *mugės*.\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
