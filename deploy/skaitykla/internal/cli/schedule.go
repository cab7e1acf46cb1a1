package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/importer"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

func (a *app) articleSchedule() *cobra.Command {
	one := &articlev1.Schedule{}
	unpublish := false
	c := &cobra.Command{
		Use:   "schedule ID --at 2026-12-01T09:00",
		Short: "Have an article published, or unpublished, at a time",
		Long: `Have an article published, or unpublished, at a time.

The time is that of the clocks on the site, or in another --zone. What is
published is the revision that is the newest now, or another --revision; later
saves change nothing about it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSite(c.Context(), func(suite *connect.Suite, site *articlev1.Site) error {
				article, err := suite.Articles.GetArticle(c.Context(), &articlev1.GetArticleRequest{
					Name: site.GetName() + "/articles/" + args[0], View: articlev1.ArticleView_ARTICLE_VIEW_WORKING,
				})
				if err != nil {
					return err
				}
				one.Action = articlev1.Schedule_ACTION_UNPUBLISH
				if !unpublish {
					one.Action = articlev1.Schedule_ACTION_PUBLISH
					if one.GetRevision() == 0 {
						one.Revision = article.GetRevision()
					}
				}
				made, err := suite.Articles.CreateSchedule(c.Context(), &articlev1.CreateScheduleRequest{Parent: article.GetName(), Schedule: one})
				if failure := checkFailure(err); failure != nil {
					reportFindings(c.ErrOrStderr(), failure.GetFindings(), importer.Places(article))
				}
				if err != nil {
					return err
				}
				if a.json {
					return printMessage(c.OutOrStdout(), made)
				}
				_, err = fmt.Fprintf(c.OutOrStdout(), "%s will %s at %s %s\n", made.GetName(), doing(made), clock(made), made.GetTimeZone())
				return err
			})
		},
	}
	c.Flags().StringVar(&one.WallClock, "at", "", "the time, like 2026-12-01T09:00; needed")
	c.Flags().StringVar(&one.TimeZone, "zone", "", "time zone, like Europe/Vilnius; that of the site when not given")
	c.Flags().BoolVar(&unpublish, "unpublish", false, "take the article away from readers instead")
	c.Flags().Int64Var(&one.Revision, "revision", 0, "the revision to publish; the newest one when not given")
	c.Flags().StringVar(&one.Note, "note", "", "a note for colleagues")
	_ = c.MarkFlagRequired("at")
	return c
}

// schedules is the command `schedules`.
func (a *app) schedules() *cobra.Command {
	var late, failed, all bool
	c := &cobra.Command{
		Use:   "schedules",
		Short: "List what is to be published or unpublished at a time, and call it off",
		Long: `List the schedules that wait, of all sites or of one (--site), the earliest first.

--late lists those that were done more than a minute late or are not done yet,
--failed those that cannot be done, both together lists either.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			suite, err := connect.Open(a.where)
			if err != nil {
				return err
			}
			defer suite.Close()
			site := cmp.Or(a.site, "-")
			return printList(a, c.OutOrStdout(), paged(func(token string) ([]*articlev1.Schedule, string, error) {
				page, err := suite.Articles.ListSchedules(c.Context(), &articlev1.ListSchedulesRequest{
					Parent: "sites/" + site + "/articles/-", PageSize: 200, PageToken: token, Filter: scheduleFilter(late, failed, all),
				})
				return page.GetSchedules(), page.GetNextPageToken(), err
			}), scheduleRow)
		},
	}
	c.Flags().BoolVar(&late, "late", false, "only those that are late or were done late")
	c.Flags().BoolVar(&failed, "failed", false, "only those that cannot be done")
	c.Flags().BoolVar(&all, "all", false, "also those that are over")
	c.AddCommand(a.scheduleDelete())
	return a.onSite(a.reaching(c))
}

// scheduleFilter returns the filter (AIP-160) that the flags ask for.
func scheduleFilter(late, failed, all bool) string {
	var terms []string
	if late {
		terms = append(terms, "late = true")
	}
	if failed {
		terms = append(terms, "state = FAILED")
	}
	if len(terms) == 0 && !all {
		terms = append(terms, "state = PENDING", "state = HELD")
	}
	return strings.Join(terms, " OR ")
}

// scheduleRow is what people read of a schedule.
func scheduleRow(one *articlev1.Schedule) []string {
	late := ""
	if one.GetLate() {
		late = "late"
	}
	trouble := one.GetLastFailure().GetMessage()
	if reason := one.GetLastFailure().GetReason(); reason != "" {
		trouble = reason + ": " + trouble
	}
	return []string{clock(one) + " " + one.GetTimeZone(), stateWord(one.GetState()), late, doing(one), one.GetName(), trouble}
}

// doing is what a schedule does, as people read it.
func doing(one *articlev1.Schedule) string {
	if one.GetAction() == articlev1.Schedule_ACTION_UNPUBLISH {
		return "unpublish"
	}
	return fmt.Sprintf("publish revision %d", one.GetRevision())
}

func (a *app) scheduleDelete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Call a schedule off, or forget one that is over; the name is in the list",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			suite, err := connect.Open(a.where)
			if err != nil {
				return err
			}
			defer suite.Close()
			if _, err := suite.Articles.DeleteSchedule(c.Context(), &articlev1.DeleteScheduleRequest{Name: args[0]}); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "%s is gone\n", args[0])
			return err
		},
	}
}

// clock returns when a schedule fires by the clocks of its zone, which is later
// than its wall clock where the zone skips that.
func clock(one *articlev1.Schedule) string {
	zone, err := time.LoadLocation(one.GetTimeZone())
	if err != nil {
		return strings.Replace(one.GetWallClock(), "T", " ", 1)
	}
	at := one.GetFireTime().AsTime().In(zone)
	if at.Second() != 0 {
		return at.Format(time.DateTime)
	}
	return at.Format("2006-01-02 15:04")
}
