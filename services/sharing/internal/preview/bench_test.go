package preview_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/services/sharing/internal/preview"
	"github.com/skaitykla/skaitykla/services/sharing/internal/published"
	"github.com/skaitykla/skaitykla/services/sharing/internal/sharingtest"
)

func BenchmarkRender(b *testing.B) {
	article := published.Article{Site: published.Site{Resource: sharingtest.Site()}, Resource: translated()}
	for b.Loop() {
		if _, err := preview.Render(article, preview.Room{}); err != nil {
			b.Fatal(err)
		}
	}
}
