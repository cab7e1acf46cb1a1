package archive

import (
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// rename brings the names in a record over from one site to another one, in
// place: that of what the record is about, of photos, of articles that links
// lead to. Texts that happen to hold a name stay as they are.
func rename(r *articlev1.ArchiveRecord, from, to string) {
	if from != to {
		renameIn(r.ProtoReflect(), "sites/"+from, "sites/"+to)
	}
}

func renameIn(m protoreflect.Message, from, to string) {
	m.Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		switch {
		case field.IsMap(): // of texts only
		case holdsName(field):
			if rest, ok := strings.CutPrefix(value.String(), from); ok && (rest == "" || rest[0] == '/') {
				m.Set(field, protoreflect.ValueOfString(to+rest))
			}
		case field.Message() == nil:
		case field.IsList():
			for i := range value.List().Len() {
				renameIn(value.List().Get(i).Message(), from, to)
			}
		default:
			renameIn(value.Message(), from, to)
		}
		return true
	})
}

// holdsName reports whether a field holds the name of a resource.
func holdsName(field protoreflect.FieldDescriptor) bool {
	switch field.FullName() {
	case "skaitykla.article.v1.Site.name", "skaitykla.article.v1.Article.name",
		"skaitykla.article.v1.PhotoPlacement.photo", "skaitykla.article.v1.Link.resource",
		"skaitykla.article.v1.ArticleRevision.name",
		"skaitykla.article.v1.Schedule.name", "skaitykla.article.v1.ArchiveRecord.Slug.article",
		"skaitykla.article.v1.ArchiveRecord.Slug.former_article", "skaitykla.article.v1.AuditEvent.name",
		"skaitykla.article.v1.AuditEvent.resource", "skaitykla.article.v1.AuditEvent.schedule":
		return true
	}
	return false
}
