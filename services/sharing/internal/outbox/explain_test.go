package outbox

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

// TestExplainNames calls a name that leads inside and one that leads nowhere:
// whoever may see deliveries learns nothing of which is which, nor any address,
// and the operator's log does.
func TestExplainNames(t *testing.T) {
	caller, err := egress.New(egress.Config{Resolver: &net.Resolver{
		PreferGo: true, // knows localhost without asking
		Dial:     func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("10.7.7.7 is away") },
	}})
	if err != nil {
		t.Fatal(err)
	}
	texts := make(map[string]bool)
	for uri, class := range map[string]egress.Class{
		"https://localhost/": egress.ClassForbidden, "https://archyvas.vidus.example/": egress.ClassName,
	} {
		_, err := caller.Post(t.Context(), uri, http.Header{}, nil)
		if e, ok := errors.AsType[*egress.Error](err); !ok || e.Class != class {
			t.Fatalf("%s: %v, want an error of class %d", uri, err, class)
		}
		text, canceled := explain(err)
		if texts[text] = true; canceled || text == "" || strings.ContainsAny(text, "0123456789/:") {
			t.Errorf("%s is explained as %q", uri, text)
		}
		if !strings.Contains(err.Error(), "127.0.0.1") && !strings.Contains(err.Error(), "::1") && !strings.Contains(err.Error(), "archyvas") {
			t.Errorf("the log has %q only", err)
		}
	}
	if len(texts) != 1 {
		t.Errorf("two names are explained in %d ways: %v", len(texts), texts)
	}
}
