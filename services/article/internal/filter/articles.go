package filter

import (
	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Articles returns the fields of articles.
func Articles() Fields[*articlev1.Article] {
	return Fields[*articlev1.Article]{
		"language_code":     Text((*articlev1.Article).GetLanguageCode),
		"slug":              Text((*articlev1.Article).GetSlug),
		"translation_group": Text((*articlev1.Article).GetTranslationGroup),
		"creator":           Text((*articlev1.Article).GetCreator),
		"tags":              List((*articlev1.Article).GetTags),
		"topics":            List((*articlev1.Article).GetTopics),
		"bylines":           List(printedNames),
		"state": Enum("STATE_", articlev1.Article_State(0).Descriptor().Values(),
			func(a *articlev1.Article) protoreflect.EnumNumber { return a.GetState().Number() }),
		"create_time":  Time((*articlev1.Article).GetCreateTime),
		"update_time":  Time((*articlev1.Article).GetUpdateTime),
		"publish_time": Time((*articlev1.Article).GetPublishTime),
	}
}

// WorkingCopies returns the fields of articles as their authors see them.
func WorkingCopies() Fields[*articlev1.Article] {
	fields := Articles()
	fields["has_findings"] = Bool(func(a *articlev1.Article) bool {
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
func Search(working bool) Fields[*articlev1.Article] {
	names := []string{"tags", "language_code", "topics", "publish_time"}
	if working {
		names = append(names, "state", "update_time")
	}
	all, some := Articles(), Fields[*articlev1.Article]{}
	for _, name := range names {
		some[name] = all[name]
	}
	return some
}
