package server

import (
	"maps"
	"slices"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/article/internal/record/v1"
)

// notes are what authors and tools write beside the content of an article: state
// that UpdateArticle changes without making a revision.
type notes struct {
	annotations map[string]string
	aliases     []string
}

func notesOf(a *articlev1.Article) notes {
	return notes{annotations: a.GetAnnotations(), aliases: a.GetAliases()}
}

// takeNotes is notesOf, leaving content alone behind.
func takeNotes(a *articlev1.Article) notes {
	n := notesOf(a)
	a.Annotations, a.Aliases = nil, nil
	return n
}

// same reports whether the state has just these.
func (n notes) same(a *recordv1.State) bool {
	return maps.Equal(n.annotations, a.GetAnnotations()) && slices.Equal(n.aliases, a.GetAliases())
}
