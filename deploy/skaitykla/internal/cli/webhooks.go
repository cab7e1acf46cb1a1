package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// webhooks is the command `webhooks`.
func (a *app) webhooks() *cobra.Command {
	c := &cobra.Command{
		Use:   "webhooks",
		Short: "Manage who is told of articles: webhook endpoints, hubs and deliveries",
		Long: `Webhook endpoints get a signed message when an article is published, corrected
or withdrawn; hubs are pinged that feeds changed. See docs/webhooks.md.`,
	}
	c.AddCommand(a.webhooksList(), a.webhooksAdd(), a.webhooksShow(), a.webhooksRotate(), a.webhooksSwitch("enable", false),
		a.webhooksSwitch("disable", true), a.webhooksDelete(), a.deliveries(), a.retry())
	return a.onSite(a.reaching(c))
}

func (a *app) webhooksList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List endpoints: id, state, protocol, days of the last success and failure, address, note",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.withSharing(c, func(s sharing) error {
				return printList(a, s.out, paged(func(token string) ([]*sharingv1.WebhookEndpoint, string, error) {
					page, err := s.ListWebhookEndpoints(c.Context(), &sharingv1.ListWebhookEndpointsRequest{
						Parent: s.site, PageSize: 200, PageToken: token,
					})
					return page.GetWebhookEndpoints(), page.GetNextPageToken(), err
				}), endpointRow)
			})
		},
	}
}

// endpointRow is what people read of an endpoint.
func endpointRow(e *sharingv1.WebhookEndpoint) []string {
	return []string{
		id(e.GetName()), stateWord(e.GetState()), word(e.GetProtocol(), "PROTOCOL_"), day(e.GetSuccessTime()), day(e.GetFailureTime()),
		e.GetUri(), oneLine(e.GetNote()),
	}
}

func (a *app) webhooksAdd() *cobra.Command {
	var note, name string
	var events []string
	var hub bool
	c := &cobra.Command{
		Use:   "add ADDRESS",
		Short: "Add an endpoint and print the secret its messages are signed with, this once",
		Example: `  skaitykla webhooks add https://savivaldybe.example.lt/hooks --events published,withdrawn
  skaitykla webhooks add https://hub.example.org/ --hub`,
		Args: cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			wanted, err := eventsOf(events)
			if err != nil {
				return err
			}
			endpoint := &sharingv1.WebhookEndpoint{Uri: args[0], Note: note, Events: wanted}
			if hub {
				endpoint.Protocol = sharingv1.WebhookEndpoint_PROTOCOL_WEBSUB
			}
			return a.withSharing(c, func(s sharing) error {
				made, err := s.CreateWebhookEndpoint(c.Context(), &sharingv1.CreateWebhookEndpointRequest{
					Parent: s.site, WebhookEndpointId: name, WebhookEndpoint: endpoint, RequestId: uuid.NewString(),
				})
				if err != nil {
					return err
				}
				return a.printSecret(s.out, made)
			})
		},
	}
	c.Flags().StringVar(&name, "id", "", "its id; one is made when not given")
	c.Flags().StringVar(&note, "note", "", "what it is for")
	c.Flags().StringSliceVar(&events, "events", nil, "what to tell of: published, corrected, withdrawn; all when not given")
	c.Flags().BoolVar(&hub, "hub", false, "it is a WebSub hub, which is pinged when feeds change")
	return c
}

// eventsOf reads the names of events.
func eventsOf(names []string) ([]sharingv1.ArticleEvent, error) {
	events := make([]sharingv1.ArticleEvent, 0, len(names))
	for _, name := range names {
		value := sharingv1.ArticleEvent_value["ARTICLE_EVENT_"+strings.ToUpper(name)]
		if value == 0 {
			return nil, fmt.Errorf("there is no event %q; use published, corrected or withdrawn", name)
		}
		events = append(events, sharingv1.ArticleEvent(value))
	}
	return events, nil
}

