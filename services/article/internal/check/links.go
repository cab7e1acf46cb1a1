package check

import (
	"net/url"
	"path"
	"strconv"
	"strings"
)

// linkRules are about links that say where they lead.
func linkRules() []rule {
	return []rule{
		{id: "link-empty", severity: failure, source: "WCAG 2.2, 2.4.4, 4.1.2", find: linkEmpty},
		{id: "link-vague", severity: warning, source: "WCAG 2.2, 2.4.4", find: linkVague},
		{id: "link-address", severity: warning, source: "WCAG 2.2, 2.4.4", find: linkAddress},
		{id: "link-same-text", severity: warning, source: "WCAG 2.2, 2.4.4", find: linkSameText},
		{id: "link-document", severity: warning, source: "WCAG 2.2, 2.4.4 (G201)", find: linkDocument},
	}
}

// hit returns a hit of the link.
func (l link) hit() hit {
	return hit{
		block: l.block, field: l.field.String() + ".spans[" + strconv.Itoa(l.span) + "]", excerpt: l.text, key: l.target + "\n" + l.text,
		pairs: []string{"text", strings.TrimSpace(l.text)},
	}
}

func linkEmpty(v *view, add func(hit)) {
	for _, l := range v.links {
		if blank(l.text) {
			h := l.hit()
			h.excerpt = l.target
			add(h)
		}
	}
}

func linkVague(v *view, add func(hit)) {
	for _, l := range v.links {
		if !blank(l.text) && v.language.VagueLink(l.text) {
			add(l.hit())
		}
	}
}

// linkAddress finds links whose text is an address that a screen reader would
// spell out. An e-mail is what people say, too.
func linkAddress(v *view, add func(hit)) {
	for _, l := range v.links {
		text := strings.ToLower(strings.TrimSpace(l.text))
		if strings.ContainsAny(text, " \n") || text == "" {
			continue
		}
		if strings.Contains(text, "://") || strings.HasPrefix(text, "www.") || strings.Contains(text, "/") && strings.HasSuffix(strings.ToLower(l.target), text) {
			add(l.hit())
		}
	}
}

// linkSameText finds links that sound alike and lead to different places. Vague
// ones are reported as such.
func linkSameText(v *view, add func(hit)) {
	if len(v.links) < 2 {
		return
	}
	first := make(map[string]string)
	for _, l := range v.links {
		key := strings.ToLower(strings.Join(strings.Fields(l.text), " "))
		if key == "" || v.language.VagueLink(l.text) {
			continue
		}
		target, seen := first[key]
		switch {
		case !seen:
			first[key] = l.target
		case strings.TrimSuffix(target, "/") != strings.TrimSuffix(l.target, "/"):
			add(l.hit())
		}
	}
}

// linkDocument finds links to documents that do not say what they are.
func linkDocument(v *view, add func(hit)) {
	for _, l := range v.links {
		kind := documentKind(l.target)
		if kind != "" && !blank(l.text) && !strings.Contains(strings.ToUpper(l.text), kind) {
			h := l.hit()
			h.pairs = append(h.pairs, "kind", kind)
			add(h)
		}
	}
}

// documentKind returns the format of a document by its address, such as PDF;
// "" for pages.
func documentKind(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	switch ext := strings.ToUpper(strings.TrimPrefix(path.Ext(u.Path), ".")); ext {
	case "PDF", "DOC", "DOCX", "XLS", "XLSX", "PPT", "PPTX", "ODT", "ODS", "ODP", "RTF", "ZIP", "EPUB":
		return ext
	}
	return ""
}
