package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// previews is the command `preview`.
func (a *app) previews() *cobra.Command {
	c := &cobra.Command{Use: "preview", Short: "See what networks show beside a link to an article"}
	c.AddCommand(a.previewCheck(), a.previewHead())
	return a.onSite(a.reaching(c))
}

func (a *app) previewCheck() *cobra.Command {
	var published bool
	var language string
	c := &cobra.Command{
		Use:   "check ARTICLE",
		Short: "Tell what seven networks will show of an article, and what could be better",
		Long: `Tell what Facebook, X, WhatsApp, LinkedIn, Mastodon, Bluesky and Telegram will
show beside a link to an article, and what could be better. It is the working
copy that is looked at, before anything is shared: chats keep what was shared
first. What is not published yet has no card: its photograph stands in for it.`,
		Example: `  skaitykla preview check knygu-muge
  skaitykla preview check knygu-muge --published --language en`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSharing(c, func(s sharing) error {
				request := &sharingv1.CheckPreviewRequest{Article: s.articleName(args[0])}
				if !published {
					request.View = articlev1.ArticleView_ARTICLE_VIEW_WORKING
				}
				answer, err := s.CheckPreview(c.Context(), request)
				if err != nil && published {
					err = unseen(err, args[0])
				}
				if err != nil {
					return err
				}
				if a.json {
					return printMessage(s.out, answer)
				}
				return tellPreview(s.out, answer, language)
			})
		},
	}
	c.Flags().BoolVar(&published, "published", false, "look at what readers see instead of the working copy")
	c.Flags().StringVar(&language, "language", "en", "language of the advice: "+strings.Join(lang.Codes(), ", "))
	return c
}

// tellPreview prints what networks show, then what could be better.
func tellPreview(out io.Writer, answer *sharingv1.CheckPreviewResponse, language string) error {
	words, ok := lang.For(language)
	if !ok {
		return fmt.Errorf("there is no advice in %q; ask for one of %s", language, strings.Join(lang.Codes(), ", "))
	}
	for _, shown := range answer.GetAppearances() {
		fmt.Fprintf(out, "%s (%s)\n  %s\n", networkWord(shown.GetNetwork()), shown.GetSiteLine(), shown.GetTitle())
		if shown.GetDescription() != "" {
			fmt.Fprintf(out, "  %s\n", shown.GetDescription())
		}
		fmt.Fprintf(out, "  %s\n", pictureWord(shown))
	}
	if len(answer.GetFindings()) == 0 {
		_, err := fmt.Fprintln(out, "\nnothing could be better")
		return err
	}
	fmt.Fprintln(out)
	for _, finding := range answer.GetFindings() {
		if _, err := fmt.Fprintf(out, "%s %s: %s\n", word(finding.GetSeverity(), "SEVERITY_"), finding.GetRule(), finding.GetMessages()[words.Code()]); err != nil {
			return err
		}
	}
	return nil
}

// networkWord is a network as people write it.
func networkWord(n sharingv1.PreviewNetwork) string {
	switch n { //nolint:exhaustive // the others are written as they are named
	case sharingv1.PreviewNetwork_PREVIEW_NETWORK_WHATSAPP:
		return "WhatsApp"
	case sharingv1.PreviewNetwork_PREVIEW_NETWORK_LINKEDIN:
		return "LinkedIn"
	}
	word := strings.ToLower(strings.TrimPrefix(n.String(), "PREVIEW_NETWORK_"))
	return strings.ToUpper(word[:1]) + word[1:]
}

// pictureWord says which picture is shown.
func pictureWord(shown *sharingv1.PreviewAppearance) string {
	image := shown.GetImage()
	if image == nil {
		return "no picture"
	}
	size := "small picture"
	if shown.GetLargeImage() {
		size = "large picture"
	}
	return fmt.Sprintf("%s of %dx%d", size, image.GetWidth(), image.GetHeight())
}

func (a *app) previewHead() *cobra.Command {
	return &cobra.Command{
		Use:   "head ARTICLE",
		Short: "Print what stands in the head of the page of a published article",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSharing(c, func(s sharing) error {
				preview, err := s.RenderPreview(c.Context(), &sharingv1.RenderPreviewRequest{Article: s.articleName(args[0])})
				if err != nil {
					return unseen(err, args[0])
				}
				if a.json {
					return printMessage(s.out, preview)
				}
				_, err = io.WriteString(s.out, preview.GetHeadHtml())
				return err
			})
		},
	}
}
