package targets

import (
	"maps"
	"slices"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// ownLimit is the length in bytes of a link to a target that a site has added,
// of which nothing is known: what every browser and server takes.
const ownLimit = 2000

// Own is a target that a site has added.
type Own struct {
	titles, disclosures map[string]string
	fallback            string // the language whose words stand in for missing ones
}

// Of returns the targets of a site in its order: those it lists, or the whole
// table while it lists none. An id that is neither known here nor has a
// template of its own is left out: a newer article service may know more.
func Of(site *articlev1.Site) []Target {
	if len(site.GetShareTargets()) == 0 {
		return Table()
	}
	table := Table()
	listed := make([]Target, 0, len(site.GetShareTargets()))
	for _, row := range site.GetShareTargets() {
		if at := slices.IndexFunc(table, func(t Target) bool { return t.ID == row.GetId() }); at >= 0 {
			listed = append(listed, table[at])
			continue
		}
		if row.GetUriTemplate() != "" {
			listed = append(listed, ownTarget(site, row))
		}
	}
	return listed
}

// ownTarget returns the target of a row that the article service has checked.
func ownTarget(site *articlev1.Site, row *articlev1.ShareTarget) Target {
	t := Target{
		ID: row.GetId(), Exposure: ExposurePress, Icon: iconOwn,
		template: row.GetUriTemplate(), layout: []part{partTitle, partLead, partSite}, limit: limit{ownLimit, unitLinkBytes},
		own: &Own{titles: row.GetTitles(), disclosures: row.GetDisclosures(), fallback: site.GetDefaultLanguageCode()},
	}
	t.Recipient = t.Host()
	return t
}

// title returns the name in a language, or else in the site's, or in the first
// that there is.
func (o *Own) title(words *lang.Language) string { return o.text(o.titles, words) }

// disclosure returns who learns what; without words of the site that the host
// learns what every page that is opened learns.
func (o *Own) disclosure(words *lang.Language, host string) string {
	if text, ok := o.disclosures[words.Code()]; ok {
		return text
	}
	return words.Message("share.own.disclosure", "host", host)
}

func (o *Own) text(texts map[string]string, words *lang.Language) string {
	for _, code := range []string{words.Code(), o.fallback} {
		if text, ok := texts[code]; ok {
			return text
		}
	}
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		return texts[code]
	}
	return ""
}
