// Command openapigen finishes the OpenAPI document of the API. It reads the
// merged document that the generators made of the contract and writes the one
// that the gateway serves: with resource ids as path parameters, the media types
// of watches, bearer tokens, and the addresses that no RPC has.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	out := flag.String("out", "", "file to write")
	flag.Parse()
	if err := run(os.Stdin, *out); err != nil {
		fmt.Fprintln(os.Stderr, "openapigen:", err)
		os.Exit(1)
	}
}

// run writes the file only when all went well.
func run(in io.Reader, out string) error {
	if out == "" {
		return errors.New("say where to write with -out")
	}
	var doc object
	if err := json.NewDecoder(in).Decode(&doc); err != nil {
		return fmt.Errorf("read the merged document: %w", err)
	}
	if err := finish(doc); err != nil {
		return err
	}
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		return fmt.Errorf("encode the document: %w", err)
	}
	return os.WriteFile(out, append(data, '\n'), 0o644) //nolint:gosec // a public document
}
