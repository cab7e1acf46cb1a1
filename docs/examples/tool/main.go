// Command tool is an example of an internal tool: a program of a library that
// calls the suite over gRPC, by the contract alone. It lists articles, edits
// one and copes with colleagues who edit it too, uploads a photo, and follows
// what happens, also over restarts.
//
//	tool [flags] list SITE
//	tool [flags] retitle ARTICLE TITLE
//	tool [flags] upload SITE FILE ALT
//	tool [flags] follow SITE STATE-FILE
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "tool:", explain(err))
		stop()
		os.Exit(1) //nolint:gocritic // stop has been called
	}
}

// run reads the flags, connects and does what is asked.
func run(ctx context.Context, args []string) error {
	var where address
	flags := flag.NewFlagSet("tool", flag.ContinueOnError)
	flags.StringVar(&where.article, "article", "127.0.0.1:7001", "address of the article service")
	flags.StringVar(&where.media, "media", "127.0.0.1:7002", "address of the media service")
	flags.StringVar(&where.token, "token-file", "", "file with the token")
	flags.StringVar(&where.ca, "ca", "", "PEM file of the authority that certified the services; without it, plaintext on this machine only")
	flags.StringVar(&where.cert, "cert", "", "PEM file of our own certificate, where the services ask for one")
	flags.StringVar(&where.key, "key", "", "PEM file of its key")
	if err := flags.Parse(args); err != nil {
		return err
	}
	suite, err := connect(where)
	if err != nil {
		return err
	}
	defer suite.close()
	words := flags.Args()
	switch {
	case len(words) == 2 && words[0] == "list":
		return suite.list(ctx, words[1], os.Stdout)
	case len(words) == 3 && words[0] == "retitle":
		return suite.retitle(ctx, words[1], words[2], os.Stdout)
	case len(words) == 4 && words[0] == "upload":
		return suite.upload(ctx, words[1], words[2], words[3], os.Stdout)
	case len(words) == 3 && words[0] == "follow":
		return suite.follow(ctx, words[1], words[2], os.Stdout)
	}
	return errors.New("say list SITE, retitle ARTICLE TITLE, upload SITE FILE ALT or follow SITE STATE-FILE")
}
