package auth

import "slices"

// Permission is what a method needs, named in its proto option.
type Permission string

// The permissions. docs/permissions.md explains each.
const (
	SiteRead           Permission = "site.read"
	SiteCreate         Permission = "site.create"
	SiteUpdate         Permission = "site.update"
	SiteDelete         Permission = "site.delete"
	SiteExport         Permission = "site.export"
	SiteImport         Permission = "site.import"
	ArticleRead        Permission = "article.read"
	ArticleReadWorking Permission = "article.read_working"
	ArticleCreate      Permission = "article.create"
	ArticleUpdate      Permission = "article.update"
	ArticleDelete      Permission = "article.delete"
	ArticlePublish     Permission = "article.publish"
	ArticleBackdate    Permission = "article.backdate"
	ArticleReview      Permission = "article.review"
	ArticleWaive       Permission = "article.waive"
	ArticleTakeOver    Permission = "article.take_over_slug"
	ArticlePreview     Permission = "article.preview"
	ArticleRedact      Permission = "article.redact"
	AuditRead          Permission = "audit.read"
	PhotoRead          Permission = "photo.read"
	PhotoReadWorking   Permission = "photo.read_working"
	PhotoUpload        Permission = "photo.upload"
	PhotoUpdate        Permission = "photo.update"
	PhotoDelete        Permission = "photo.delete"
	PhotoWithdraw      Permission = "photo.withdraw"
	ShareRead          Permission = "share.read"
	ShareStats         Permission = "share.stats"
	ShareCount         Permission = "share.count"
	ShareLinkRead      Permission = "share_link.read"
	ShareLinkCreate    Permission = "share_link.create"
	ShareLinkDelete    Permission = "share_link.delete"
	WebhookManage      Permission = "webhook.manage"
	Operate            Permission = "operate"
)

// Permissions returns all permissions in the order of docs/permissions.md.
func Permissions() []Permission {
	return []Permission{
		SiteRead, SiteCreate, SiteUpdate, SiteDelete, SiteExport, SiteImport,
		ArticleRead, ArticleReadWorking, ArticleCreate, ArticleUpdate,
		ArticleDelete, ArticlePublish, ArticleBackdate,
		ArticleReview, ArticleWaive, ArticleTakeOver, ArticlePreview, ArticleRedact, AuditRead,
		PhotoRead, PhotoReadWorking, PhotoUpload, PhotoUpdate, PhotoDelete, PhotoWithdraw,
		ShareRead, ShareStats, ShareCount, ShareLinkRead, ShareLinkCreate, ShareLinkDelete, WebhookManage, Operate,
	}
}

// Known reports whether the matrix has the permission.
func Known(permission Permission) bool {
	return slices.Contains(Permissions(), permission)
}

// Public reports whether everyone holds the permission.
func Public(permission Permission) bool { return RoleGrant(Anonymous, permission) == All }

// Reach is how far a permission goes.
type Reach uint8

// How far a permission goes. The zero value is None.
const (
	// None denies.
	None Reach = iota
	// Own allows what is the caller's own; the service decides what that is.
	Own
	// All allows everything on the site.
	All
)

// String returns "none", "own" or "all".
func (r Reach) String() string {
	switch r {
	case Own:
		return "own"
	case All:
		return "all"
	case None:
		return "none"
	}
	return "none"
}
