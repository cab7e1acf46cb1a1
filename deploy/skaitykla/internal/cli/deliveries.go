package cli

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// deliveries is the command `webhooks deliveries`.
func (a *app) deliveries() *cobra.Command {
	var filter string
	var limit int
	c := &cobra.Command{
		Use:   "deliveries [ID]",
		Short: "List deliveries, newest first: endpoint/delivery, state, event, attempts, when it is next tried (in turn: after the one before about its article), article, last failure",
		Example: `  skaitykla webhooks deliveries
  skaitykla webhooks deliveries savivaldybe --filter 'state = FAILED'`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			endpoint := "-"
			if len(args) > 0 {
				endpoint = id(args[0])
			}
			return a.withSharing(c, func(s sharing) error {
				now := time.Now()
				return printList(a, s.out, first(paged(func(token string) ([]*sharingv1.Delivery, string, error) {
					page, err := s.ListDeliveries(c.Context(), &sharingv1.ListDeliveriesRequest{
						Parent: s.site + "/webhookEndpoints/" + endpoint, PageSize: 200, PageToken: token, Filter: filter,
					})
					return page.GetDeliveries(), page.GetNextPageToken(), err
				}), limit), func(d *sharingv1.Delivery) []string { return deliveryRow(d, now) })
			})
		},
	}
	c.Flags().StringVar(&filter, "filter", "", "such as 'state = FAILED' or 'event = WITHDRAWN'")
	c.Flags().IntVar(&limit, "limit", 50, "how many to list at most")
	return c
}

// deliveryRow is what people read of a delivery. One whose time has come waits
// for its turn: behind the one before about the same article, or for a place.
func deliveryRow(d *sharingv1.Delivery, now time.Time) []string {
	next := minute(d.GetNextAttemptTime())
	if d.GetNextAttemptTime() != nil && !d.GetNextAttemptTime().AsTime().After(now) {
		next = "in turn"
	}
	failure := ""
	if attempts := d.GetAttempts(); len(attempts) > 0 {
		failure = attempts[len(attempts)-1].GetError()
	}
	return []string{
		deliveryPath(d.GetName()), stateWord(d.GetState()), word(d.GetEvent(), "ARTICLE_EVENT_"), fmt.Sprint(d.GetAttemptCount()),
		next, id(d.GetArticle()), failure,
	}
}

// deliveryPath is the end of the name of a delivery, as `webhooks retry` takes
// it.
func deliveryPath(name string) string {
	_, rest, _ := strings.Cut(name, "/webhookEndpoints/")
	return strings.Replace(rest, "/deliveries/", "/", 1)
}

// deliveryName is the name of the delivery that somebody typed in that form, or
// as a whole.
func deliveryName(site, typed string) (string, error) {
	if strings.HasPrefix(typed, site+"/webhookEndpoints/") {
		return typed, nil
	}
	endpoint, delivery, cut := strings.Cut(typed, "/")
	if !cut || strings.Contains(delivery, "/") {
		return "", fmt.Errorf("%q names no delivery; take ENDPOINT/DELIVERY from the list", typed)
	}
	return site + "/webhookEndpoints/" + endpoint + "/deliveries/" + delivery, nil
}

func (a *app) retry() *cobra.Command {
	return &cobra.Command{
		Use:     "retry ENDPOINT/DELIVERY",
		Short:   "Send a message again now, with the id it had",
		Example: `  skaitykla webhooks retry savivaldybe/000cs2m4b8g1o-6q0v3n5t8k2h4d1s`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSharing(c, func(s sharing) error {
				name, err := deliveryName(s.site, args[0])
				if err != nil {
					return err
				}
				told, err := s.RetryDelivery(c.Context(), &sharingv1.RetryDeliveryRequest{Name: name, RequestId: uuid.NewString()})
				if err != nil {
					return err
				}
				if a.json {
					return printLine(s.out, told)
				}
				_, err = fmt.Fprintf(s.out, "%s %s, tried at %s\n", deliveryPath(told.GetName()), stateWord(told.GetState()),
					told.GetNextAttemptTime().AsTime().Format(time.RFC3339))
				return err
			})
		},
	}
}
