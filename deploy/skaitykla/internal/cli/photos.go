package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// photos is the command `photos`.
func (a *app) photos() *cobra.Command {
	c := &cobra.Command{Use: "photos", Short: "Add folders of photographs, list, find, show, check and remove them"}
	c.AddCommand(a.photosAdd(), a.photoList(), a.photoSearch(), a.photosShow(),
		a.photosUsages(), a.photosDelete(), a.photosRestore(), a.photosWithdraw(),
		a.photosAccept(), a.photosVerify(), a.photosReprocess())
	return a.onSite(a.reaching(c))
}

func (a *app) photoList() *cobra.Command {
	request := &mediav1.ListPhotosRequest{View: mediav1.PhotoView_PHOTO_VIEW_WORKING, PageSize: 200}
	c := &cobra.Command{
		Use:   "list",
		Short: "List the photos of a site, the last one uploaded first",
		Long: `List the photos of a site, the last one uploaded first. A filter takes only
some. What ends this year, the first to end first:

  skaitykla photos list --order expire_time --filter 'expire_time < "2027-01-01T00:00:00Z"'

What no article uses:

  skaitykla photos list --filter 'NOT usage:*'`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				request.Parent = site.GetName()
				return printList(a, c.OutOrStdout(), paged(func(token string) ([]*mediav1.Photo, string, error) {
					request.PageToken = token
					page, err := suite.Photos.ListPhotos(c.Context(), request)
					return page.GetPhotos(), page.GetNextPageToken(), err
				}), photoRow)
			})
		},
	}
	c.Flags().BoolVar(&request.ShowDeleted, "deleted", false, "list deleted photos too")
	c.Flags().StringVar(&request.OrderBy, "order", "", "create_time desc, create_time or expire_time")
	photoFilter(c, &request.Filter)
	return c
}

func (a *app) photoSearch() *cobra.Command {
	request := &mediav1.SearchPhotosRequest{View: mediav1.PhotoView_PHOTO_VIEW_WORKING}
	var limit int32
	var newest bool
	c := &cobra.Command{
		Use:   "search WORDS",
		Short: "Find photos by their words, in any grammatical form",
		Long: `Find photos by the words of their captions, alternative texts, people, credits,
tags and file names, in any grammatical form and with or without diacritics:

  skaitykla photos search knygu muges`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			request.Query = strings.Join(args, " ")
			if newest {
				request.OrderBy = "create_time desc"
			}
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				request.Parent = site.GetName()
				return printList(a, c.OutOrStdout(), first(paged(func(token string) ([]*mediav1.Photo, string, error) {
					request.PageToken, request.PageSize = token, limit
					page, err := suite.Photos.SearchPhotos(c.Context(), request)
					return page.GetPhotos(), page.GetNextPageToken(), err
				}), int(limit)), photoRow)
			})
		},
	}
	c.Flags().BoolVar(&newest, "newest", false, "the newest first instead of the best")
	c.Flags().Int32Var(&limit, "limit", 20, "how many photos to print")
	photoFilter(c, &request.Filter)
	return c
}

func photoFilter(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "filter", "", `only some, such as 'tags:"knygų mugė" AND license = "CC-BY-4.0"'`)
}

// photoRow is what people read of a photo: its id, state, day, size, when its
// rights end, credit and what it is called.
func photoRow(p *mediav1.Photo) []string {
	return []string{
		id(p.GetName()), stateWord(p.GetState()), day(p.GetCreateTime()), fmt.Sprintf("%dx%d", p.GetWidth(), p.GetHeight()),
		day(p.GetRights().GetExpireTime()), p.GetCredit(), caption(p),
	}
}

// caption is the first thing there is of caption, alternative text and file
// name, Lithuanian before other languages.
func caption(p *mediav1.Photo) string {
	for _, texts := range []map[string]string{p.GetCaptions(), p.GetAlts()} {
		if text := texts["lt"]; text != "" {
			return oneLine(text)
		}
		for _, code := range slices.Sorted(maps.Keys(texts)) {
			return oneLine(texts[code])
		}
	}
	return oneLine(p.GetFilename())
}
