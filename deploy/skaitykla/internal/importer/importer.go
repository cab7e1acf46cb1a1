// Package importer brings manuscripts into a running suite and keeps articles
// and files the same.
//
// An import is idempotent: what is there already is not made again, an
// unchanged file changes nothing, a changed one makes a revision. The etag of
// what an import wrote is kept in an annotation of the article, so that a
// later import never overwrites what somebody edited in between.
package importer

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// AnnotationEtag is the annotation that holds the etag the last import wrote.
const AnnotationEtag = "skaitykla-import-etag"

// Suite is what an import calls.
type Suite struct {
	Articles articlev1.ArticleServiceClient
	Photos   mediav1.MediaServiceClient
}

// Options say how to import.
type Options struct {
	// Site is the site's resource.
	Site *articlev1.Site
	// Publish publishes what was imported, under the date of the file.
	Publish bool
	// Force overwrites what somebody edited since the last import.
	Force bool
	// DryRun changes nothing and tells what would change.
	DryRun bool
	// Seen, if set, keeps which file each article came from, so that two files
	// of one run do not overwrite each other.
	Seen map[string]string
	// Photo, if set, is what is said of every picture that is uploaded; its file
	// name is that of the picture.
	Photo *mediav1.Photo
	// Progress, if set, is told of each picture before and while it is sent.
	Progress func(picture string, sent, size int64)
}

// Outcome is what an import did, or with DryRun would do.
type Outcome string

// The outcomes.
const (
	Created   Outcome = "created"
	Updated   Outcome = "updated"
	Unchanged Outcome = "unchanged"
)

// Import imports one file. With an error the result still tells how far it
// came: an article that cannot be published is there as a draft.
func Import(ctx context.Context, suite Suite, file string, o Options) (*Result, error) {
	result := &Result{File: file}
	source, err := readManuscript(file)
	if err != nil {
		return result, err
	}
	m, err := manuscript.Parse(source, o.Site.GetDefaultLanguageCode())
	if err != nil {
		return result, fmt.Errorf("%s: %w", file, err)
	}
	for _, n := range m.Notes {
		result.Notes = append(result.Notes, n.String())
	}
	name, err := identity(ctx, suite, m, o.Site)
	if err != nil {
		return result, err
	}
	result.Article = name
	if first, ok := o.Seen[name]; ok {
		return result, fmt.Errorf("%s is the same article as %s; give one of them another `id:` or `slug:`", file, first)
	}
	if o.Seen != nil {
		o.Seen[name] = file
	}
	if err := pictures(ctx, suite, filepath.Dir(file), m, o); err != nil {
		return result, err
	}
	article, err := write(ctx, suite, name, m, o, result)
	if err != nil || o.DryRun {
		return result, err
	}
	result.Path = article.GetPath()
	result.Blocks = Places(article)
	if !o.Publish {
		return result, nil
	}
	return result, publish(ctx, suite, article, m, o, result)
}

// publish publishes the article as it is under the date of the file. What
// somebody took away from readers is not given back by an import that did not
// know of it.
func publish(ctx context.Context, suite Suite, a *articlev1.Article, m *manuscript.Manuscript, o Options, result *Result) error {
	if a.GetState() == articlev1.Article_STATE_UNPUBLISHED && !o.Force {
		return fmt.Errorf("%s is imported but not published: somebody took it away from readers; "+
			"publish it with `skaitykla article publish`, or use --force", a.GetName())
	}
	request := &articlev1.PublishArticleRequest{Name: a.GetName(), Etag: a.GetEtag()}
	if m.Matter.Date != nil {
		when, err := publishTime(m, o.Site, a.GetPublishTime(), time.Now())
		if err != nil {
			return err
		}
		request.PublishTime = when
	}
	published, err := suite.Articles.PublishArticle(ctx, request)
	if failure := detail[*articlev1.CheckFailure](err); failure != nil {
		result.Findings = failure.GetFindings()
		return &CheckError{Article: a.GetName(), Findings: failure.GetFindings()}
	}
	if err != nil {
		return fmt.Errorf("publish %s: %w", a.GetName(), err)
	}
	result.Published = true
	result.Path = published.GetPath()
	return nil
}

// CheckError is an article that was imported but may not be published.
type CheckError struct {
	Article  string
	Findings []*articlev1.Finding
}

// Error counts the findings.
func (e *CheckError) Error() string {
	return fmt.Sprintf("%s is imported as a draft but not published: mend the findings marked as errors first", e.Article)
}

// ConflictError is an article that somebody edited since the last import.
type ConflictError struct {
	Article string
	// Editor is who made the newest revision; empty when it is not known.
	Editor string
	Time   time.Time
	// Blocks and Fields are what they changed.
	Blocks, Fields []string
}

// Error names the editor and the parts, and says what to do.
func (e *ConflictError) Error() string {
	parts := make([]string, 0, len(e.Fields)+len(e.Blocks))
	parts = append(parts, e.Fields...)
	for _, b := range e.Blocks {
		parts = append(parts, "block "+b)
	}
	who := e.Editor
	if who == "" {
		who = "somebody"
	}
	what := "it"
	if len(parts) > 0 {
		what = strings.Join(parts, ", ")
	}
	return fmt.Sprintf("%s was not imported: %s changed %s since the last import; carry the change into the file, or use --force to overwrite it",
		e.Article, who, what)
}

// detail returns the error detail of a type, or nil.
func detail[T any](err error) (none T) {
	if err == nil {
		return none
	}
	for _, d := range status.Convert(err).Details() {
		if t, ok := d.(T); ok {
			return t
		}
	}
	return none
}

func notFound(err error) bool { return status.Code(err) == codes.NotFound }

// ErrPicture marks pictures that cannot be read.
var ErrPicture = errors.New("cannot read the picture")
