package importer

import (
	"encoding/json"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Result tells of one file. As JSON it is what scripts read.
type Result struct {
	File    string `json:"file"`
	Article string `json:"article,omitempty"`
	Path    string `json:"path,omitempty"`
	// Outcome is empty when the file was not imported.
	Outcome   Outcome               `json:"outcome"`
	Published bool                  `json:"published"`
	Changes   []string              `json:"changes,omitempty"`
	Notes     []string              `json:"notes,omitempty"`
	Findings  []*articlev1.Finding  `json:"-"`
	Blocks    map[string]BlockPlace `json:"-"`
	// Error is why the file was not imported or not published, for people.
	Error string `json:"error,omitempty"`
}

// finding is a finding with the place of its block, from 1.
type finding struct {
	Rule     string            `json:"rule"`
	Severity string            `json:"severity"`
	BlockID  string            `json:"block_id,omitempty"`
	Block    int               `json:"block,omitempty"`
	Kind     string            `json:"kind,omitempty"`
	Field    string            `json:"field,omitempty"`
	Excerpt  string            `json:"excerpt,omitempty"`
	Messages map[string]string `json:"messages,omitempty"`
}

// MarshalJSON adds the findings with the places of their blocks.
func (r *Result) MarshalJSON() ([]byte, error) {
	type plain Result
	findings := make([]finding, 0, len(r.Findings))
	for _, f := range r.Findings {
		at := r.Blocks[f.GetBlockId()]
		findings = append(findings, finding{
			Rule: f.GetRule(), Severity: f.GetSeverity().String(), BlockID: f.GetBlockId(), Block: at.Number, Kind: at.Kind,
			Field: f.GetField(), Excerpt: f.GetExcerpt(), Messages: f.GetMessages(),
		})
	}
	return json.Marshal(struct {
		*plain
		Findings []finding `json:"findings,omitempty"`
	}{(*plain)(r), findings})
}
