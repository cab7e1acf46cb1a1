package manuscript

import (
	"bytes"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/skaitykla/skaitykla/internal/lang"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Matter is the front matter of a file.
type Matter struct {
	// ID is the id of the article, if the author chose one.
	ID string `yaml:"id"`
	// Title is the article's title.
	Title string `yaml:"title"`
	// Language is the code of the article's language.
	Language string `yaml:"language"`
	// Tags are the article's tags.
	Tags []string `yaml:"tags"`
	// Slug is the article's slug, if the author chose one.
	Slug string `yaml:"slug"`
	// Aliases are addresses the article had on older systems: paths, with their
	// query if that says which page it is.
	Aliases []string `yaml:"aliases"`
	// Group is the translation group, which joins the article with its other
	// language versions.
	Group string `yaml:"translation_group"`
	// Cover is the picture that stands for the article: its path, or
	// ![alternative text](path "caption").
	Cover string `yaml:"cover"`
	// Lead is "none" when the first paragraph is not the lead, or the lead.
	Lead string `yaml:"lead"`
	// RawDate is the date as it was written.
	RawDate string `yaml:"date"`
	// Date is when the article was published; nil when the file does not say.
	Date *lang.Date `yaml:"-"`
}

// MatterError says which field of the front matter has to be mended.
type MatterError struct {
	// Field is empty when the front matter cannot be read at all.
	Field string
	// Problem says what is wrong and what to do.
	Problem string
}

// Error returns the field and its problem.
func (e *MatterError) Error() string {
	if e.Field == "" {
		return "front matter: " + e.Problem
	}
	return fmt.Sprintf("front matter, %s: %s", e.Field, e.Problem)
}

func fields() []string {
	return []string{"id", "title", "date", "language", "tags", "slug", "aliases", "translation_group", "cover", "lead"}
}

// splitMatter takes the front matter off. A file without one is all body.
func splitMatter(source []byte) (m Matter, body []byte, notes []Note, err error) {
	rest, found := bytes.CutPrefix(source, []byte("---\n"))
	if !found {
		return m, source, nil, nil
	}
	end := bytes.Index(append([]byte("\n"), rest...), []byte("\n---\n"))
	if end < 0 && bytes.HasSuffix(rest, []byte("\n---")) {
		rest = append(slices.Clip(rest), '\n') // the last line may lack its end
		end = len(rest) - len("---\n")
	}
	if end < 0 {
		return m, nil, nil, &MatterError{Problem: "it begins with `---` but has no closing `---` line"}
	}
	head := rest[:end]
	body = rest[end+len("---\n"):]
	var raw map[string]yaml.Node
	if err := yaml.Unmarshal(head, &raw); err != nil {
		return m, nil, nil, &MatterError{Problem: err.Error()}
	}
	for _, key := range slices.Sorted(maps.Keys(raw)) {
		if !slices.Contains(fields(), key) {
			node := raw[key]
			notes = append(notes, Note{Line: node.Line + 1, Text: fmt.Sprintf("front matter field %q is not known and was not carried over", key)})
		}
	}
	// Scalars keep the writing of the author: a date stays text here.
	if err := yaml.Unmarshal(head, &m); err != nil {
		return m, nil, nil, &MatterError{Problem: err.Error()}
	}
	m.Title = strings.Join(strings.FieldsFunc(m.Title, func(r rune) bool { return r == '\n' }), " ")
	var seen []string
	for _, tag := range m.Tags {
		if tag = strings.TrimSpace(tag); tag != "" && !slices.Contains(seen, tag) {
			seen = append(seen, tag)
		}
	}
	m.Tags = seen
	if err := m.cleanAliases(); err != nil {
		return m, nil, nil, err
	}
	return m, body, notes, m.check()
}

func (m Matter) check() error {
	if !regexp.MustCompile(`^([a-z][a-z0-9-]{2,62})?$`).MatchString(m.ID) {
		return &MatterError{Field: "id", Problem: "use 3 to 63 characters of a-z, 0-9 and -, beginning with a letter"}
	}
	if !regexp.MustCompile(`^([a-z0-9]+(-[a-z0-9]+)*)?$`).MatchString(m.Slug) {
		return &MatterError{Field: "slug", Problem: "use words of a-z and 0-9 joined by -"}
	}
	if !regexp.MustCompile(`^[a-z0-9-]{0,63}$`).MatchString(m.Group) {
		return &MatterError{Field: "translation_group", Problem: "use at most 63 characters of a-z, 0-9 and -"}
	}
	return nil
}

// date reads the date in ISO form or as the language writes it.
func (m Matter) date(tongue *lang.Language) (*lang.Date, error) {
	if m.RawDate == "" {
		return nil, nil //nolint:nilnil // no date is a fine date
	}
	d, err := lang.ParseDate(m.RawDate, tongue)
	if err == nil {
		// A day without a year cannot be placed.
		_, err = d.Time(0, time.UTC)
	}
	if err != nil {
		return nil, &MatterError{Field: "date", Problem: fmt.Sprintf("%v; write it as 2024-06-07", err)}
	}
	return &d, nil
}

// lead takes the lead: the one of the front matter, or the first paragraph
// when no heading, list or quotation stands before it.
func (m Matter) lead(parts []part) (*articlev1.RichText, []part) {
	switch strings.TrimSpace(m.Lead) {
	case "none":
		return nil, parts
	case "":
	default:
		return &articlev1.RichText{Spans: []*articlev1.Span{{Text: strings.TrimSpace(m.Lead)}}}, parts
	}
	for i, p := range parts {
		if paragraph := p.block.GetParagraph(); paragraph != nil {
			return paragraph.GetText(), slices.Delete(slices.Clone(parts), i, i+1)
		}
		if len(p.pictures) == 0 {
			break
		}
	}
	return nil, parts
}
