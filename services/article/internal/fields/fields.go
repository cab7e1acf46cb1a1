// Package fields says what articles, and what belongs to them, can be filtered
// by.
package fields

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/skaitykla/skaitykla/internal/filter"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Articles returns the fields of articles.
func Articles() filter.Fields[*articlev1.Article] {
	return filter.Fields[*articlev1.Article]{
		"language_code":     filter.Text((*articlev1.Article).GetLanguageCode),
		"slug":              filter.Text((*articlev1.Article).GetSlug),
		"translation_group": filter.Text((*articlev1.Article).GetTranslationGroup),
		"creator":           filter.Text((*articlev1.Article).GetCreator),
		"tags":              filter.List((*articlev1.Article).GetTags),
		"topics":            filter.List((*articlev1.Article).GetTopics),
		"bylines":           filter.List(printedNames),
		"state": filter.Enum("STATE_", articlev1.Article_State(0).Descriptor().Values(),
			func(a *articlev1.Article) protoreflect.EnumNumber { return a.GetState().Number() }),
		"create_time":  filter.Time((*articlev1.Article).GetCreateTime),
		"update_time":  filter.Time((*articlev1.Article).GetUpdateTime),
		"publish_time": filter.Time((*articlev1.Article).GetPublishTime),
	}
}

// WorkingCopies returns the fields of articles as their authors see them.
func WorkingCopies() filter.Fields[*articlev1.Article] {
	fields := Articles()
	fields["has_findings"] = filter.Bool(func(a *articlev1.Article) bool {
		return a.GetFindingsSummary().GetErrorCount()+a.GetFindingsSummary().GetWarningCount() > 0
	})
	return fields
}

func printedNames(a *articlev1.Article) []string {
	names := make([]string, len(a.GetBylines()))
	for i, b := range a.GetBylines() {
		names[i] = b.GetDisplayName()
	}
	return names
}

// Search returns the fields of articles that a search can be filtered by.
func Search(working bool) filter.Fields[*articlev1.Article] {
	names := []string{"tags", "language_code", "topics", "publish_time"}
	if working {
		names = append(names, "state", "update_time")
	}
	all, some := Articles(), filter.Fields[*articlev1.Article]{}
	for _, name := range names {
		some[name] = all[name]
	}
	return some
}
