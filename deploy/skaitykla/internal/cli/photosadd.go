package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/photos"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// addOptions are the flags of `photos add`.
type addOptions struct {
	parallel int
	language string
	caption  string
	license  string
	photo    mediav1.Photo
}

func (a *app) photosAdd() *cobra.Command {
	o := &addOptions{}
	c := &cobra.Command{
		Use:   "add DIR|FILE...",
		Short: "Add the photographs of folders to a site",
		Long: `Add photographs: every file below the folders whose name ends as that of a
photo. Hidden files and links are left out; what was skipped is told.

Files whose bytes the site has already are not added again. When the command is
interrupted, or the line breaks, the same command goes on where it stopped: also
in the middle of a file, for a day. While the suite is away it waits, for up to
five minutes.

The exit code is 0 only when every photo is there in the end.`,
		Example: `  skaitykla photos add ~/Pictures/fair --credit "Ona Onaitė" --license CC-BY-4.0 --tag fair
  skaitykla photos add scans --parallel 4 --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.addPhotos(c, args, o) },
	}
	f := c.Flags()
	f.IntVar(&o.parallel, "parallel", 3, "how many files to send at a time, 1 to 16")
	f.StringVar(&o.photo.Credit, "credit", "", "what is printed beside each photo")
	f.StringVar(&o.photo.Author, "author", "", "who made them")
	f.StringVar(&o.photo.Source, "source", "", "where they came from")
	f.StringVar(&o.license, "license", "", "identifier of a license on the SPDX list, such as CC-BY-4.0")
	f.StringArrayVar(&o.photo.Tags, "tag", nil, "a word to find them by; several times for more")
	f.StringVar(&o.caption, "caption", "", "the caption of each of them")
	f.StringVar(&o.language, "language", "", "the language of the caption; that of the site by default")
	return c
}

func (a *app) addPhotos(c *cobra.Command, paths []string, o *addOptions) error {
	const most = 16
	if o.parallel < 1 || o.parallel > most {
		return fmt.Errorf("--parallel %d: choose 1 to %d", o.parallel, most)
	}
	var files []photos.File
	var skipped []photos.Result
	for _, path := range paths {
		found, left, err := photos.Find(path)
		if err != nil {
			return err
		}
		files, skipped = append(files, found...), append(skipped, left...)
	}
	return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
		progress := newProgress(c.ErrOrStderr(), files)
		adder := &photos.Adder{
			Photos: suite.Photos, Site: site.GetName(), Parallel: o.parallel, Photo: o.description(site), Progress: progress,
		}
		results := adder.Add(c.Context(), files)
		progress.end()
		return a.reportPhotos(c.OutOrStdout(), append(results, skipped...))
	})
}

// description is what the flags say of each photo.
func (o *addOptions) description(site *articlev1.Site) *mediav1.Photo {
	p := proto.CloneOf(&o.photo)
	if o.license != "" {
		p.License = &mediav1.License{SpdxId: o.license}
	}
	if o.caption != "" {
		language := o.language
		if language == "" {
			language = site.GetDefaultLanguageCode()
		}
		p.Captions = map[string]string{language: o.caption}
	}
	return p
}

func (a *app) photosShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Print the record of a photograph as JSON",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				p, err := getPhoto(c.Context(), suite, site.GetName()+"/photos/"+args[0])
				if err != nil {
					return err
				}
				return printMessage(c.OutOrStdout(), p)
			})
		},
	}
}

func getPhoto(ctx context.Context, suite *connect.Suite, name string) (*mediav1.Photo, error) {
	return suite.Photos.GetPhoto(ctx, &mediav1.GetPhotoRequest{Name: name, View: mediav1.PhotoView_PHOTO_VIEW_WORKING})
}
