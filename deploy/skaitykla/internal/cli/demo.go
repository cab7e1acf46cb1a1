package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/demo"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/ready"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// fillDemo makes the example newsroom, the way everybody else would: a site,
// and articles imported from a folder. It is made once, for somebody may have
// changed it since; a start that was interrupted is gone on with.
func fillDemo(data string, out io.Writer) func(context.Context, ready.File) error {
	done := filepath.Join(data, "demo.done")
	return func(ctx context.Context, at ready.File) error {
		suite, err := connect.Open(connect.Where{Article: at.Article, Media: at.Media, TokenFile: at.TokenFile})
		if err != nil {
			return err
		}
		defer suite.Close()
		if _, err := os.Stat(done); err == nil {
			return nil
		}
		fmt.Fprintln(out, "drawing the pictures of the example newsroom")
		dir, err := os.MkdirTemp("", "skaitykla-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := demo.Write(dir); err != nil {
			return err
		}
		site, err := ensureSite(ctx, suite, demo.Site())
		if err != nil {
			return err
		}
		files, err := importer.Files(dir)
		if err != nil {
			return err
		}
		options := importer.Options{Site: site, Publish: true, Photo: demo.Photo()}
		for i, file := range files {
			fmt.Fprintf(out, "example article %d of %d\n", i+1, len(files))
			if _, err := importer.Import(ctx, importer.Suite{Articles: suite.Articles, Photos: suite.Photos}, file, options); err != nil {
				return fmt.Errorf("example newsroom: %w", err)
			}
		}
		const mode = 0o644
		return os.WriteFile(done, nil, mode)
	}
}

func ensureSite(ctx context.Context, suite *connect.Suite, wanted *articlev1.Site) (*articlev1.Site, error) {
	site, err := suite.Articles.GetSite(ctx, &articlev1.GetSiteRequest{Name: wanted.GetName()})
	if status.Code(err) != codes.NotFound {
		return site, err
	}
	return suite.Articles.CreateSite(ctx, &articlev1.CreateSiteRequest{SiteId: id(wanted.GetName()), Site: wanted})
}
