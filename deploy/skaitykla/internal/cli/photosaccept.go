package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// errNothingSuggested says that a file does not say what was to be taken over.
var errNothingSuggested = errors.New("the file says nothing of it")

// acceptable are the fields that can be taken over, in the order of the help.
func acceptable() []string {
	return []string{"alt", "caption", "author", "credit", "copyright_notice", "source", "tags"}
}

// photosAccept is the command `photos accept`.
func (a *app) photosAccept() *cobra.Command {
	language := ""
	c := &cobra.Command{
		Use:   "accept PHOTO FIELD...",
		Short: "Take over what the file says of itself into the record",
		Long: `Take over what the file of a photo says of itself in EXIF, IPTC or XMP, as
"photos show" prints it under "suggestions". Nothing is taken over by itself:
whoever wrote it into the file may have been wrong. What the record says already
in these fields is replaced.

Fields: ` + strings.Join(acceptable(), ", ") + `.`,
		Example: `  skaitykla photos accept p-123 alt caption credit`,
		Args:    cobra.MinimumNArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				p, err := getPhoto(c.Context(), suite, site.GetName()+"/photos/"+id(args[0]))
				if err != nil {
					return err
				}
				p, err = accept(c.Context(), suite, p, args[1:], cmp.Or(language, site.GetDefaultLanguageCode()))
				if err != nil {
					return err
				}
				return printMessage(c.OutOrStdout(), p)
			})
		},
	}
	c.Flags().StringVar(&language, "language", "", "the language of alt and caption; that of the site by default")
	return c
}

// accept writes what is suggested for the fields into the record. It fails
// before it writes anything when one of them is unknown or not suggested.
func accept(ctx context.Context, suite *connect.Suite, p *mediav1.Photo, names []string, language string) (*mediav1.Photo, error) {
	change := &mediav1.Photo{Name: p.GetName(), Etag: p.GetEtag()}
	mask := &fieldmaskpb.FieldMask{}
	for _, name := range names {
		path, found, err := take(change, p, name, language)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("%s: %w; `photos show %s` prints what it says", name, errNothingSuggested, id(p.GetName()))
		}
		mask.Paths = append(mask.Paths, path)
	}
	return suite.Photos.UpdatePhoto(ctx, &mediav1.UpdatePhotoRequest{Photo: change, UpdateMask: mask, RequestId: uuid.NewString()})
}

// take sets one field of change to what is suggested for it, and returns the
// path of the field and whether anything was.
func take(change, p *mediav1.Photo, name, language string) (path string, found bool, err error) {
	said := p.GetSuggestions()
	switch name {
	case "alt":
		change.Alts = with(p.GetAlts(), language, said.GetAlt())
		return "alts", said.GetAlt() != "", nil
	case "caption":
		change.Captions = with(p.GetCaptions(), language, said.GetCaption())
		return "captions", said.GetCaption() != "", nil
	case "author":
		change.Author = said.GetAuthor()
		return name, change.Author != "", nil
	case "credit":
		change.Credit = said.GetCredit()
		return name, change.Credit != "", nil
	case "copyright_notice":
		change.CopyrightNotice = said.GetCopyrightNotice()
		return name, change.CopyrightNotice != "", nil
	case "source":
		change.Source = said.GetSource()
		return name, change.Source != "", nil
	case "tags":
		change.Tags = slices.Clone(said.GetTags())
		return name, len(change.Tags) > 0, nil
	}
	return "", false, fmt.Errorf("%q is no field that a file suggests; choose among %s", name, strings.Join(acceptable(), ", "))
}

// with returns texts with one more, in a language.
func with(texts map[string]string, language, text string) map[string]string {
	all := maps.Clone(texts)
	if all == nil {
		all = make(map[string]string)
	}
	all[language] = text
	return all
}
