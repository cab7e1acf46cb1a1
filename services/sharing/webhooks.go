package sharing

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"runtime/debug"
	"time"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

// WebhookConfig says where webhooks and pings of hubs may be sent to.
type WebhookConfig struct {
	// Own are networks that may be sent to although they are not public, such as
	// that of the library, there also by http and to any port.
	Own []netip.Prefix `env:"WEBHOOK_NETWORKS"`
	// Ports are those of public addresses.
	Ports []uint16 `env:"WEBHOOK_PORTS" envDefault:"443"`
	// CallTimeout is how long one call may take.
	CallTimeout time.Duration `env:"WEBHOOK_TIMEOUT" envDefault:"10s"`
	// Calls is how many calls may be under way at once.
	Calls int `env:"WEBHOOK_CALLS" envDefault:"32"`
	// Contact is told to receivers: an address of a page, or of mail.
	Contact string `env:"WEBHOOK_CONTACT"`
	// Authorities is a PEM file of certificates that are trusted besides those
	// of the system, for receivers in own networks.
	Authorities string `env:"WEBHOOK_CA_FILE"`
}

// checkWebhooks returns everything that is wrong with the config.
func (c WebhookConfig) checkWebhooks() error {
	var problems []error
	if err := egress.CheckOwn(c.Own); err != nil {
		problems = append(problems, fmt.Errorf("SKAITYKLA_WEBHOOK_NETWORKS: %w", err))
	}
	if c.CallTimeout <= 0 || c.CallTimeout > 30*time.Second {
		problems = append(problems, fmt.Errorf("SKAITYKLA_WEBHOOK_TIMEOUT=%s: use more than 0 and at most 30s", c.CallTimeout))
	}
	if c.Calls < 1 || c.Calls > 1000 {
		problems = append(problems, fmt.Errorf("SKAITYKLA_WEBHOOK_CALLS=%d: use 1 to 1000", c.Calls))
	}
	for _, r := range c.Contact {
		if r <= ' ' || r > '~' || r == '(' || r == ')' {
			problems = append(problems, errors.New("SKAITYKLA_WEBHOOK_CONTACT: use an address of ASCII letters without spaces and parentheses"))
			break
		}
	}
	return errors.Join(problems...)
}

// client returns what calls receivers.
func (c WebhookConfig) client(publicURI string) (*egress.Client, error) {
	settings := egress.Config{Own: c.Own, Ports: c.Ports, Timeout: c.CallTimeout, UserAgent: c.userAgent(publicURI)}
	if c.Authorities != "" {
		pem, err := os.ReadFile(c.Authorities)
		if err != nil {
			return nil, fmt.Errorf("SKAITYKLA_WEBHOOK_CA_FILE: %w", err)
		}
		if settings.Roots, err = x509.SystemCertPool(); err != nil {
			settings.Roots = x509.NewCertPool()
		}
		if !settings.Roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("SKAITYKLA_WEBHOOK_CA_FILE: %s holds no certificate in PEM", c.Authorities)
		}
	}
	return egress.New(settings)
}

// userAgent names the program, its version and whom to ask about it.
func (c WebhookConfig) userAgent(publicURI string) string {
	version := "0"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	agent := "Skaitykla/" + version
	if c.Contact == "" {
		c.Contact = publicURI
	}
	if c.Contact != "" {
		agent += " (+" + c.Contact + ")"
	}
	return agent
}
