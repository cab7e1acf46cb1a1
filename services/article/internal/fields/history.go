package fields

import (
	"github.com/skaitykla/skaitykla/internal/filter"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// Revisions returns the fields of revisions.
func Revisions() filter.Fields[*articlev1.ArticleRevision] {
	return filter.Fields[*articlev1.ArticleRevision]{
		"author":       filter.Text((*articlev1.ArticleRevision).GetAuthor),
		"edit_session": filter.Text((*articlev1.ArticleRevision).GetEditSession),
		"create_time":  filter.Time((*articlev1.ArticleRevision).GetCreateTime),
	}
}

// AuditEvents returns the fields of audit events.
func AuditEvents() filter.Fields[*articlev1.AuditEvent] {
	return filter.Fields[*articlev1.AuditEvent]{
		"resource":    filter.Text((*articlev1.AuditEvent).GetResource),
		"principal":   filter.Text((*articlev1.AuditEvent).GetPrincipal),
		"method":      filter.Text((*articlev1.AuditEvent).GetMethod),
		"create_time": filter.Time((*articlev1.AuditEvent).GetCreateTime),
	}
}