// printSecret prints an endpoint that was given a secret; a hub has none.
func (a *app) printSecret(out io.Writer, e *sharingv1.WebhookEndpoint) error {
	if a.json {
		return printLine(out, e)
	}
	if e.GetSecret() == "" {
		_, err := fmt.Fprintf(out, "%s %s\n", id(e.GetName()), stateWord(e.GetState()))
		return err
	}
	_, err := fmt.Fprintf(out, "%s %s\nsecret: %s\nIt is not shown again. Keep it where the receiver runs.\n",
		id(e.GetName()), stateWord(e.GetState()), e.GetSecret())
	return err
}

// onEndpoint runs a command for the endpoint of an id.
func (a *app) onEndpoint(c *cobra.Command, typed string, do func(sharing, *sharingv1.WebhookEndpoint) error) error {
	return a.withSharing(c, func(s sharing) error {
		e, err := s.GetWebhookEndpoint(c.Context(), &sharingv1.GetWebhookEndpointRequest{Name: s.site + "/webhookEndpoints/" + id(typed)})
		if err != nil {
			return err
		}
		return do(s, e)
	})
}

func (a *app) webhooksShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show ID",
		Short: "Print an endpoint as JSON, without its secret",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onEndpoint(c, args[0], func(s sharing, e *sharingv1.WebhookEndpoint) error {
				return printMessage(s.out, e)
			})
		},
	}
}

func (a *app) webhooksRotate() *cobra.Command {
	var overlap time.Duration
	c := &cobra.Command{
		Use:     "rotate ID",
		Short:   "Give an endpoint a new secret and print it, this once",
		Example: `  skaitykla webhooks rotate savivaldybe --overlap 48h`,
		Args:    cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			if overlap < 0 {
				return errors.New("--overlap must not be negative")
			}
			return a.onEndpoint(c, args[0], func(s sharing, e *sharingv1.WebhookEndpoint) error {
				rotated, err := s.RotateWebhookSecret(c.Context(), &sharingv1.RotateWebhookSecretRequest{
					WebhookEndpoint: e.GetName(), Etag: e.GetEtag(), OverlapDuration: durationpb.New(overlap), RequestId: uuid.NewString(),
				})
				if err != nil {
					return err
				}
				return a.printSecret(s.out, rotated.GetWebhookEndpoint())
			})
		},
	}
	c.Flags().DurationVar(&overlap, "overlap", 24*time.Hour, "how long messages are signed with the former secret, too; 0 when it is known to others")
	return c
}

// webhooksSwitch is the command that disables endpoints or enables them.
func (a *app) webhooksSwitch(name string, disabled bool) *cobra.Command {
	short := "Send to an endpoint again, also one that was suspended"
	if disabled {
		short = "Send nothing to an endpoint for now; what happens meanwhile is not sent later"
	}
	return &cobra.Command{
		Use:   name + " ID",
		Short: short,
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onEndpoint(c, args[0], func(s sharing, e *sharingv1.WebhookEndpoint) error {
				e.Disabled = disabled
				changed, err := s.UpdateWebhookEndpoint(c.Context(), &sharingv1.UpdateWebhookEndpointRequest{
					WebhookEndpoint: e, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"disabled"}}, RequestId: uuid.NewString(),
				})
				if err != nil {
					return err
				}
				return a.printSecret(s.out, changed)
			})
		},
	}
}

func (a *app) webhooksDelete() *cobra.Command {
	return &cobra.Command{
		Use:   "delete ID",
		Short: "Remove an endpoint, with its deliveries; what waits for it is not sent",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.onEndpoint(c, args[0], func(s sharing, e *sharingv1.WebhookEndpoint) error {
				_, err := s.DeleteWebhookEndpoint(c.Context(), &sharingv1.DeleteWebhookEndpointRequest{
					Name: e.GetName(), Etag: e.GetEtag(), RequestId: uuid.NewString(),
				})
				if err == nil {
					_, err = fmt.Fprintf(s.out, "%s deleted\n", id(e.GetName()))
				}
				return err
			})
		},
	}
}
