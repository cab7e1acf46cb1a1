package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strings"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// retitle changes the title of an article's working copy. The etag says which
// revision we saw. When a colleague saved in between, the server merges what
// does not touch the same field or block; what does comes back as a conflict
// with both sides, and a person must choose.
func (s *suite) retitle(ctx context.Context, name, title string, out io.Writer) error {
	read, err := s.articles.GetArticle(ctx, &articlev1.GetArticleRequest{Name: name, View: articlev1.ArticleView_ARTICLE_VIEW_WORKING})
	if err != nil {
		return err
	}
	saved, err := s.articles.UpdateArticle(ctx, &articlev1.UpdateArticleRequest{
		Article:    &articlev1.Article{Name: name, Etag: read.GetEtag(), Title: title},
		UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"title"}},
		Note:       "retitled by the example tool",
		// Sent again after a broken connection, the same id has no second effect.
		RequestId: newRequestID(),
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\t%s\t%s\n", saved.GetName(), saved.GetEtag(), saved.GetTitle())
	return err
}

// explain says what to do about an error. Programs branch on the reason, never
// on the text.
func explain(err error) string {
	var b strings.Builder
	for _, detail := range status.Convert(err).Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			fmt.Fprintf(&b, "%s: ", d.GetReason())
		case *errdetails.BadRequest:
			for _, violation := range d.GetFieldViolations() {
				fmt.Fprintf(&b, "[%s] ", violation.GetField())
			}
		case *faultv1.EditConflict:
			fmt.Fprintf(&b, "%s saved revision %d at %s, changing %s; read it and decide: ", d.GetCurrentAuthor(), d.GetCurrentRevision(),
				d.GetCurrentTime().AsTime().Format("15:04"), strings.Join(append(d.GetTheirs().GetFields(), d.GetTheirs().GetBlockIds()...), ", "))
		}
	}
	return b.String() + status.Convert(err).Message()
}

// newRequestID returns a UUID version 4 (RFC 9562).
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
