package search

import (
	"strconv"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/search"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Names of the facts of an article.
const (
	fieldTags      = "tag"
	fieldTopics    = "topic"
	fieldLanguage  = "language_code"
	fieldState     = "state"
	fieldPublished = "publish_time"
	fieldUpdated   = "update_time"
)

// documentOf files an article for sides.
func documentOf(a *articlev1.Article, sides ...search.Side) search.Document {
	published, updated := timeOf(a.GetPublishTime()), timeOf(a.GetUpdateTime())
	newest := published
	if newest.IsZero() {
		newest = updated
	}
	return search.Document{
		Sides: sides, Sections: []search.Section{sectionOf(a)}, Newest: newest, Order: published,
		Facts: []search.Fact{
			{Field: fieldTags, Values: a.GetTags()},
			{Field: fieldTopics, Values: a.GetTopics()},
			{Field: fieldLanguage, Values: []string{a.GetLanguageCode()}},
			{Field: fieldState, Values: []string{strconv.Itoa(int(a.GetState()))}},
			{Field: fieldPublished, Values: []string{search.TimeTerm(published)}},
			{Field: fieldUpdated, Values: []string{search.TimeTerm(updated)}},
		},
	}
}

// facts is a filter that is asked about articles with nothing but facts.
type facts struct {
	match func(*articlev1.Article) bool
	known *articlev1.Article
}

// Fields implements search.Facts.
func (*facts) Fields() []string {
	return []string{fieldTags, fieldTopics, fieldLanguage, fieldState, fieldPublished, fieldUpdated}
}

// Begin implements search.Facts.
func (f *facts) Begin() { f.known = &articlev1.Article{} }

// Add implements search.Facts.
func (f *facts) Add(field, value string) {
	switch field {
	case fieldTags:
		f.known.Tags = append(f.known.Tags, value)
	case fieldTopics:
		f.known.Topics = append(f.known.Topics, value)
	case fieldLanguage:
		f.known.LanguageCode = value
	case fieldState:
		if state, err := strconv.Atoi(value); err == nil {
			f.known.State = articlev1.Article_State(state) //nolint:gosec // written from one
		}
	case fieldPublished:
		f.known.PublishTime = parseTime(value)
	case fieldUpdated:
		f.known.UpdateTime = parseTime(value)
	}
}

// Take implements search.Facts.
func (f *facts) Take() bool { return f.match(f.known) }

func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}

func parseTime(term string) *timestamppb.Timestamp {
	t := search.ParseTime(term)
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
