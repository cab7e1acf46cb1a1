package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// follow prints what readers see of a site change, for ever. The last token is
// kept in a file, so that the tool goes on where it stopped: it hears of every
// change at least once, also of those made while it was away.
func (s *suite) follow(ctx context.Context, site, state string, out io.Writer) error {
	wait := time.Second
	for {
		err := s.watch(ctx, site, state, out)
		switch {
		case ctx.Err() != nil:
			return nil
		case reasonOf(err) == "RESUME_TOKEN_EXPIRED" || reasonOf(err) == "INVALID_RESUME_TOKEN":
			// We were away for too long: begin with a fresh snapshot.
			if err := os.Remove(state); err != nil {
				return err
			}
			continue
		case !passing(err):
			return err
		}
		fmt.Fprintln(os.Stderr, "tool: the stream broke, going on:", explain(err))
		select {
		case <-time.After(wait):
			wait = min(2*wait, time.Minute)
		case <-ctx.Done():
			return nil
		}
	}
}

// watch follows one stream until it breaks.
func (s *suite) watch(ctx context.Context, site, state string, out io.Writer) error {
	token, err := os.ReadFile(state)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	stream, err := s.articles.WatchArticles(ctx, &articlev1.WatchArticlesRequest{
		Parent: "sites/" + site, ResumeToken: strings.TrimSpace(string(token)),
	})
	if err != nil {
		return err
	}
	for {
		event, err := stream.Recv()
		if err != nil {
			return err
		}
		kind := strings.TrimPrefix(event.GetKind().String(), "KIND_")
		if event.GetName() != "" {
			if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", kind, event.GetName(), event.GetArticle().GetTitle()); err != nil {
				return err
			}
		}
		// The token is kept after the event was dealt with, never before.
		if event.GetResumeToken() == "" {
			continue
		}
		if err := keep(state, event.GetResumeToken()); err != nil {
			return err
		}
	}
}

// keep replaces the file in one step, so that a crash leaves the old token or
// the new one.
func keep(path, token string) error {
	const mode = 0o600
	if err := os.WriteFile(path+".new", []byte(token+"\n"), mode); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// passing reports whether an error goes away by itself.
func passing(err error) bool {
	switch status.Code(err) {
	case codes.Unavailable, codes.ResourceExhausted, codes.Aborted, codes.DeadlineExceeded:
		return true
	default:
		return errors.Is(err, io.EOF)
	}
}

// reasonOf returns the reason of an error, "" for none.
func reasonOf(err error) string {
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}
