package article

import (
	"slices"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// MaxWaivers is how many waivers an article keeps.
const MaxWaivers = 200

// Waive lets one of the findings of a stand. Waived again, the reason is the
// new one. When there is no room the waivers of findings that are gone make it.
// It fails with RESOURCE_NOT_FOUND for a fingerprint that no finding has, and
// WRONG_STATE for a finding that must be mended or one too many.
func Waive(a *recordv1.State, findings []*articlev1.Finding, w *articlev1.Waiver) error {
	at := slices.IndexFunc(findings, func(f *articlev1.Finding) bool { return f.GetFingerprint() == w.GetFingerprint() })
	if at < 0 {
		return fault.NotFound(a.GetName() + " finding " + w.GetFingerprint())
	}
	if !findings[at].GetWaivable() {
		return fault.State(a.GetName(), "a finding of %s cannot be waived; mend it", findings[at].GetRule())
	}
	kept := slices.DeleteFunc(slices.Clone(a.GetWaivers()), func(o *articlev1.Waiver) bool { return o.GetFingerprint() == w.GetFingerprint() })
	if len(kept) >= MaxWaivers {
		kept = living(kept, findings)
	}
	if len(kept) >= MaxWaivers {
		return fault.State(a.GetName(), "%d findings are waived already; mend some, or restore what need not be waived", MaxWaivers)
	}
	w.Rule = findings[at].GetRule()
	a.Waivers = append(kept, w)
	return nil
}

// Restore takes a waiver back. It fails with RESOURCE_NOT_FOUND.
func Restore(a *recordv1.State, fingerprint string) error {
	kept := slices.DeleteFunc(slices.Clone(a.GetWaivers()), func(w *articlev1.Waiver) bool { return w.GetFingerprint() == fingerprint })
	if len(kept) == len(a.GetWaivers()) {
		return fault.NotFound(a.GetName() + " waiver " + fingerprint)
	}
	a.Waivers = kept
	return nil
}

// ForgetWaivers drops the waivers of findings that are gone.
func ForgetWaivers(a *recordv1.State, findings []*articlev1.Finding) {
	a.Waivers = living(a.GetWaivers(), findings)
}

func living(waivers []*articlev1.Waiver, findings []*articlev1.Finding) []*articlev1.Waiver {
	there := make(map[string]bool, len(findings))
	for _, f := range findings {
		there[f.GetFingerprint()] = true
	}
	var kept []*articlev1.Waiver
	for _, w := range waivers {
		if there[w.GetFingerprint()] {
			kept = append(kept, w)
		}
	}
	return kept
}

// NewWaiver returns a waiver; Waive sets its rule.
func NewWaiver(fingerprint, reason, principal string, now time.Time) *articlev1.Waiver {
	return &articlev1.Waiver{Fingerprint: fingerprint, Reason: reason, Creator: principal, CreateTime: timestamppb.New(now)}
}

// CountFindings returns how many findings there are of each kind.
func CountFindings(findings []*articlev1.Finding) *articlev1.FindingsSummary {
	summary := &articlev1.FindingsSummary{}
	for _, f := range findings {
		switch {
		case f.GetWaived():
			summary.WaivedCount++
		case f.GetSeverity() == articlev1.Finding_SEVERITY_ERROR:
			summary.ErrorCount++
		default:
			summary.WarningCount++
		}
	}
	return summary
}
