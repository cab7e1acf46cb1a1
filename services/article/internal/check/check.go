// Package check finds what an author should mend before an article is
// published, by the requirements of WCAG 2.2 that can be seen in the article
// itself. Findings of severity ERROR stop publishing.
//
// It is a pure function of the article, its site and its photos. It does not
// judge whether a true word describes the right picture, nor nonsense of many
// words: that takes a person.
package check

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// maxExcerpt is the longest excerpt in characters.
const maxExcerpt = 200

//go:embed messages/*.yaml
var tables embed.FS

// Checker holds the messages of all languages. It is safe for concurrent use.
type Checker struct {
	texts map[string]map[string]string // by language, then by key
}

// New reads the messages. It fails when a language lacks one that another has.
func New() (*Checker, error) {
	c := &Checker{texts: make(map[string]map[string]string)}
	for _, code := range lang.Codes() {
		table, err := tables.ReadFile("messages/" + code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the check messages of %s: %w", code, err)
		}
		texts := make(map[string]string)
		if err := yaml.Unmarshal(table, &texts); err != nil {
			return nil, fmt.Errorf("read the check messages of %s: %w", code, err)
		}
		c.texts[code] = texts
	}
	for _, r := range rules() {
		for code, texts := range c.texts {
			if texts[r.key()] == "" {
				return nil, fmt.Errorf("the check messages of %s lack %q", code, r.key())
			}
		}
	}
	return c, nil
}

// Article returns what is wrong with an article, errors first, then in the
// order of the article.
func (c *Checker) Article(m article.Manuscript) []*articlev1.Finding {
	l, ok := lang.For(m.LanguageCode)
	if !ok {
		l = lang.Default()
	}
	r := &report{checker: c, manuscript: m, language: l, words: vocabulary(m)}
	r.title()
	r.slug()
	r.cover()
	r.richText("", "lead", m.Content.GetLead())
	r.blocks()
	r.duplicates()
	slices.SortStableFunc(r.findings, func(a, b *articlev1.Finding) int {
		return int(b.GetSeverity() - a.GetSeverity())
	})
	return r.findings
}

// report gathers the findings of one article.
type report struct {
	checker    *Checker
	manuscript article.Manuscript
	language   *lang.Language
	words      map[string]bool
	findings   []*articlev1.Finding
	alts       []placedAlt // of all photos, in order
	level      int32       // of the last heading
}

// add reports a finding; pairs are names and values for the message.
func (r *report) add(rule rule, blockID, field, excerpt string, pairs ...string) {
	if cut := []rune(excerpt); len(cut) > maxExcerpt {
		excerpt = string(cut[:maxExcerpt])
	}
	f := &articlev1.Finding{
		Rule: rule.id, Severity: rule.severity, BlockId: blockID, Field: field,
		Excerpt: excerpt, Source: rule.source, Messages: make(map[string]string, len(r.checker.texts)),
	}
	var old []string
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, "{"+pairs[i]+"}", pairs[i+1])
	}
	replacer := strings.NewReplacer(old...)
	for code, texts := range r.checker.texts {
		f.Messages[code] = replacer.Replace(texts[rule.key()])
	}
	r.findings = append(r.findings, f)
}

func (r *report) title() {
	if blank(r.manuscript.Content.GetTitle()) {
		r.add(titleEmpty, "", "title", "")
	}
}

func (r *report) cover() {
	if p := r.manuscript.Content.GetCover(); p != nil {
		r.photo("", "cover", p)
	}
}

func (r *report) blocks() {
	r.level = 1
	for _, b := range r.manuscript.Content.GetBlocks() {
		r.block(b)
	}
}

// blank reports whether a text shows nothing.
func blank(s string) bool {
	return strings.TrimFunc(s, func(c rune) bool {
		return strings.ContainsRune(" \t\n\u00a0\u00ad\u200b\u200c\u200d\u2060\u202f", c) || c >= 0x2000 && c <= 0x200a
	}) == ""
}
