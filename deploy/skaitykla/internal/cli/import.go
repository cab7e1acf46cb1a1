package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// importing is the command `import`.
func (a *app) importing() *cobra.Command {
	var o importer.Options
	c := &cobra.Command{
		Use:   "import DIR|FILE...",
		Short: "Bring Markdown files, or the archive of a site, into the suite",
		Long: `Import articles written as Markdown files with pictures beside them, or make a
site out of the archive that "skaitykla export" wrote.

A folder is searched for files named index.md. The front matter may name id,
title, date, language, tags, slug, cover and lead. The cover is a file, or, when
it is not among the pictures of the text, '![what it shows](file)'. The first
paragraph becomes the lead, unless lead is none; a picture alone in its
paragraph a figure, whose title text is the caption; several pictures in one
paragraph a gallery; block quotes quotations.

Importing the same file again changes nothing; a changed file makes a new
revision. What somebody edited in the meantime is not overwritten.

The exit code is 0 only when every file was imported, and with --publish also
published. With --json one array is printed, with an object for each file: what
was done, the findings that stop publishing, and the error if there was one.

An archive makes a new site: under its own id, or under that of --site. The site
is like the one that was exported, with its revisions, addresses and schedules,
and is there when all of the archive was found good. Photographs are not in an
archive: what is missing is listed.`,
		Example: `  skaitykla import articles/fair --publish
  skaitykla import articles --dry-run
  skaitykla import biblioteka.skaitykla --site bandymas`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			site, err := archiveAmong(args)
			switch {
			case err != nil:
				return err
			case site != "" && (o.Publish || o.Force || o.DryRun):
				return errors.New("an archive is imported as it is; --publish, --force and --dry-run are for Markdown files")
			case site != "":
				return a.importArchive(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), args[0], site)
			}
			return a.runImport(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), args, o)
		},
	}
	f := c.Flags()
	f.BoolVar(&o.Publish, "publish", false, "publish what was imported, under the date of the file")
	f.BoolVar(&o.Force, "force", false, "overwrite what somebody edited since the last import")
	f.BoolVar(&o.DryRun, "dry-run", false, "change nothing, show what would change")
	return a.onSite(a.reaching(c))
}

func (a *app) runImport(ctx context.Context, out, progress io.Writer, paths []string, o importer.Options) error {
	var files []string
	for _, path := range paths {
		found, err := importer.Files(path)
		if err != nil {
			return err
		}
		files = append(files, found...)
	}
	suite, err := connect.Open(a.where)
	if err != nil {
		return err
	}
	defer suite.Close()
	if o.Site, err = suite.Site(ctx, a.site); err != nil {
		return err
	}
	if bar := uploadBar(progress); bar != nil {
		o.Progress = bar
	}
	var results []*importer.Result
	var failed error
	o.Seen = map[string]string{}
	slices.Sort(files)
	for _, file := range slices.Compact(files) {
		if ctx.Err() != nil {
			failed = errors.Join(failed, fmt.Errorf("interrupted before %s; import again to go on", file))
			break
		}
		result, err := importer.Import(ctx, importer.Suite{Articles: suite.Articles, Photos: suite.Photos}, file, o)
		if err != nil {
			result.Error = failure(err)
			failed = errors.Join(failed, errors.New(result.Error))
		}
		results = append(results, result)
		if !a.json {
			report(out, result, o)
		}
	}
	if a.json {
		if err := printJSON(out, results); err != nil {
			return err
		}
	}
	return failed
}

// uploadBar shows progress on a terminal and nothing in a log file.
func uploadBar(w io.Writer) func(picture string, sent, size int64) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	return func(picture string, sent, size int64) {
		if sent == 0 {
			bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(w), progressbar.OptionShowBytes(true),
				progressbar.OptionSetDescription(picture), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set64(sent)
	}
}

// report tells of one file what a person wants to know.
func report(w io.Writer, r *importer.Result, o importer.Options) {
	did := string(r.Outcome)
	switch {
	case did == "":
		did = "not imported"
	case o.DryRun:
		did = "would be " + did
	case r.Published:
		did += ", published at " + r.Path
	}
	fmt.Fprintf(w, "%s: %s %s\n", r.File, r.Article, did)
	for _, c := range r.Changes {
		fmt.Fprintf(w, "  %s\n", c)
	}
	for _, n := range r.Notes {
		fmt.Fprintf(w, "  note: %s\n", n)
	}
	reportFindings(w, r.Findings, r.Blocks)
}

func reportFindings(w io.Writer, findings []*articlev1.Finding, blocks map[string]importer.BlockPlace) {
	for _, f := range findings {
		severity := "warning"
		switch {
		case f.GetWaived():
			severity = "waived"
		case f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR:
			severity = "error"
		}
		fmt.Fprintf(w, "  %s: %s, %s: %s", severity, placeOf(blocks, f.GetBlockId()), f.GetField(), message(f))
		if f.GetExcerpt() != "" {
			fmt.Fprintf(w, " [%s]", f.GetExcerpt())
		}
		fmt.Fprintf(w, " (%s)\n", f.GetRule())
	}
}

// message is the finding in English, the language of this program.
func message(f *articlev1.Finding) string {
	if m := f.GetMessages()["en"]; m != "" {
		return m
	}
	for _, code := range lang.Codes() {
		if m := f.GetMessages()[code]; m != "" {
			return m
		}
	}
	return f.GetRule()
}
