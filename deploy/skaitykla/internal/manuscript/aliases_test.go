package manuscript_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
)

func TestAliases(t *testing.T) {
	m := parse(t, `---
title: Mugė
translation_group: muge
aliases:
  - /?p=123&utm_source=fb
  - https://senas.biblioteka.example/2024/06/07/Muge/
  - "/2024/06/07/muge"
  - https://senas.biblioteka.example?p=7
---
Tekstas.
`)
	want := []string{"/?p=123", "/2024/06/07/muge", "/?p=7"}
	if diff := cmp.Diff(want, m.Article.GetAliases()); diff != "" {
		t.Errorf("aliases (-want +got):\n%s", diff)
	}
	if m.Article.GetTranslationGroup() != "muge" || len(m.Notes) != 0 {
		t.Errorf("group %q, notes %v", m.Article.GetTranslationGroup(), m.Notes)
	}
}

func TestAliasesRefused(t *testing.T) {
	var many strings.Builder
	for i := range 21 {
		fmt.Fprintf(&many, "  - /?p=%d\n", i)
	}
	for _, c := range []struct{ matter, field string }{
		{"aliases: [muge]", "aliases"},
		{"aliases: [/%zz]", "aliases"},
		{"aliases:\n" + many.String(), "aliases"},
		{"translation_group: Mugė", "translation_group"},
	} {
		_, err := manuscript.Parse([]byte("---\ntitle: M\n"+c.matter+"\n---\nTekstas.\n"), "lt")
		if e, ok := errors.AsType[*manuscript.MatterError](err); !ok || e.Field != c.field {
			t.Errorf("%.20s: got %v", c.matter, err)
		}
	}
}
