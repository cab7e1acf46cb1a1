package targets

import "github.com/skaitykla/skaitykla/internal/lang"

// Heading returns what stands above the links.
func Heading(words *lang.Language) string { return words.Message("share.heading") }

// Title returns the name of the target.
func (t Target) Title(words *lang.Language) string {
	if t.own != nil {
		return t.own.title(words)
	}
	return t.message(words, "name")
}

// Label returns the accessible name: the name, so that who speaks what can be
// seen reaches the link (WCAG 2.2, 2.5.3), and what pressing does.
func (t Target) Label(words *lang.Language) string { return t.labelOf(t.Title(words), words) }

// Words returns title and label.
func (t Target) Words(words *lang.Language) (title, label string) {
	title = t.Title(words)
	return title, t.labelOf(title, words)
}

func (t Target) labelOf(title string, words *lang.Language) string {
	if t.own != nil {
		return title + ": " + words.Message("share.own.label", "host", t.Host())
	}
	return title + ": " + t.message(words, "label")
}

// Disclosure returns who learns what from pressing.
func (t Target) Disclosure(words *lang.Language) string {
	if t.own != nil {
		return t.own.disclosure(words, t.Host())
	}
	return t.message(words, "disclosure")
}

func (t Target) message(words *lang.Language, what string) string {
	return words.Message("share." + t.ID + "." + what)
}
