package cli

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

func (a *app) linksStats() *cobra.Command {
	request := &sharingv1.QueryShareStatsRequest{}
	var by []string
	var article, link string
	c := &cobra.Command{
		Use:   "stats",
		Short: "Tell how often short addresses were opened, by people and by machines",
		Long: `Tell how often short addresses were opened: two columns, people and machines,
with a row for each part when --by is given: day, week, month, article, link,
source, device, referrer, reason; two of them at most.

Nobody can be singled out: small groups of people are only told together, so
that a figure can be up to four too low, and nothing below five is told. Ask for
months to see more than days tell. What is too little to be told by kind is told
together, so that all rows make the total.`,
		Example: `  skaitykla links stats --by source
  skaitykla links stats --by month,article --from 2026-01-01
  skaitykla links stats --by day --of knygu-muge`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			dimensions, err := dimensionsOf(by)
			if err != nil {
				return err
			}
			if err := errors.Join(checkDay("--from", request.GetStartDate()), checkDay("--to", request.GetEndDate())); err != nil {
				return err
			}
			return a.withSharing(c, func(s sharing) error {
				request.Site, request.Dimensions = s.site, dimensions
				if article != "" {
					request.Article = s.articleName(article)
				}
				if link != "" {
					request.ShareLink = linkName(s.site, link)
				}
				response, err := s.QueryShareStats(c.Context(), request)
				if err != nil {
					return err
				}
				if a.json {
					return printMessage(s.out, response)
				}
				return printStats(s.out, response)
			})
		},
	}
	c.Flags().StringSliceVar(&by, "by", nil, "what to break the counts down by")
	c.Flags().StringVar(&request.StartDate, "from", "", "the first day, such as 2026-11-01; 30 days ago when not given. What is neither a day nor whole weeks is widened to months")
	c.Flags().StringVar(&request.EndDate, "to", "", "the last day; today when not given, and never later")
	c.Flags().StringVar(&article, "of", "", "only the links of one article")
	c.Flags().StringVar(&link, "link", "", "only one link, by its code or words")
	return c
}

// maxDimensions is how many parts the contract breaks counts down by.
const maxDimensions = 2

// checkDay returns an error for what is no day, in the words of the flag it was
// given with. An empty one is left to the service.
func checkDay(flag, text string) error {
	if _, err := time.Parse(time.DateOnly, text); text != "" && err != nil {
		return fmt.Errorf("%s %s is not a day; write it such as 2026-11-01", flag, text)
	}
	return nil
}

// dimensionsOf reads what to break counts down by.
func dimensionsOf(words []string) ([]sharingv1.ShareStatsDimension, error) {
	const prefix = "SHARE_STATS_DIMENSION_"
	short := map[string]string{"LINK": "SHARE_LINK", "DEVICE": "DEVICE_CLASS", "REFERRER": "REFERRER_CLASS", "REASON": "MACHINE_REASON"}
	if len(words) > maxDimensions {
		return nil, errors.New("--by takes two parts at most, such as month,article")
	}
	var dimensions []sharingv1.ShareStatsDimension
	for _, word := range words {
		name := strings.ToUpper(strings.TrimSpace(word))
		if long, ok := short[name]; ok {
			name = long
		}
		n, ok := sharingv1.ShareStatsDimension_value[prefix+name]
		if !ok || n == 0 {
			return nil, fmt.Errorf("--by %s is not known; use day, week, month, article, link, source, device, referrer or reason", word)
		}
		dimensions = append(dimensions, sharingv1.ShareStatsDimension(n))
	}
	return dimensions, nil
}

// printStats prints a table with the total in its last row.
func printStats(out io.Writer, response *sharingv1.QueryShareStatsResponse) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range response.GetRows() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", count(row.PeopleCount), count(row.MachineCount), strings.Join(labels(row), " "))
	}
	if rest := response.GetRemainder(); rest != nil {
		fmt.Fprintf(table, "%s\t%s\ttoo few of a kind to tell apart\n", optional(rest.PeopleCount), optional(rest.MachineCount))
	}
	total := response.GetTotal()
	fmt.Fprintf(table, "%s\t%s\ttotal %s to %s\n", count(total.PeopleCount), count(total.MachineCount), response.GetStartDate(), response.GetEndDate())
	if err := table.Flush(); err != nil {
		return err
	}
	if response.GetTruncated() {
		_, err := fmt.Fprintln(out, "there are more rows; ask for less time")
		return err
	}
	return nil
}

// optional is a number of clicks, or that there is nothing to say.
func optional(n *int64) string {
	if n == nil {
		return "-"
	}
	return count(n)
}

// labels is what people read of a row besides its counts.
func labels(row *sharingv1.ShareStatsRow) []string {
	parts := []string{
		row.GetStartDate(), id(row.GetArticle()), id(row.GetShareLink()), word(row.GetSource(), "SHARE_SOURCE_"),
		word(row.GetDeviceClass(), "DEVICE_CLASS_"), word(row.GetReferrerClass(), "REFERRER_CLASS_"), word(row.GetMachineReason(), "MACHINE_REASON_"),
	}
	parts = slices.DeleteFunc(parts, func(part string) bool { return part == "" || part == "." || part == "unspecified" })
	if len(parts) == 0 {
		return []string{"not told"}
	}
	return parts
}
