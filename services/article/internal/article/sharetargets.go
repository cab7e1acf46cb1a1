package article

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/lang"
	"github.com/skaitykla/skaitykla/internal/shortcode"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// checkShareTargets fails with INVALID_FIELD, naming each target that is there
// twice, that sharing does not know and that has no address of its own, and
// each own one whose address or names do not do.
func checkShareTargets(s *articlev1.Site) error {
	var faults []error
	seen := make(map[string]int)
	for i, target := range s.GetShareTargets() {
		field := fmt.Sprintf("site.share_targets[%d]", i)
		if first, ok := seen[target.GetId()]; ok {
			faults = append(faults, fault.InvalidField(field+".id", "target %d has the same id %q; remove one of them", first, clip(target.GetId())))
			continue
		}
		seen[target.GetId()] = i
		if slices.Contains(knownTargets(), target.GetId()) {
			faults = append(faults, checkKnownTarget(field, target)...)
			continue
		}
		faults = append(faults, checkOwnTarget(s, field, target)...)
	}
	if at, ok := seen["messenger"]; ok && s.GetFacebookAppId() == "" {
		faults = append(faults, fault.InvalidField("site.facebook_app_id",
			"target %d is messenger, which needs the id of your app at Facebook; set it, or remove the target", at))
	}
	return fault.Join(faults...)
}

// knownTargets returns the ids of the targets that sharing knows.
func knownTargets() []string {
	var ids []string
	for id := range shortcode.Sources() {
		if id != shortcode.OwnSource {
			ids = append(ids, id)
		}
	}
	return ids
}

// checkKnownTarget: what is written beside an id that sharing knows would be
// passed over.
func checkKnownTarget(field string, t *articlev1.ShareTarget) []error {
	if t.GetUriTemplate() == "" && len(t.GetTitles()) == 0 && len(t.GetDisclosures()) == 0 {
		return nil
	}
	return []error{fault.InvalidField(field+".id",
		"sharing knows %s by itself; leave out its titles, uri_template and disclosures, or take another id for a target of your own", t.GetId())}
}

func checkOwnTarget(s *articlev1.Site, field string, t *articlev1.ShareTarget) []error {
	if t.GetUriTemplate() == "" {
		return []error{fault.InvalidField(field+".id",
			"sharing knows no %q; take one of %s, or give a uri_template and titles to add a target of your own",
			clip(t.GetId()), strings.Join(knownTargets(), ", "))}
	}
	var faults []error
	if problem := templateProblem(t.GetUriTemplate()); problem != "" {
		faults = append(faults, fault.InvalidField(field+".uri_template", "%s", problem))
	}
	if _, ok := t.GetTitles()[s.GetDefaultLanguageCode()]; !ok {
		faults = append(faults, fault.InvalidField(field+".titles",
			"a target of your own needs a name in %q, the default language of the site", clip(s.GetDefaultLanguageCode())))
	}
	faults = append(faults, checkWords(field+".titles", t.GetTitles())...)
	return append(faults, checkWords(field+".disclosures", t.GetDisclosures())...)
}

// checkWords holds texts by language to languages that there are, and to one
// line that is not blank.
func checkWords(field string, texts map[string]string) []error {
	var faults []error
	for _, code := range slices.Sorted(maps.Keys(texts)) {
		at := fmt.Sprintf("%s[%q]", field, clip(code))
		if !slices.Contains(lang.Codes(), code) {
			faults = append(faults, fault.InvalidField(at, "%q is not one of %s", clip(code), strings.Join(lang.Codes(), ", ")))
		}
		if text := texts[code]; strings.TrimSpace(text) == "" || strings.Contains(text, "\n") {
			faults = append(faults, fault.InvalidField(at, "write one line of text, or leave the language out"))
		}
	}
	return faults
}

// templateProblem says what to change about the address of a target; empty when
// nothing is to be. Placeholders stand for values of parameters only, so that
// no article can lead to another host or path than the site's admin wrote.
func templateProblem(template string) string {
	for i := range len(template) {
		if c := template[i]; c <= ' ' || c > '~' || strings.IndexByte("\"'<>\\^`|", c) >= 0 {
			return fmt.Sprintf("the character %q cannot stand in an address; percent-encode it", template[i])
		}
	}
	front, query, _ := strings.Cut(template, "?")
	u, err := url.Parse(front)
	switch {
	case err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil:
		return "write an absolute https address, such as https://pasidalink.example/?u={uri}"
	case strings.ContainsAny(front, "{}#") || strings.Contains(query, "#"):
		return "{uri}, {title} and {text} go behind the question mark, and there is no # in the address"
	}
	has := false
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case value == "{uri}":
			has = true
		case value == "{title}", value == "{text}":
		case strings.ContainsAny(value, "{}"):
			return fmt.Sprintf("%q cannot be filled in; the whole value of a parameter is {uri}, {title} or {text}", clip(pair))
		}
		if strings.ContainsAny(name, "{}") {
			return fmt.Sprintf("%q cannot be filled in; the name of a parameter has no braces", clip(pair))
		}
		if _, err := url.QueryUnescape(pair); err != nil {
			return fmt.Sprintf("%q has a percent sign that begins no escape; write %%25 for it", clip(pair))
		}
	}
	if !has {
		return "the address of the article has no place: give a parameter the value {uri}"
	}
	return ""
}
