package check

import (
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	"github.com/skaitykla/skaitykla/services/article/internal/article"
)

// vocabulary returns, in lower case, the words that the article, its captions,
// tags and site use: a strange word is no noise when the article uses it too.
// Alternative texts are what is judged, so they do not count.
func vocabulary(m article.Manuscript) map[string]bool {
	words := make(map[string]bool)
	add := func(text string) {
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words[strings.ToLower(word)] = true
		}
	}
	c := m.Content
	add(c.GetTitle())
	add(plain(c.GetLead()))
	for _, texts := range [][]string{c.GetTags(), c.GetTopics(), c.GetFundingLines()} {
		for _, text := range texts {
			add(text)
		}
	}
	for _, b := range c.GetBylines() {
		add(b.GetDisplayName())
	}
	add(m.Site.GetTitle())
	add(m.Site.GetPublisher().GetTitle())
	for _, b := range c.GetBlocks() {
		eachText(b.ProtoReflect(), add)
	}
	for _, p := range article.Placements(c) {
		texts := m.Texts(p)
		add(texts.Caption)
		add(texts.Credit)
	}
	return words
}

// eachText walks the texts of a block, except what photos carry and addresses.
func eachText(m protoreflect.Message, add func(string)) {
	switch m.Interface().(type) {
	case *articlev1.PhotoPlacement, *articlev1.Link:
		return
	}
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsList() && field.Message() != nil:
			for i := range value.List().Len() {
				eachText(value.List().Get(i).Message(), add)
			}
		case field.Message() != nil && !field.IsMap():
			eachText(value.Message(), add)
		case field.Kind() == protoreflect.StringKind && !field.IsList() && field.Name() != "id" &&
			field.Name() != "quotation_id" && field.Name() != "uri" && field.Name() != "source_uri":
			add(value.String())
		}
		return true
	})
}
