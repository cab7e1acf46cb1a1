// Package cli is the command line of the operator: words, flags and what is
// printed. What the commands do is in the packages beside it.
package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/connect"
	"github.com/skaitykla/skaitykla/internal/run"
)

// app is what all commands share.
type app struct {
	getenv func(string) string
	where  connect.Where
	site   string
	json   bool
}

// Run runs the command that args name. The error is one a person can read.
func Run(ctx context.Context, getenv func(string) string, args []string, stdout, stderr io.Writer) error {
	root := newRoot(getenv)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if _, ok := errors.AsType[*run.ConfigError](err); ok || err == nil {
		return err
	}
	return errors.New(failure(err))
}

func newRoot(getenv func(string) string) *cobra.Command {
	a := &app{getenv: getenv}
	root := &cobra.Command{
		Use:   "skaitykla",
		Short: "Skaitykla is a newsroom for public libraries",
		Long: `Skaitykla is a newsroom for public libraries: articles with photographs,
published on time, shared without tracking, and never lost.

Start it with "skaitykla up". The other commands talk to a running suite, which
they find by its data folder (--data), or by addresses and a token.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(a.up(), a.importing(), a.exporting(), a.articles(), a.searching(), a.photos(), a.links(), a.webhooks(), a.previews(), a.qr(), a.schedules(), a.sites(), a.token(), version())
	for _, c := range root.Commands() {
		refuseUnknown(c)
	}
	return root
}

// refuseUnknown makes a mistyped subcommand an error, so that a script sees it:
// cobra would print the help and exit as if all was done.
func refuseUnknown(c *cobra.Command) {
	if c.Runnable() || !c.HasSubCommands() {
		return
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		return fmt.Errorf("there is no %q; see `%s --help`", c.CommandPath()+" "+args[0], c.CommandPath())
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// reaching adds the flags that say which suite to call.
func (a *app) reaching(c *cobra.Command) *cobra.Command {
	f := c.PersistentFlags()
	f.StringVar(&a.where.Data, "data", a.dataDir(), "the data folder of a suite on this machine")
	f.StringVar(&a.where.Article, "article", "", "gRPC address of the article service, instead of --data")
	f.StringVar(&a.where.Media, "media", "", "gRPC address of the media service, instead of --data")
	f.StringVar(&a.where.Sharing, "sharing", "", "gRPC address of the sharing service, instead of --data")
	f.StringVar(&a.where.TokenFile, "token-file", "", "file with the token to call with, instead of the operator's")
	f.StringVar(&a.where.CA, "ca", "", "PEM file with the authorities that certify a suite on another machine")
	f.BoolVar(&a.json, "json", false, "print JSON for scripts; lists as one object in each line")
	return c
}

// onSite adds the flag that names a site.
func (a *app) onSite(c *cobra.Command) *cobra.Command {
	c.PersistentFlags().StringVar(&a.site, "site", "", "id of the site; not needed when there is only one")
	return c
}

func (a *app) dataDir() string {
	if dir := a.getenv("SKAITYKLA_DATA"); dir != "" {
		return dir
	}
	return ".data"
}

// failure turns an error into what a person should read: the message of a
// service without the words of the protocol, and what was done before it.
func failure(err error) string {
	text := err.Error()
	if s, ok := status.FromError(err); ok {
		text = s.Message()
	}
	if strings.Contains(text, "connection error: desc = ") {
		text += "; no suite answers there: start it with `skaitykla up`"
	}
	before, after, found := strings.Cut(text, "rpc error: code = ")
	if !found {
		return text
	}
	_, message, found := strings.Cut(after, " desc = ")
	if !found {
		return text
	}
	return before + message
}

// printMessage prints a resource as JSON.
func printMessage(w io.Writer, m proto.Message) error {
	text, err := protojson.MarshalOptions{Multiline: true}.Marshal(m)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}

// printLine prints a resource of a list as one line of JSON.
func printLine(w io.Writer, m proto.Message) error {
	text, err := protojson.Marshal(m)
	if err != nil {
		return err
	}
	// protojson varies its white space on purpose; scripts should not see it.
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", line.Bytes())
	return err
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
