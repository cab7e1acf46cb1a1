package server

import (
	"context"
	"log/slog"
	"strings"
	"unicode/utf8"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/rpc"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/redact"
)

// Redactions takes texts out of all that is stored of an article.
type Redactions interface {
	CountText(ctx context.Context, n article.Name, text string) (int64, error)
	StartRedaction(ctx context.Context, w article.Write, n article.Name, before *recordv1.State, text string, count int64) error
	FinishRedaction(ctx context.Context, n article.Name) error
	Redacting(ctx context.Context, n article.Name) (bool, error)
}

// RedactArticleRevisions implements the ArticleService.
func (s *Server) RedactArticleRevisions(ctx context.Context, req *articlev1.RedactArticleRevisionsRequest) (*articlev1.RedactArticleRevisionsResponse, error) {
	n, err := article.ParseName("parent", req.GetParent())
	if err != nil {
		return nil, err
	}
	etag, err := rpc.Etag(ctx, req.GetEtag())
	if err != nil {
		return nil, err
	}
	w, err := write(ctx, "RedactArticleRevisions", n.String(), etag, req, now())
	if err != nil {
		return nil, err
	}
	text, reason, err := redaction(req)
	if err != nil {
		return nil, err
	}
	w.Note = reason
	replay := func(record *recordv1.Request) (*articlev1.RedactArticleRevisionsResponse, error) {
		return s.replayRedaction(ctx, n, record)
	}
	return once(ctx, s, w, replay, func() (*articlev1.RedactArticleRevisionsResponse, error) {
		return s.redact(ctx, w, n, etag, text)
	})
}

// redaction returns the text and the reason of a request in NFC. They fail with
// INVALID_TEXT, and INVALID_FIELD where redacting would not do what it is for.
func redaction(req *articlev1.RedactArticleRevisionsRequest) (text, reason string, err error) {
	text, badText := article.CleanNote("text", req.GetText())
	reason, badReason := article.CleanNote("reason", req.GetReason())
	if err := fault.Join(badText, badReason); err != nil {
		return "", "", err
	}
	switch {
	case utf8.RuneCountInString(text) < redact.MinLength:
		return "", "", fault.InvalidField("text", "this has less than %d characters, which would be found all over", redact.MinLength)
	case strings.Contains(redact.Marker, text):
		return "", "", fault.InvalidField("text", "this is the marker that stands in the place of what was taken out")
	case strings.Contains(reason, text):
		return "", "", fault.InvalidField("reason", "the reason is kept, so it must not hold the text; say it in other words")
	case strings.TrimSpace(reason) == "":
		return "", "", fault.InvalidField("reason", "say why, such as the request of the person it is about")
	}
	return text, reason, nil
}

func (s *Server) redact(ctx context.Context, w article.Write, n article.Name, etag, text string) (*articlev1.RedactArticleRevisionsResponse, error) {
	l, err := s.Store.Load(ctx, n, 0)
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, l, auth.ArticleRedact); err != nil {
		return nil, err
	}
	// One that was interrupted comes first.
	if err := s.Store.FinishRedaction(ctx, n); err != nil {
		return nil, err
	}
	if l, err = s.Store.Load(ctx, n, 0); err != nil {
		return nil, err
	}
	if err := s.checkEtag(ctx, l, etag); err != nil {
		return nil, err
	}
	count, err := s.Store.CountText(ctx, n, text)
	if err != nil {
		return nil, err
	}
	if err := s.Store.StartRedaction(ctx, w, n, l.State, text, count); err != nil {
		return nil, err
	}
	if err := s.Store.FinishRedaction(ctx, n); err != nil {
		// It is certain to be done, and nothing the caller can do helps.
		s.Log.ErrorContext(ctx, "a redaction is not finished; the next sweep goes on", slog.String("article", n.String()), slog.Any("error", err))
		return s.redacted(ctx, n, count, false)
	}
	return s.redacted(ctx, n, count, true)
}

// redacted answers with the etag that fits from now on.
func (s *Server) redacted(ctx context.Context, n article.Name, count int64, done bool) (*articlev1.RedactArticleRevisionsResponse, error) {
	state, err := s.Store.State(ctx, n)
	return &articlev1.RedactArticleRevisionsResponse{
		RevisionCount: count, Done: done, Etag: article.Etag(state, state.GetRevision()),
	}, err
}

func (s *Server) replayRedaction(ctx context.Context, n article.Name, record *recordv1.Request) (*articlev1.RedactArticleRevisionsResponse, error) {
	l, err := s.Store.Load(ctx, n, 0)
	if err != nil {
		return nil, err
	}
	if err := allow(ctx, l, auth.ArticleRedact); err != nil {
		return nil, err
	}
	going, err := s.Store.Redacting(ctx, n)
	return &articlev1.RedactArticleRevisionsResponse{
		RevisionCount: record.GetRevision(), Done: !going, Etag: article.Etag(l.State, l.State.GetRevision()),
	}, err
}
