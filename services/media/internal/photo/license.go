package photo

import (
	"net/url"
	"strings"
	"unicode"

	"buf.build/go/spdx"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// license returns the terms of use, nil when nothing is said of them.
func (c *cleaner) license(l *mediav1.License, field string) *mediav1.License {
	if l == nil {
		return nil
	}
	clean := &mediav1.License{
		SpdxId:     c.spdx(l.GetSpdxId(), field+".spdx_id"),
		Terms:      c.text(l.GetTerms(), field+".terms"),
		Uri:        c.uri(l.GetUri(), field+".uri"),
		ExpireTime: c.time(l.GetExpireTime(), field+".expire_time"),
	}
	if clean.GetSpdxId() == "" && clean.GetTerms() == "" && clean.GetUri() == "" && clean.GetExpireTime() == nil {
		return nil
	}
	return clean
}

// spdx returns an identifier of the SPDX License List as it is written there.
func (c *cleaner) spdx(id, field string) string {
	if id == "" {
		return ""
	}
	license, ok := spdx.LicenseForID(id)
	if !ok {
		c.refuse(field, "%.64q is not on the SPDX License List %s; write one that is, such as CC-BY-4.0 or CC0-1.0, or put the words into terms",
			id, spdx.LicenseListVersion)
	}
	return license.ID
}

// uri returns an absolute address that a browser may be sent to.
func (c *cleaner) uri(uri, field string) string {
	uri = c.text(uri, field)
	if uri == "" {
		return ""
	}
	u, err := url.Parse(uri)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil || strings.ContainsFunc(uri, unicode.IsSpace) {
		c.refuse(field, "write an absolute address with https or http and without a password, such as https://creativecommons.org/licenses/by/4.0/")
		return ""
	}
	return uri
}
