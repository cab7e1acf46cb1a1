// Package webhook has the rules of webhook endpoints and of deliveries to them:
// their names, the secrets that messages are signed with, the ids by which
// receivers recognize repeats, and when a delivery is tried again or given up.
//
// Everything here is pure; package store keeps what it decides about, package
// outbox sends.
package webhook

import (
	"crypto/rand"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
)

// MaxEndpoints is how many endpoints a site may have.
const MaxEndpoints = 10

// Name is the name of an endpoint; its parts have no slash.
type Name struct {
	// Site is the id of the site.
	Site string
	// ID is the id of the endpoint.
	ID string
}

// String returns the resource name, "sites/{site}/webhookEndpoints/{endpoint}".
func (n Name) String() string { return published.SiteName(n.Site) + "/webhookEndpoints/" + n.ID }

// ParseName reads a resource name given in a field of a request. It fails with
// INVALID_FIELD.
func ParseName(field, text string) (Name, error) {
	site, id, cut := strings.Cut(text, "/webhookEndpoints/")
	siteID, err := published.ParseSite(field, site)
	if !cut || err != nil || !isID(id) {
		return Name{}, fault.InvalidField(field,
			"%.100q is not the name of an endpoint, sites/{site}/webhookEndpoints/{webhook_endpoint}", text)
	}
	return Name{Site: siteID, ID: id}, nil
}

// DeliveryName is the name of a delivery.
type DeliveryName struct {
	// Endpoint is where it goes.
	Endpoint Name
	// ID is that of the delivery, which is the id of its message.
	ID string
}

// String returns the resource name.
func (n DeliveryName) String() string { return n.Endpoint.String() + "/deliveries/" + n.ID }

// ParseDeliveryName reads a resource name given in a field of a request. It
// fails with INVALID_FIELD.
func ParseDeliveryName(field, text string) (DeliveryName, error) {
	endpoint, id, cut := strings.Cut(text, "/deliveries/")
	name, err := ParseName(field, endpoint)
	if !cut || err != nil || !isLabel(id) {
		return DeliveryName{}, fault.InvalidField(field,
			"%.100q is not the name of a delivery, sites/{site}/webhookEndpoints/{webhook_endpoint}/deliveries/{delivery}", text)
	}
	return DeliveryName{Endpoint: name, ID: id}, nil
}

// isID reports whether id can be that of an endpoint: 3 to 63 characters of
// [a-z0-9-] that begin with a letter.
func isID(id string) bool { return isLabel(id) && id[0] >= 'a' }

func isLabel(id string) bool {
	return len(id) >= 3 && len(id) <= 63 && id[0] != '-' &&
		strings.IndexFunc(id, func(c rune) bool { return (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' }) < 0
}

// Lease reserves a delivery for one sender until a time.
type Lease struct {
	Holder string
	Until  time.Time
}

// ParseParent reads the parent of deliveries: an endpoint, or with the id "-"
// all of a site. It fails with INVALID_FIELD.
func ParseParent(field, text string) (Name, error) {
	if site, all := strings.CutSuffix(text, "/webhookEndpoints/-"); all {
		id, err := published.ParseSite(field, site)
		return Name{Site: id, ID: "-"}, err
	}
	return ParseName(field, text)
}

// NewID returns a random id for an endpoint: 16 lower-case letters and digits
// that begin with a letter.
func NewID() string { return "w" + strings.ToLower(rand.Text())[:15] }
