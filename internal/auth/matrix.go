package auth

import "slices"

// cells is a row of the matrix: a reach for each role, in the order of Roles.
type cells [6]Reach

// matrix returns the row of a permission; all None when it has none. Every
// cell is spelled out, without inheritance, so that it can be read alone and
// compared with docs/permissions.md.
func matrix(permission Permission) cells {
	switch permission {
	// anonymous, author, editor, admin, operator, service
	case SiteRead:
		return cells{All, All, All, All, All, All}
	case SiteCreate:
		return cells{None, None, None, None, All, None}
	case SiteUpdate:
		return cells{None, None, None, All, All, None}
	case SiteDelete:
		return cells{None, None, None, None, All, None}
	case SiteExport:
		return cells{None, None, None, All, All, None}
	case SiteImport:
		return cells{None, None, None, None, All, None}
	case ArticleRead:
		return cells{All, All, All, All, All, All}
	case ArticleReadWorking:
		return cells{None, All, All, All, All, All}
	case ArticleCreate:
		return cells{None, All, All, All, All, None}
	case ArticleUpdate:
		return cells{None, Own, All, All, All, None}
	case ArticleDelete:
		return cells{None, None, All, All, All, None}
	case ArticlePublish:
		return cells{None, None, All, All, All, None}
	case ArticleBackdate:
		return cells{None, None, None, All, All, None}
	case ArticleReview, ArticleWaive, ArticleTakeOver:
		return cells{None, None, All, All, All, None}
	case ArticlePreview:
		return cells{None, Own, All, All, All, None}
	case ArticleRedact, AuditRead:
		return cells{None, None, None, All, All, None}
	case PhotoRead:
		return cells{All, All, All, All, All, All}
	case PhotoReadWorking:
		return cells{None, All, All, All, All, All}
	case PhotoUpload:
		return cells{None, All, All, All, All, None}
	case PhotoUpdate, PhotoDelete:
		return cells{None, Own, All, All, All, None}
	case PhotoWithdraw:
		return cells{None, None, All, All, All, None}
	case ShareRead:
		return cells{All, All, All, All, All, All}
	case ShareStats:
		return cells{None, All, All, All, All, None}
	case ShareCount:
		return cells{None, None, None, None, All, All}
	case ShareLinkRead:
		return cells{None, All, All, All, All, All}
	case ShareLinkCreate, ShareLinkDelete:
		return cells{None, None, All, All, All, None}
	case WebhookManage:
		return cells{None, None, None, All, All, None}
	case Operate:
		return cells{None, None, None, None, All, None}
	}
	return cells{}
}

// RoleGrant returns what a role gets of the permission by itself; None for an
// unknown role or permission.
func RoleGrant(role Role, permission Permission) Reach {
	column := slices.Index(Roles(), role)
	if column < 0 {
		return None
	}
	return matrix(permission)[column]
}
