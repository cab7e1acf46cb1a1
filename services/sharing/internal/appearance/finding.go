package appearance

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
	"github.com/skaitykla/skaitykla/services/sharing/internal/excerpt"
)

// maxExcerpt is the longest excerpt of a finding, in characters.
const maxExcerpt = 200

//go:embed messages/*.yaml
var tables embed.FS

// loadTexts reads what to say of each rule, by language.
func loadTexts() (map[string]map[string]string, error) {
	texts := make(map[string]map[string]string)
	for _, code := range lang.Codes() {
		content, err := tables.ReadFile("messages/" + code + ".yaml")
		if err != nil {
			return nil, fmt.Errorf("read the texts of previews in %s: %w", code, err)
		}
		table := make(map[string]string)
		if err := yaml.Unmarshal(content, &table); err != nil {
			return nil, fmt.Errorf("read the texts of previews in %s: %w", code, err)
		}
		texts[code] = table
	}
	return texts, nil
}

// find returns what a rule finds, all networks together; nil when that is
// nothing.
func (c *Checker) find(r rule, p Page) *sharingv1.PreviewFinding {
	finding := &sharingv1.PreviewFinding{Rule: r.id, Severity: r.severity, Messages: make(map[string]string, len(c.texts))}
	var names, sources []string
	var text, count string
	for _, n := range c.networks {
		hit, ok := r.look(n, p)
		if !ok {
			continue
		}
		finding.Networks = append(finding.Networks, n.ID)
		name := n.Name
		if hit.limit != "" {
			name += " (" + hit.limit + ")"
		}
		names = append(names, name)
		if !slices.Contains(sources, hit.source) && hit.source != "" {
			sources = append(sources, hit.source)
		}
		text, count = hit.text, hit.count
	}
	if len(names) == 0 {
		return nil
	}
	if p.Draft && r.untilCard {
		finding.Severity = sharingv1.PreviewFinding_SEVERITY_NOTICE
	}
	finding.Source = strings.Join(sources, "; ")
	finding.Excerpt = excerpt.Cut(text, maxExcerpt, excerpt.Runes)
	fill := strings.NewReplacer("{networks}", strings.Join(names, ", "), "{count}", count, "{text}", finding.GetExcerpt())
	for code, table := range c.texts {
		finding.Messages[code] = fill.Replace(table[r.id])
	}
	return finding
}
