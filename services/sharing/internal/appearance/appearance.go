// Package appearance foretells what networks show beside a link to an article,
// and finds what would make it worse than it could be.
//
// What each network takes is data (networks.go), with where it is known from:
// the networks publish some limits, the source of others can be read, and the
// rest was observed by people who tried. What to look for is data too
// (rules.go). Nothing is fetched and nobody is asked.
package appearance

import (
	"cmp"
	"fmt"
	"slices"

	sharingv1 "github.com/skaitykla/skaitykla/proto/skaitykla/sharing/v1"
)

// SiteOffset is how many bytes of a page of the reference site stand before the
// elements of its preview, at most.
const SiteOffset = 4 << 10

// Page is a page as a network reads it.
type Page struct {
	// Preview is its preview. It is not changed.
	Preview *sharingv1.RenderPreviewResponse
	// Summary is the whole text that the description is the beginning of.
	Summary string
	// Offset is how many bytes of the page stand before the elements of the
	// preview; 0 means SiteOffset.
	Offset int64
	// Draft is whether the article is looked at before it is published: its
	// social card, which would stand in for the photo, is not drawn yet.
	Draft bool
}

// end returns how many bytes of the page a network has to read.
func (p Page) end() int64 {
	return cmp.Or(p.Offset, SiteOffset) + int64(len(p.Preview.GetHeadHtml()))
}

// Checker checks pages. It is safe for concurrent use.
type Checker struct {
	networks []Network
	rules    []rule
	texts    map[string]map[string]string // by language, then rule
}

// New returns a checker. The error is about the texts in the binary and cannot
// come up in a tested one.
func New() (*Checker, error) {
	texts, err := loadTexts()
	if err != nil {
		return nil, err
	}
	c := &Checker{networks: Networks(), rules: rules(), texts: texts}
	for code, table := range texts {
		for _, r := range c.rules {
			if table[r.id] == "" {
				return nil, fmt.Errorf("the rule %s has no text in %s", r.id, code)
			}
		}
	}
	return c, nil
}

// Check returns what each network will show and what could be better, the worst
// first.
func (c *Checker) Check(p Page) *sharingv1.CheckPreviewResponse {
	result := &sharingv1.CheckPreviewResponse{}
	for _, n := range c.networks {
		result.Appearances = append(result.Appearances, n.show(p))
	}
	for _, r := range c.rules {
		if f := c.find(r, p); f != nil {
			result.Findings = append(result.Findings, f)
		}
	}
	slices.SortStableFunc(result.Findings, func(a, b *sharingv1.PreviewFinding) int {
		return cmp.Compare(b.GetSeverity(), a.GetSeverity())
	})
	return result
}
