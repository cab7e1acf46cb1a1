package auth

import "context"

// Grant returns how far the caller's roles on the site carry the permission.
// site is a name such as "sites/vilkaviskis", or EverySite, where only roles
// held on every site count. An unknown permission is granted to nobody.
func Grant(ctx context.Context, permission Permission, site string) Reach {
	return FromContext(ctx).Grant(permission, site)
}

// Grant is the package's Grant for a known principal.
func (p Principal) Grant(permission Permission, site string) Reach {
	best := RoleGrant(Anonymous, permission)
	for _, role := range p.Roles[EverySite] {
		best = max(best, RoleGrant(role, permission))
	}
	if site == EverySite {
		return best
	}
	for _, role := range p.Roles[site] {
		best = max(best, RoleGrant(role, permission))
	}
	return best
}
