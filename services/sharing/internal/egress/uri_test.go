package egress_test

import (
	"strings"
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/egress"
)

func TestParseURI(t *testing.T) {
	tests := []struct{ name, text, public, own string }{
		{"plain and good", "https://example.org/hooks?key=1", "https://example.org/hooks?key=1", "https://example.org/hooks?key=1"},
		{"Lithuanian name", "https://Šiauliai.lt/kabliukas", "https://xn--iauliai-pqb.lt/kabliukas", "https://xn--iauliai-pqb.lt/kabliukas"},
		{"letters in the path", "https://a.lt/žinios", "https://a.lt/%C5%BEinios", "https://a.lt/%C5%BEinios"},
		{"standard port", "https://a.lt:443/", "https://a.lt:443/", "https://a.lt:443/"},
		{"http", "http://a.lt/", "", "http://a.lt/"},
		{"other port", "https://a.lt:8443/", "", "https://a.lt:8443/"},
		{"own address", "http://192.168.10.5:8080/x", "", "http://192.168.10.5:8080/x"},
		{"public address", "https://8.8.8.8/x", "https://8.8.8.8/x", "https://8.8.8.8/x"},
		{"public address by http", "http://127.0.0.1/x", "", ""},
		{"private address", "https://10.0.0.1/", "", ""},
		{"metadata", "https://169.254.169.254/latest", "", ""},
		{"mapped address", "https://[::ffff:127.0.0.1]/", "", ""},
		{"zone", "https://[fe80::1%25eth0]/", "", ""},
		{"user", "https://user@a.lt/", "", ""},
		{"password", "https://user:word@a.lt/", "", ""},
		{"fragment", "https://a.lt/#x", "", ""},
		{"empty fragment", "https://a.lt/#", "", ""},
		{"no host", "https:///x", "", ""},
		{"opaque", "https:a.lt", "", ""},
		{"script", "javascript:alert(1)", "", ""},
		{"file", "file:///etc/passwd", "", ""},
		{"no scheme", "a.lt/x", "", ""},
		{"no port", "https://a.lt:/", "", ""},
		{"port zero", "https://a.lt:0/", "", ""},
		{"large port", "https://a.lt:65979/", "", ""},
		{"space in the name", "https://a b.lt/", "", ""},
		{"line break", "https://a.lt/\r\nx: y", "", ""},
		{"raw letters in the query", "https://a.lt/?ž", "", ""},
		{"bad name", "https://-a-.lt/", "", ""},
		{"name of empty labels", "https://a..lt/", "", ""},
		{"too long", "https://a.lt/" + strings.Repeat("a", 2000), "", ""},
		{"too long when encoded", "https://a.lt/" + strings.Repeat("ž", 900), "", ""},
	}
	public := client(t, egress.Config{})
	own := client(t, egress.Config{Own: prefixes("192.168.10.0/24")})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got, err := public.ParseURI(test.text); got != test.public || (err == nil) != (test.public != "") {
				t.Errorf("without own networks: %q, %v, want %q", got, err, test.public)
			}
			if got, err := own.ParseURI(test.text); got != test.own || (err == nil) != (test.own != "") {
				t.Errorf("with own networks: %q, %v, want %q", got, err, test.own)
			}
		})
	}
}

// FuzzParseURI has what is accepted stay as it is when it is parsed again.
func FuzzParseURI(f *testing.F) {
	for _, seed := range []string{"https://Šiauliai.lt/ž?a=1", "https://[2001:4860::1]:443/", "https://a.lt/%2e%2e/", "http://1/"} {
		f.Add(seed)
	}
	c, err := egress.New(egress.Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once, err := c.ParseURI(text)
		if err != nil {
			return
		}
		if twice, err := c.ParseURI(once); err != nil || twice != once {
			t.Errorf("%q became %q and then %q, %v", text, once, twice, err)
		}
	})
}
