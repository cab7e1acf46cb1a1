package auth_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/auth"
)

// documented reads the matrix in docs/permissions.md.
func documented(t *testing.T) map[auth.Permission]map[auth.Role]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text2, found := strings.Cut(string(text), "## The matrix")
	if !found {
		t.Fatal("docs/permissions.md has no section `The matrix`")
	}
	section, _, _ := strings.Cut(text2, "\n## ")
	matrix := make(map[auth.Permission]map[auth.Role]string)
	var roles []auth.Role
	for line := range strings.Lines(section) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "|") || strings.HasPrefix(line, "|--") {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.Trim(line, "|"), "|") {
			cells = append(cells, strings.Trim(cell, " `"))
		}
		if roles == nil {
			for _, name := range cells[1:] {
				roles = append(roles, auth.Role(name))
			}
			continue
		}
		if len(cells) != len(roles)+1 {
			t.Fatalf("row %q has %d cells, want %d", line, len(cells), len(roles)+1)
		}
		row := make(map[auth.Role]string)
		for i, cell := range cells[1:] {
			row[roles[i]] = cell
		}
		matrix[auth.Permission(cells[0])] = row
	}
	if !slices.Equal(roles, auth.Roles()) {
		t.Fatalf("docs/permissions.md has the roles %v, the code %v", roles, auth.Roles())
	}
	return matrix
}

func TestMatrixIsTheDocumentedOne(t *testing.T) {
	want := documented(t)
	got := make(map[auth.Permission]map[auth.Role]string)
	for _, permission := range auth.Permissions() {
		got[permission] = make(map[auth.Role]string)
		for _, role := range auth.Roles() {
			reach := auth.RoleGrant(role, permission).String()
			if reach == "none" {
				reach = ""
			}
			got[permission][role] = reach
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("docs/permissions.md (-) and the code (+) differ:\n%s", diff)
	}
}

func TestEveryPermissionIsExplained(t *testing.T) {
	text, err := os.ReadFile("../../docs/permissions.md")
	if err != nil {
		t.Fatal(err)
	}
	_, explained, _ := strings.Cut(string(text), "## What the permissions mean")
	for _, permission := range auth.Permissions() {
		if !strings.Contains(explained, "`"+string(permission)+"`") {
			t.Errorf("docs/permissions.md does not explain %s", permission)
		}
	}
}

// Editor includes author, admin includes editor, operator includes everything.
func TestRolesInclude(t *testing.T) {
	includes := map[auth.Role][]auth.Role{
		auth.Author:   {auth.Anonymous},
		auth.Editor:   {auth.Author},
		auth.Admin:    {auth.Editor},
		auth.Operator: {auth.Admin, auth.Service},
		auth.Service:  {auth.Anonymous},
	}
	for _, more := range slices.Sorted(maps.Keys(includes)) {
		for _, less := range includes[more] {
			for _, p := range auth.Permissions() {
				if auth.RoleGrant(more, p) < auth.RoleGrant(less, p) {
					t.Errorf("%s gets %s of %s, less than %s", more, auth.RoleGrant(more, p), p, less)
				}
			}
		}
	}
}

func TestGrantBySite(t *testing.T) {
	const here, there = "sites/biblioteka", "sites/kita"
	on := func(site string, roles ...auth.Role) auth.Principal {
		return auth.Principal{ID: "ona", Kind: auth.Person, Roles: map[string][]auth.Role{site: roles}}
	}
	tests := []struct {
		name       string
		principal  auth.Principal
		permission auth.Permission
		site       string
		want       auth.Reach
	}{
		{"anonymous reads", auth.Principal{}, auth.ArticleRead, here, auth.All},
		{"anonymous reads everywhere", auth.Principal{}, auth.ArticleRead, auth.EverySite, auth.All},
		{"anonymous does not write", auth.Principal{}, auth.ArticleUpdate, here, auth.None},
		{"author updates own", on(here, auth.Author), auth.ArticleUpdate, here, auth.Own},
		{"author elsewhere is anonymous", on(here, auth.Author), auth.ArticleUpdate, there, auth.None},
		{"author on all sites needs it there", on(here, auth.Author), auth.ArticleReadWorking, auth.EverySite, auth.None},
		{"the stronger role counts", on(here, auth.Author, auth.Editor), auth.ArticleUpdate, here, auth.All},
		{"operator everywhere", on(auth.EverySite, auth.Operator), auth.SiteDelete, there, auth.All},
		{"service reads working copies", on(auth.EverySite, auth.Service), auth.ArticleReadWorking, auth.EverySite, auth.All},
		{"service does not write", on(auth.EverySite, auth.Service), auth.ArticleUpdate, here, auth.None},
		{"unknown permission", on(auth.EverySite, auth.Operator), "article.eat", here, auth.None},
		{"unknown role", on(here, "owner"), auth.ArticleUpdate, here, auth.None},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			ctx := auth.WithPrincipal(t.Context(), test.principal)
			if got := auth.Grant(ctx, test.permission, test.site); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestClass(t *testing.T) {
	p := auth.Principal{ID: "ona", Roles: map[string][]auth.Role{"sites/biblioteka": {auth.Author, auth.Admin}}}
	if got := p.Class("sites/biblioteka"); got != "admin" {
		t.Errorf("on the own site: got %q, want admin", got)
	}
	if got := p.Class("sites/kita"); got != "anonymous" {
		t.Errorf("elsewhere: got %q, want anonymous", got)
	}
}
