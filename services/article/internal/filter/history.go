package filter

import articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"

// Revisions returns the fields of revisions.
func Revisions() Fields[*articlev1.ArticleRevision] {
	return Fields[*articlev1.ArticleRevision]{
		"author":       Text((*articlev1.ArticleRevision).GetAuthor),
		"edit_session": Text((*articlev1.ArticleRevision).GetEditSession),
		"create_time":  Time((*articlev1.ArticleRevision).GetCreateTime),
	}
}

// AuditEvents returns the fields of audit events.
func AuditEvents() Fields[*articlev1.AuditEvent] {
	return Fields[*articlev1.AuditEvent]{
		"resource":    Text((*articlev1.AuditEvent).GetResource),
		"principal":   Text((*articlev1.AuditEvent).GetPrincipal),
		"method":      Text((*articlev1.AuditEvent).GetMethod),
		"create_time": Time((*articlev1.AuditEvent).GetCreateTime),
	}
}
