package blobs

import "strings"

// PartPrefix begins the keys of the parts of uploads that are not finished.
const PartPrefix = "upload/"

// Part returns the key of a part of an upload. The id of a part is never used
// again.
func Part(site, upload, part string) Key {
	return Key(PartPrefix + site + "/" + upload + "/" + part)
}

// Upload returns which upload a part belongs to and its id. It reports false
// for a key that [Part] did not make.
func (k Key) Upload() (site, upload, part string, ok bool) {
	rest, found := strings.CutPrefix(string(k), PartPrefix)
	if !found {
		return "", "", "", false
	}
	words := strings.Split(rest, "/")
	if len(words) != 3 || words[0] == "" || words[1] == "" || words[2] == "" {
		return "", "", "", false
	}
	return words[0], words[1], words[2], true
}
