package store

import (
	"strconv"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/kv/kvrecord"
	"github.com/skaitykla/skaitykla/services/sharing/internal/webhook"
)

// The layout of endpoints and deliveries. Of a chain of deliveries that are
// pending only the first has a turn.
const (
	endpointPrefix      = "webhook/"        // webhook/{site}/{endpoint}: recordv1.Endpoint
	outboxPrefix        = "outbox/"         // outbox/{message}: recordv1.OutboxEvent
	deliveryPrefix      = "delivery/"       // delivery/{site}/{endpoint}/{message}: recordv1.Delivery
	deliveryListPrefix  = "delivery-list/"  // delivery-list/{site}/{message}/{endpoint}
	deliveryChainPrefix = "delivery-chain/" // delivery-chain/{site}/{endpoint}/{chain}/{message}: pending
	deliveryTurnPrefix  = "delivery-turn/"  // delivery-turn/{site}/{endpoint}/{time}/{message}
	deliveryPurgePrefix = "delivery-purge/" // delivery-purge/{time}/{site}/{endpoint}/{message}
)

// Themes in the change log.
const (
	// WebhookTheme is that of endpoints.
	WebhookTheme = "webhook"
	// DeliveryTheme is that of deliveries that somebody wants tried again.
	DeliveryTheme = "delivery"
)

func endpointKey(n webhook.Name) []byte { return []byte(endpointPrefix + n.Site + "/" + n.ID) }

func outboxKey(message string) []byte { return []byte(outboxPrefix + message) }

func deliveryKey(n webhook.DeliveryName) []byte {
	return []byte(deliveryPrefix + n.Endpoint.Site + "/" + n.Endpoint.ID + "/" + n.ID)
}

func deliveryListKey(n webhook.DeliveryName) []byte {
	return []byte(deliveryListPrefix + n.Endpoint.Site + "/" + n.ID + "/" + n.Endpoint.ID)
}

// chainScope begins the keys of a chain.
func chainScope(n webhook.Name, chain string) string {
	return deliveryChainPrefix + n.Site + "/" + n.ID + "/" + chain + "/"
}

// turnScope begins the keys of the turns of an endpoint.
func turnScope(n webhook.Name) string { return deliveryTurnPrefix + n.Site + "/" + n.ID + "/" }

func turnKey(n webhook.DeliveryName, at time.Time) []byte {
	return []byte(turnScope(n.Endpoint) + timeTerm(at) + "/" + n.ID)
}

func deliveryPurgeKey(n webhook.DeliveryName, at time.Time) []byte {
	return []byte(deliveryPurgePrefix + timeTerm(at) + "/" + n.Endpoint.Site + "/" + n.Endpoint.ID + "/" + n.ID)
}

// parseTurn reads a key of turnKey.
func parseTurn(key []byte) (webhook.DeliveryName, time.Time, error) {
	parts := strings.Split(strings.TrimPrefix(string(key), deliveryTurnPrefix), "/")
	if len(parts) != 4 {
		return webhook.DeliveryName{}, time.Time{}, kvrecord.UnexpectedKey(key)
	}
	at, err := parseTimeTerm(parts[2])
	if err != nil {
		return webhook.DeliveryName{}, time.Time{}, kvrecord.UnexpectedKey(key)
	}
	return webhook.DeliveryName{Endpoint: webhook.Name{Site: parts[0], ID: parts[1]}, ID: parts[3]}, at, nil
}

// parseTimeTerm reads what timeTerm has written.
func parseTimeTerm(text string) (time.Time, error) {
	n, err := strconv.ParseUint(text, 16, 64)
	return time.UnixMicro(int64(n ^ 1<<63)).UTC(), err //nolint:gosec // G115: keeps the order of negative ones
}

// parseEndpointKey reads a key of endpointKey.
func parseEndpointKey(key []byte) (webhook.Name, error) {
	n, err := nameOf(key, endpointPrefix)
	return webhook.Name(n), err
}
