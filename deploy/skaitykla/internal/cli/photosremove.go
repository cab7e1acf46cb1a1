package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// photosUsages is the command `photos usages`.
func (a *app) photosUsages() *cobra.Command {
	return a.onePhoto("usages PHOTO", "List the articles that use a photo, in any revision that is kept",
		func(ctx context.Context, suite *connect.Suite, p *mediav1.Photo, out io.Writer) error {
			return printList(a, out, paged(func(token string) ([]*mediav1.PhotoUsage, string, error) {
				page, err := suite.Photos.ListPhotoUsages(ctx, &mediav1.ListPhotoUsagesRequest{Parent: p.GetName(), PageSize: 200, PageToken: token})
				return page.GetPhotoUsages(), page.GetNextPageToken(), err
			}), usageRow)
		})
}

// usageRow is the article, how it uses the photo, in how many revisions, where,
// and its title.
func usageRow(u *mediav1.PhotoUsage) []string {
	return []string{
		id(u.GetArticle()), usageWord(u), strconv.FormatInt(int64(u.GetRevisionCount()), 10), strings.Join(u.GetPlaces(), ","), oneLine(u.GetTitle()),
	}
}

func usageWord(u *mediav1.PhotoUsage) string {
	switch {
	case u.GetPublished():
		return "published"
	case u.GetWorking():
		return "working"
	}
	return "revision"
}

// photosDelete is the command `photos delete`.
func (a *app) photosDelete() *cobra.Command {
	return a.onePhoto("delete PHOTO", "Delete a photo that no published article uses; it can be restored for 30 days",
		func(ctx context.Context, suite *connect.Suite, p *mediav1.Photo, out io.Writer) error {
			p, err := suite.Photos.DeletePhoto(ctx, &mediav1.DeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), RequestId: uuid.NewString()})
			return a.printRemoved(out, p, err)
		})
}

// photosRestore is the command `photos restore`.
func (a *app) photosRestore() *cobra.Command {
	return a.onePhoto("restore PHOTO", "Bring back a photo that was deleted or withdrawn, while its bytes are there",
		func(ctx context.Context, suite *connect.Suite, p *mediav1.Photo, out io.Writer) error {
			var err error
			if p.GetState() == mediav1.Photo_STATE_DELETED {
				p, err = suite.Photos.UndeletePhoto(ctx, &mediav1.UndeletePhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), RequestId: uuid.NewString()})
			} else {
				p, err = suite.Photos.RestorePhoto(ctx, &mediav1.RestorePhotoRequest{Name: p.GetName(), Etag: p.GetEtag(), RequestId: uuid.NewString()})
			}
			return a.printRemoved(out, p, err)
		})
}

// photosWithdraw is the command `photos withdraw`.
func (a *app) photosWithdraw() *cobra.Command {
	request := &mediav1.WithdrawPhotoRequest{RequestId: uuid.NewString()}
	c := a.onePhoto("withdraw PHOTO --reason TEXT", "Take a photo from every page, feed and address of ours at once",
		func(ctx context.Context, suite *connect.Suite, p *mediav1.Photo, out io.Writer) error {
			request.Name, request.Etag = p.GetName(), p.GetEtag()
			done, err := suite.Photos.WithdrawPhoto(ctx, request)
			if err != nil {
				return err
			}
			if a.json {
				return printMessage(out, done)
			}
			if err := a.printRemoved(out, done.GetPhoto(), nil); err != nil {
				return err
			}
			word := "withdrawn too:"
			if !request.GetIncludeDuplicates() {
				word = "the same picture is still there as"
			}
			for _, name := range done.GetDuplicatePhotos() {
				fmt.Fprintln(out, word, id(name))
			}
			return printList(a, out, whole(done.GetUsages()), usageRow)
		})
	c.Long = c.Short + `. Articles leave it out. Its
bytes, and what its record tells of people, are removed after the time of
SKAITYKLA_MEDIA_WITHDRAWAL_GRACE, with --purge at once and for good. Caches
that are not ours may show it for up to an hour.`
	c.Flags().StringVar(&request.Reason, "reason", "", "why; those who may see working copies read it; needed")
	c.Flags().BoolVar(&request.IncludeDuplicates, "duplicates", false, "withdraw other photos of the site with the same bytes, too")
	c.Flags().BoolVar(&request.Purge, "purge", false, "remove the bytes at once; they cannot be restored")
	_ = c.MarkFlagRequired("reason")
	return c
}

// onePhoto is a command about one photo of the site, given by its id.
func (a *app) onePhoto(use, short string, run func(context.Context, *connect.Suite, *mediav1.Photo, io.Writer) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				p, err := suite.Photos.GetPhoto(c.Context(), &mediav1.GetPhotoRequest{
					Name: site.GetName() + "/photos/" + id(args[0]), View: mediav1.PhotoView_PHOTO_VIEW_WORKING,
				})
				if err != nil {
					return err
				}
				return run(c.Context(), suite, p, c.OutOrStdout())
			})
		},
	}
}

func (a *app) printRemoved(out io.Writer, p *mediav1.Photo, err error) error {
	if err != nil {
		return err
	}
	if a.json {
		return printLine(out, p)
	}
	until := ""
	if p.GetPurgeTime() != nil {
		until = ", removed for good on " + day(p.GetPurgeTime())
	}
	_, err = fmt.Fprintf(out, "%s is %s%s\n", id(p.GetName()), stateWord(p.GetState()), until)
	return err
}
