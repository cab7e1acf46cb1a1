package photo

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strconv"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// MaxSigned is the longest that a signed address works.
const MaxSigned = 15 * time.Minute

// Signer signs the addresses of renditions that are not public.
type Signer struct{ key []byte }

// NewSigner returns a Signer with a secret key, which all replicas share.
func NewSigner(key []byte) *Signer { return &Signer{key: key} }

// Sign returns the address of a rendition with a signature that works until
// MaxSigned after now.
func (s *Signer) Sign(a Address, now time.Time) string {
	expires := now.Add(MaxSigned).Unix()
	return a.String() + "?expires=" + strconv.FormatInt(expires, 10) +
		"&signature=" + base64.RawURLEncoding.EncodeToString(s.mac(a, expires))
}

// SignAll replaces the addresses of all renditions of p by signed ones.
func (s *Signer) SignAll(p *mediav1.Photo, now time.Time) {
	for _, r := range p.GetRenditions() {
		if a, ok := ParseAddress(r.GetUri()); ok {
			r.Uri = s.Sign(a, now)
		}
	}
}

// Verify checks the query of a signed address. It fails with
// SIGNATURE_INVALID, and tells nothing about the photo.
func (s *Signer) Verify(a Address, query string, now time.Time) error {
	invalid := fault.New(faultv1.Reason_REASON_SIGNATURE_INVALID,
		"the signature of this address is wrong or has expired; read the photo again for a fresh one")
	values, err := url.ParseQuery(query)
	if err != nil {
		return invalid
	}
	expires, err := strconv.ParseInt(values.Get("expires"), 10, 64)
	if err != nil || now.Unix() >= expires || expires > now.Add(MaxSigned+time.Minute).Unix() {
		return invalid
	}
	mac, err := base64.RawURLEncoding.Strict().DecodeString(values.Get("signature"))
	if err != nil || !hmac.Equal(mac, s.mac(a, expires)) {
		return invalid
	}
	return nil
}

func (s *Signer) mac(a Address, expires int64) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(a.String() + "\n" + strconv.FormatInt(expires, 10)))
	return h.Sum(nil)
}
