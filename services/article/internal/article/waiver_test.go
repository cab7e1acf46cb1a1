package article_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// TestWaiversAreBounded fills an article with waivers; those of findings that
// are gone make room, the others do not.
func TestWaiversAreBounded(t *testing.T) {
	a := &recordv1.State{Name: "sites/biblioteka/articles/muge"}
	var findings []*articlev1.Finding
	for i := range article.MaxWaivers + 1 {
		findings = append(findings, &articlev1.Finding{Rule: "ellipsis", Fingerprint: strconv.Itoa(i), Waivable: true})
	}
	waive := func(findings []*articlev1.Finding, i int) error {
		return article.Waive(a, findings, article.NewWaiver(strconv.Itoa(i), "x", "ona", time.Unix(0, 0)))
	}
	for i := range article.MaxWaivers {
		if err := waive(findings, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := waive(findings, 5); err != nil || len(a.GetWaivers()) != article.MaxWaivers {
		t.Errorf("waived again: %v, %d waivers", err, len(a.GetWaivers()))
	}
	if err := waive(findings, article.MaxWaivers); !fault.Has(err, faultv1.Reason_REASON_WRONG_STATE) {
		t.Errorf("one too many: %v", err)
	}
	left := findings[article.MaxWaivers-1:]
	if err := waive(left, article.MaxWaivers); err != nil || len(a.GetWaivers()) != 2 {
		t.Errorf("after others are gone: %v, %d waivers", err, len(a.GetWaivers()))
	}
	article.ForgetWaivers(a, left[:1])
	if len(a.GetWaivers()) != 1 || a.GetWaivers()[0].GetFingerprint() != left[0].GetFingerprint() {
		t.Errorf("kept %v", a.GetWaivers())
	}
}
