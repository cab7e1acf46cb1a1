package permissions_test

import (
	"context"
	"errors"
	"io"

	"github.com/google/uuid"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func archiveRows() []row {
	return []row{
		{"ExportArticles", "", nil, "tdddyydd", func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.exported(ctx)
			return err
		}},
		{"ImportArticles", "", nil, "tddddydd", importArticles},
	}
}

// exported returns the archive of the library.
func (c caller) exported(ctx context.Context) ([]*articlev1.ArchiveRecord, error) {
	stream, err := c.ExportArticles(ctx, &articlev1.ExportArticlesRequest{Parent: library})
	if err != nil {
		return nil, err
	}
	var records []*articlev1.ArchiveRecord
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return records, nil
		}
		if err != nil {
			return nil, err
		}
		records = append(records, m.GetRecord())
	}
}

// importArticles imports a site without articles under an id of its own.
func importArticles(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	operator := s.as(person(auth.Operator, auth.EverySite))
	empty, err := operator.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: "s-" + uuid.NewString(), Site: newSite()})
	must(s.t, err)
	export, err := operator.ExportArticles(ctx, &articlev1.ExportArticlesRequest{Parent: empty.GetName()})
	must(s.t, err)
	stream, err := c.ImportArticles(ctx)
	if err != nil {
		return err
	}
	m := &articlev1.ImportArticlesRequest{Parent: "sites/s-" + uuid.NewString()}
	for {
		if err := stream.Send(m); err != nil {
			break // the answer, which CloseAndRecv returns, says why
		}
		next, err := export.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		must(s.t, err)
		m = &articlev1.ImportArticlesRequest{Record: next.GetRecord()}
	}
	_, err = stream.CloseAndRecv()
	return err
}
