package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

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
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				return a.deliveryPages(out, limit, func(token string) (*sharingv1.ListDeliveriesResponse, error) {
					return shares.ListDeliveries(ctx, &sharingv1.ListDeliveriesRequest{
						Parent: site + "/webhookEndpoints/" + endpoint, PageSize: 200, PageToken: token, Filter: filter,
					})
				})
			})
		},
	}
	c.Flags().StringVar(&filter, "filter", "", "such as 'state = FAILED' or 'event = WITHDRAWN'")
	c.Flags().IntVar(&limit, "limit", 50, "how many to list at most")
	return c
}

// deliveryPages prints pages until one is the last, or there are enough.
func (a *app) deliveryPages(out io.Writer, limit int, read func(token string) (*sharingv1.ListDeliveriesResponse, error)) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for token, n := "", 0; ; {
		page, err := read(token)
		if err != nil {
			return err
		}
		for _, d := range page.GetDeliveries() {
			if n++; n > limit {
				return table.Flush()
			}
			if a.json {
				if err := printLine(out, d); err != nil {
					return err
				}
				continue
			}
			fmt.Fprintln(table, strings.Join(deliveryRow(d, time.Now()), "\t"))
		}
		if token = page.GetNextPageToken(); token == "" {
			return table.Flush()
		}
	}
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

// minute is a time as people read it.
func minute(t *timestamppb.Timestamp) string {
	if t == nil {
		return "-"
	}
	return t.AsTime().Format("2006-01-02T15:04Z")
}

func (a *app) retry() *cobra.Command {
	return &cobra.Command{
		Use:     "retry ENDPOINT/DELIVERY",
		Short:   "Send a message again now, with the id it had",
		Example: `  skaitykla webhooks retry savivaldybe/000cs2m4b8g1o-6q0v3n5t8k2h4d1s`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withLinks(c, func(ctx context.Context, shares sharingv1.SharingServiceClient, site string, out io.Writer) error {
				name, err := deliveryName(site, args[0])
				if err != nil {
					return err
				}
				told, err := shares.RetryDelivery(ctx, &sharingv1.RetryDeliveryRequest{Name: name, RequestId: uuid.NewString()})
				if err != nil {
					return err
				}
				if a.json {
					return printLine(out, told)
				}
				_, err = fmt.Fprintf(out, "%s %s, tried at %s\n", deliveryPath(told.GetName()), stateWord(told.GetState()),
					told.GetNextAttemptTime().AsTime().Format(time.RFC3339))
				return err
			})
		},
	}
}
