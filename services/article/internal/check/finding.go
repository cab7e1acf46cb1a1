package check

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// maxExcerpt is the longest excerpt or proposal in characters.
const maxExcerpt = 200

// finding makes a finding of a hit.
func (c *Checker) finding(v *view, f found, waived map[string]bool) *articlev1.Finding {
	fingerprint := f.fingerprint(v)
	result := &articlev1.Finding{
		Rule: f.rule.id, Severity: f.rule.severity, BlockId: v.blockID(f.block), Field: f.field,
		Excerpt: firstRunes(f.excerpt, maxExcerpt), Source: f.rule.source, Proposal: firstRunes(f.proposal, maxExcerpt),
		Fingerprint: fingerprint, Waivable: f.rule.canWaive(), Waived: waived[fingerprint] && f.rule.canWaive(),
		Fixable: len(f.edits) > 0, Messages: make(map[string]string, len(c.texts)),
	}
	if f.passage != nil {
		result.Field = f.passage.where.String()
	}
	old := []string{"{excerpt}", result.GetExcerpt(), "{proposal}", result.GetProposal()}
	for i := 0; i+1 < len(f.pairs); i += 2 {
		old = append(old, "{"+f.pairs[i]+"}", firstRunes(f.pairs[i+1], maxExcerpt))
	}
	replacer := strings.NewReplacer(old...)
	for code, texts := range c.texts {
		result.Messages[code] = replacer.Replace(texts[f.rule.key()])
	}
	return result
}

func (v *view) blockID(i int) string {
	if i < 0 || i >= len(v.blocks()) {
		return ""
	}
	return v.blocks()[i].GetId()
}

// identity is what the fingerprint is of: the rule, the block and the text, not
// the field, which changes when others in the block come and go.
func (f found) identity(v *view) string {
	key := f.key
	if key == "" {
		key = f.excerpt
	}
	place := v.blockID(f.block)
	if f.block < 0 {
		place = strconv.Itoa(f.block)
	}
	return f.rule.id + "\x00" + place + "\x00" + key
}

// fingerprint is the rule and 64 bits of a digest. It stays while the text
// stays; of several alike in a block each has its own.
func (f found) fingerprint(v *view) string {
	sum := sha256.Sum256([]byte(f.identity(v) + "\x00" + strconv.Itoa(f.count)))
	return f.rule.id + "-" + hex.EncodeToString(sum[:8])
}
