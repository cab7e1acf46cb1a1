package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/keyring"
	"github.com/skaitykla/skaitykla/internal/auth"
)

// token is the command `token`.
func (a *app) token() *cobra.Command {
	c := &cobra.Command{
		Use:   "token",
		Short: "Make and revoke the tokens that people and programs sign in with",
		Long: `Make and revoke tokens. These commands work on the data folder itself, which
holds the key; the suite need not run.`,
	}
	c.PersistentFlags().StringVar(&a.where.Data, "data", a.dataDir(), "the data folder of the suite")
	c.AddCommand(a.tokenCreate(), a.tokenRevoke())
	return c
}

func (a *app) tokenCreate() *cobra.Command {
	var principal, role, site string
	var machine bool
	var life time.Duration
	c := &cobra.Command{
		Use:   "create",
		Short: "Make a token and print it",
		Example: `  skaitykla token create --for ona@example.lt --role editor --site kaunas
  skaitykla token create --for importer --role admin --site kaunas --machine --life 720h`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			who, err := newPrincipal(principal, role, site, machine)
			if err != nil {
				return err
			}
			keys, err := a.keyring()
			if err != nil {
				return err
			}
			token, err := keys.Issuer.Issue(who, life)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.ErrOrStderr(), "token %s for %s, %s on %s, good until %s\n",
				token.ID, principal, role, siteWord(site), token.Expires.Format(time.RFC3339))
			_, err = fmt.Fprintln(c.OutOrStdout(), token.Text)
			return err
		},
	}
	f := c.Flags()
	f.StringVar(&principal, "for", "", "who will use it: an address or a name, unique in the installation")
	f.StringVar(&role, "role", "", "author, editor, admin or operator")
	f.StringVar(&site, "site", "", "id of the site the role is for; not for operators")
	f.BoolVar(&machine, "machine", false, "for a program: may live up to 90 days")
	const workday = 12 * time.Hour
	f.DurationVar(&life, "life", workday, "how long it is good for; people at most 12h")
	_ = c.MarkFlagRequired("for")
	_ = c.MarkFlagRequired("role")
	return c
}

// keyring opens the keys of the data folder. It makes the keys of a folder that
// no suite was started on yet, but no folder: that is a name mistyped.
func (a *app) keyring() (*keyring.Keyring, error) {
	if _, err := os.Stat(a.where.Data); err != nil {
		return nil, fmt.Errorf("the data folder: %w; name that of the suite with --data", err)
	}
	return keyring.Open(a.where.Data)
}

func newPrincipal(name, role, site string, machine bool) (auth.Principal, error) {
	r := auth.Role(role)
	if !slices.Contains([]auth.Role{auth.Author, auth.Editor, auth.Admin, auth.Operator}, r) {
		return auth.Principal{}, fmt.Errorf("role %q: use author, editor, admin or operator", role)
	}
	scope := auth.EverySite
	if r != auth.Operator {
		if site == "" {
			return auth.Principal{}, fmt.Errorf("an %s belongs to a site; name it with --site", role)
		}
		scope = "sites/" + strings.TrimPrefix(site, "sites/")
	}
	kind := auth.Person
	if machine {
		kind = auth.Machine
	}
	return auth.Principal{ID: name, Kind: kind, Roles: map[string][]auth.Role{scope: {r}}}, nil
}

func siteWord(site string) string {
	if site == "" {
		return "every site"
	}
	return site
}

func (a *app) tokenRevoke() *cobra.Command {
	return &cobra.Command{
		Use:   "revoke TOKEN-ID",
		Short: "Revoke a token; every service refuses it within 30 seconds",
		Args:  cobra.ExactArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			keys, err := a.keyring()
			if err != nil {
				return err
			}
			if err := keys.Revoke(args[0]); err != nil {
				return err
			}
			_, err = fmt.Fprintf(c.OutOrStdout(), "revoked; the list is %s\n", filepath.Clean(keys.Revocations()))
			return err
		},
	}
}
