package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/google/uuid"
	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/archive"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// exporting is the command `export`.
func (a *app) exporting() *cobra.Command {
	c := &cobra.Command{
		Use:   "export SITE FILE",
		Short: "Write everything a site has into one file",
		Long: `Write everything a site has into one file: its articles with all revisions,
what readers were ever shown, schedules, addresses and the audit. FILE is - for
the standard output. The file is there when all of it is, and not before.

The file tells names of people and what was never public: keep it as you keep
the data folder. Photographs are not in it; they are in the object store.
Preview tokens are not in it either.

"skaitykla import FILE" reads it back.`,
		Example: `  skaitykla export biblioteka biblioteka.skaitykla`,
		Args:    cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.runExport(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), args[0], args[1])
		},
	}
	return a.reaching(c)
}

func (a *app) runExport(ctx context.Context, out, progress io.Writer, id, path string) error {
	suite, err := connect.Open(a.where)
	if err != nil {
		return err
	}
	defer suite.Close()
	site, err := suite.Site(ctx, id)
	if err != nil {
		return err
	}
	bar := byteBar(progress, "export "+id, -1)
	if path == "-" {
		_, err := archive.Save(ctx, suite.Articles, site.GetName(), out, bar)
		return err
	}
	stats, err := archive.SaveFile(ctx, suite.Articles, site.GetName(), path, bar)
	if err != nil {
		return err
	}
	if a.json {
		return printJSON(out, stats)
	}
	fmt.Fprintf(out, "%s: %d articles with %d revisions in %s, %d bytes; photographs are not in it\n",
		stats.Site, stats.Articles, stats.Revisions, stats.File, stats.Bytes)
	return nil
}

// importArchive makes a site out of an archive: under the id of --site, or under
// its own.
func (a *app) importArchive(ctx context.Context, out, progress io.Writer, path, site string) error {
	if a.site != "" {
		site = "sites/" + a.site
	}
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	suite, err := connect.Open(a.where)
	if err != nil {
		return err
	}
	defer suite.Close()
	made, err := archive.Load(ctx, suite.Articles, site, uuid.NewString(), file, byteBar(progress, "import "+site, info.Size()))
	if err != nil {
		return err
	}
	if a.json {
		return printMessage(out, made)
	}
	reportImport(out, made)
	return nil
}

// shownMissing is how many missing photos a person is shown.
const shownMissing = 20

func reportImport(w io.Writer, made *articlev1.ImportArticlesResponse) {
	fmt.Fprintf(w, "%s is made, with %d articles\n", made.GetSite().GetName(), made.GetArticleCount())
	missing := made.GetMissingPhotos()
	if len(missing) == 0 {
		return
	}
	fmt.Fprintf(w, "an archive has no photographs; these are missing, and show as soon as they are uploaded under these names or the object store and media.db are restored:\n")
	for _, name := range missing[:min(len(missing), shownMissing)] {
		fmt.Fprintf(w, "  %s\n", name)
	}
	if more := len(missing) - shownMissing; more > 0 {
		fmt.Fprintf(w, "  and %d more; --json lists up to 1000\n", more)
	}
}

// archiveAmong returns the site of the archive that the paths name; "" when they
// name none. An archive is imported alone.
func archiveAmong(paths []string) (string, error) {
	for _, path := range paths {
		site, ok := archive.SiteOf(path)
		switch {
		case ok && len(paths) > 1:
			return "", errors.New(path + " is the archive of a site; import it alone")
		case ok:
			return site, nil
		}
	}
	return "", nil
}

// byteBar shows how many bytes are done on a terminal, and nothing in a log
// file. A size below 0 is not known.
func byteBar(w io.Writer, what string, size int64) func(bytes int64) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	bar := progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(what), progressbar.OptionClearOnFinish())
	return func(bytes int64) { _ = bar.Set64(bytes) }
}
