package rpc

import "strings"

// metaPattern and metaExample are the metadata that name the sentence about a
// pattern of the protos, and a text that fits it.
const (
	metaPattern = "pattern"
	metaExample = "example"
)

// keyPattern is what the keys of sentences about patterns begin with.
const keyPattern = "fault.pattern."

// pattern is a regular expression of the protos in words.
type pattern struct {
	// key names the sentence, together with keyPattern.
	key string
	// example is a text that fits.
	example string
}

// patternOf returns the words for a regular expression of the protos; false when
// there are none.
func patternOf(expression string) (pattern, bool) {
	if p, ok := patterns()[expression]; ok {
		return p, true
	}
	return namePattern(expression)
}

// patterns are the words for all expressions but those of resource names.
func patterns() map[string]pattern {
	id, revision := pattern{"id", "knygu-muge"}, pattern{"revision", "12"}
	anyAddress, secure := pattern{"web_address", "https://biblioteka.lt/naujienos"}, pattern{"secure_address", "https://biblioteka.lt/naujienos"}
	return map[string]pattern{
		`^[a-z][a-z0-9-]{2,62}$`:               id,
		`^([a-z][a-z0-9-]{2,62})?$`:            id,
		`^[a-z0-9-]{0,63}$`:                    {"label", "pastraipa-1"},
		`^[a-z0-9-]{8,80}$`:                    {"fingerprint", "3f2a9c1b7d4e6f80"},
		`^([0-9a-f]{64})?$`:                    {"sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		`^[1-9][0-9]{0,9}$`:                    revision,
		`^([1-9][0-9]{0,9})?$`:                 revision,
		`^([0-9]{4}-[0-9]{2}-[0-9]{2})?$`:      {"day", "2026-11-01"},
		`^([0-9]{4}-[0-9]{2}(-[0-9]{1,6})?)?$`: {"archive", "2026-11"},
		`^[a-z0-9-]*$`:                         {"page", "2026"},
		`^(#[0-9a-f]{6})?$`:                    {"color", "#1a6b54"},
		`^[0-9]{0,30}$`:                        {"digits", "1234567890"},
		`^[a-z][a-z0-9-]{0,29}$`:               {"target", "facebook"},
		`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$`:     {"host", "biblioteka.lt"},
		`^(https?://[a-z0-9.:\[\]-]+)?$`:       {"origin", "https://biblioteka.lt"},
		`^([a-z0-9]+(-[a-z0-9]+)*)?$`:          {"slug", "knygu-muge-2026"},
		`^https?://.+`:                         anyAddress,
		`^(https?://.*)?$`:                     anyAddress,
		`^https://.+$`:                         secure,
		`^(https://.+)?$`:                      secure,
		`^(https?://.+|/.*)$`:                  {"file_address", "/failai/programa.pdf"},
		`^(https?://|mailto:|tel:|/|#).*$`:     {"link", "https://biblioteka.lt/naujienos"},
		`^/`:                                   {"path", "/naujienos"},
		`^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?)?$`: {"wall_clock", "2026-11-01T09:00"},
	}
}

// namePattern returns the words for an expression of resource names (AIP-122),
// which alternate collections and ids.
func namePattern(expression string) (pattern, bool) {
	const one, all = "*", "-"
	form := strings.NewReplacer(
		`([a-z][a-z0-9-]{2,62}|-)`, all, `[a-z][a-z0-9-]{2,62}`, one, `[a-z0-9][a-z0-9-]{2,62}`, one,
		`[0-9a-z][0-9a-z-]{3,39}`, one, `[1-9][0-9]{0,9}`, one, `[^/]{1,64}`, one,
		"^", "", "$", "", "(", "", ")?", "",
	).Replace(expression)
	parts := strings.Split(form, "/")
	if len(parts)%2 != 0 {
		return pattern{}, false
	}
	p := pattern{key: "name"}
	for i := 0; i < len(parts); i += 2 {
		id := exampleIDs()[parts[i]]
		if id == "" || parts[i+1] != one && parts[i+1] != all {
			return pattern{}, false
		}
		if parts[i+1] == all {
			p.key = "any_name"
		}
		parts[i+1] = id
	}
	p.example = strings.Join(parts, "/")
	return p, true
}

// exampleIDs has an id for each collection of resources.
func exampleIDs() map[string]string {
	return map[string]string{
		"sites": "kaunas", "articles": "knygu-muge", "revisions": "12", "schedules": "rytoj", "previewTokens": "direktorei",
		"photos": "muges-sale", "uploads": "muges-sale", "socialCards": "knygu-muge",
		"shareLinks": "knygu-muge", "webhookEndpoints": "savivaldybe", "deliveries": "d-7f3k2m9q",
	}
}
