// Package check finds what an author should mend before an article is
// published: by the requirements of WCAG 2.2 and the norms of typography that
// can be seen in the article itself. Findings of severity ERROR stop publishing
// unless an editor waived them.
//
// It is a pure function of the article, its site and its photos. It does not
// judge whether a true word describes the right picture, nor nonsense of many
// words: that takes a person. docs/check.md lists the rules; each is a small
// function, in the file of its theme, with examples in testdata/rules.
package check

import (
	"cmp"
	"embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

//go:embed messages/*.yaml words/*.yaml
var tables embed.FS

// Checker holds the rules, and messages and words of all languages. It is safe
// for concurrent use.
type Checker struct {
	rules []rule
	texts map[string]map[string]string // by language, then by key
	words map[string]*wordTable        // by language
}

// New reads the tables. It fails when a language lacks a message.
func New() (*Checker, error) {
	c := &Checker{rules: rules(), texts: make(map[string]map[string]string), words: make(map[string]*wordTable)}
	for _, code := range lang.Codes() {
		table, err := tables.ReadFile("messages/" + code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the check messages of %s: %w", code, err)
		}
		texts := make(map[string]string)
		if err := yaml.Unmarshal(table, &texts); err != nil {
			return nil, fmt.Errorf("read the check messages of %s: %w", code, err)
		}
		if c.words[code], err = loadWords(code); err != nil {
			return nil, err
		}
		for _, r := range c.rules {
			if texts[r.key()] == "" {
				return nil, fmt.Errorf("the check messages of %s lack %q", code, r.key())
			}
		}
		c.texts[code] = texts
	}
	tellApart(c.words)
	return c, nil
}

// Article returns what is wrong with an article, errors first, then in the
// order of the article. What m.Waivers name is marked as waived.
func (c *Checker) Article(m article.Manuscript) []*articlev1.Finding {
	v := newView(m, c.words)
	waived := make(map[string]bool, len(m.Waivers))
	for _, w := range m.Waivers {
		waived[w.GetFingerprint()] = true
	}
	var findings []*articlev1.Finding
	for _, f := range c.find(v) {
		findings = append(findings, c.finding(v, f, waived))
	}
	return findings
}

// Summary counts what Article finds.
func (c *Checker) Summary(m article.Manuscript) *articlev1.FindingsSummary {
	v := newView(m, c.words)
	waived := make(map[string]bool, len(m.Waivers))
	for _, w := range m.Waivers {
		waived[w.GetFingerprint()] = true
	}
	summary := &articlev1.FindingsSummary{}
	for _, f := range c.find(v) {
		switch {
		case len(waived) > 0 && waived[f.fingerprint(v)] && f.rule.canWaive():
			summary.WaivedCount++
		case f.rule.severity == failure:
			summary.ErrorCount++
		default:
			summary.WarningCount++
		}
	}
	return summary
}

// found is a hit with the rule that made it and how many like it come before.
type found struct {
	hit

	rule  *rule
	place int // orders what stands in different texts of a block
	count int
}

// find returns all hits, errors first, then in the order of the article.
func (c *Checker) find(v *view) []found {
	var all []found
	for i := range c.rules {
		r := &c.rules[i]
		if !r.speaks(v.language.Code()) {
			continue
		}
		r.find(v, func(h hit) {
			f := found{hit: h, rule: r}
			if h.passage != nil {
				f.block = h.passage.block
			}
			all = append(all, f)
		})
	}
	if len(all) == 0 {
		return nil
	}
	order := make(map[*passage]int, len(v.passages))
	for i := range v.passages {
		order[&v.passages[i]] = i
	}
	for i := range all {
		all[i].place = order[all[i].passage]
	}
	slices.SortStableFunc(all, func(a, b found) int {
		return cmp.Or(
			cmp.Compare(b.rule.severity, a.rule.severity), cmp.Compare(a.block, b.block),
			cmp.Compare(a.place, b.place), cmp.Compare(a.start, b.start),
		)
	})
	seen := make(map[string]int)
	for i := range all {
		key := all[i].identity(v)
		all[i].count = seen[key]
		seen[key]++
	}
	return all
}
