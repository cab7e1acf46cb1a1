package upload

import (
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
)

// digest returns the SHA-256, in hexadecimal, that a request announces for its
// body in Repr-Digest or Content-Digest (RFC 9530), which are the same where a
// request has no encoding; "" when it announces none. Other algorithms are
// passed over, as the RFC allows.
func digest(r *http.Request) (string, error) {
	sum := ""
	for _, name := range []string{"Repr-Digest", "Content-Digest"} {
		for _, line := range r.Header.Values(name) {
			for member := range strings.SplitSeq(line, ",") {
				algorithm, value, _ := strings.Cut(strings.TrimSpace(member), "=")
				if algorithm != "sha-256" {
					continue
				}
				value, _, _ = strings.Cut(value, ";") // parameters mean nothing here
				data, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(value, ":"), ":"))
				if err != nil || len(data) != 32 || !strings.HasPrefix(value, ":") || !strings.HasSuffix(value, ":") {
					return "", fault.InvalidField(name, "write sha-256=:BASE64: with the 32 bytes of the hash")
				}
				if found := hex.EncodeToString(data); sum == "" || sum == found {
					sum = found
				} else {
					return "", fault.InvalidField(name, "two different hashes are announced; send one")
				}
			}
		}
	}
	return sum, nil
}

// announce takes the digest of the headers into the form. A form with several
// parts has another digest than its file.
func announce(r *http.Request, f *form, whole bool) error {
	sum, err := digest(r)
	if err != nil || sum == "" {
		return err
	}
	if !whole {
		return fault.InvalidField("Repr-Digest", "the hash of a form is not that of its file; send the field sha256 instead")
	}
	if given := f.values["sha256"]; given != "" && given != sum {
		return fault.InvalidField("sha256", "another hash than in the headers; send one of them")
	}
	f.values["sha256"] = sum
	return nil
}
