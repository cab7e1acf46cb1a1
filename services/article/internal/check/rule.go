package check

import (
	"strings"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

const (
	warning = articlev1.Finding_SEVERITY_WARNING
	failure = articlev1.Finding_SEVERITY_ERROR
)

// rule is one thing that the check looks for. docs/check.md lists them all.
type rule struct {
	id       string
	severity articlev1.Finding_Severity
	// source is the requirement behind it.
	source string
	// waivable says that an editor may let an error of it stand. Warnings can
	// always be waived.
	waivable bool
	// fixable says that FixArticle repairs it where that is safe.
	fixable bool
	// languages are those of the articles it is for, all when empty.
	languages string
	// find reports what is wrong. It is pure.
	find func(*view, func(hit))
}

// key is the name of the rule's message in the tables, a plain word.
func (r rule) key() string { return strings.ReplaceAll(r.id, "-", "_") }

func (r rule) canWaive() bool { return r.waivable || r.severity == warning }

// speaks reports whether the rule is for articles in a language.
func (r rule) speaks(code string) bool {
	return r.languages == "" || strings.Contains(" "+r.languages+" ", " "+code+" ")
}

// hit is one place where a rule found something.
type hit struct {
	// passage and start say where, when it is in a text.
	passage *passage
	start   int
	// block and field say where when it is not: the position of the block, and
	// the path from it.
	block int
	field string
	// excerpt is the text found wanting.
	excerpt string
	// key is what the fingerprint stands for, the excerpt when empty.
	key string
	// proposal is what to write instead of the excerpt; may be empty.
	proposal string
	// edits make it so, where that is safe.
	edits []edit
	// pairs are names and values for the message.
	pairs []string
}

// edit replaces the bytes of a passage from start to end.
type edit struct {
	start, end int
	text       string
}

// inPassages is a rule about single texts: those that have all of the traits.
func inPassages(t traits, find func(v *view, p *passage, add func(hit))) func(*view, func(hit)) {
	return func(v *view, add func(hit)) {
		for i := range v.passages {
			if p := &v.passages[i]; p.traits&t == t {
				find(v, p, add)
			}
		}
	}
}
