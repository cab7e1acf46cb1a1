// Package clicks tells what opened a short link - a person or a machine, by
// which kind of device, from which kind of place - and counts it, without
// keeping anything that could lead to the one who did.
//
// What it looks at - the address, the user agent and the other headers of a
// request - is forgotten when Classify returns. What remains is a Visit: a
// handful of classes that many share. Only burst detection has to recognize a
// visitor for some minutes; see Bursts for what it keeps, and for how long.
//
// The rules know robots that say what they are, and some that do not. They err
// on the side of people where a person may look alike, and no rule looks at
// more than one request, bursts left out.
package clicks

import (
	"net/http"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// Visit is what is counted of one opening of a link.
type Visit struct {
	// Reason says why it was a machine; unspecified when nothing speaks for one.
	Reason sharingv1.MachineReason
	// Device and Referrer are what it came with and from. Both are unspecified
	// when Withheld is set.
	Device   sharingv1.DeviceClass
	Referrer sharingv1.ReferrerClass
	// Withheld says that the visitor asked not to be tracked: only the total is
	// counted.
	Withheld bool
}

// Classifier tells visits apart. It is safe for concurrent use.
type Classifier struct {
	robots *matcher
	places places
}

// NewClassifier returns a classifier with the tables of this package.
func NewClassifier() *Classifier {
	return &Classifier{robots: newMatcher(tokens()), places: newPlaces()}
}

// Classify returns what is counted of r, bursts left out; sites lists the hosts
// that are the link's own site, lower case.
func (c *Classifier) Classify(r *http.Request, sites ...string) Visit {
	h := r.Header
	agent := first(h, "User-Agent")
	v := Visit{Reason: c.reason(r.Method, h, agent), Withheld: withheld(h)}
	if v.Withheld {
		return v
	}
	v.Device = device(agent)
	v.Referrer = c.places.referrer(first(h, "Referer"), sites)
	return v
}

// withheld reports whether the visitor sent Do Not Track or the Global Privacy
// Control.
func withheld(h http.Header) bool { return first(h, "Dnt") == "1" || first(h, "Sec-Gpc") == "1" }

// first is h.Get for a name in canonical form.
func first(h http.Header, name string) string {
	if values := h[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}
