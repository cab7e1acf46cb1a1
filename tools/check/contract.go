package main

import (
	"io"
	"os"
	"path/filepath"
)

// released is the contract, and the records in the stores, of the last release.
// After a release it is made anew:
//
//	buf build --exclude-source-info -o proto/released.binpb.gz
const released = "proto/released.binpb.gz"

// kept wants everything that was released to stay readable: on the wire, in
// JSON, and in the stores.
func kept(out io.Writer) (string, error) {
	dir, err := os.MkdirTemp("", "contract")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	image := filepath.Join(dir, "now.binpb")
	if _, err := command(".bin/buf", "build", "--exclude-source-info", "-o", image)(out); err != nil {
		return "", err
	}
	return command(".bin/buf", "breaking", image, "--against", released,
		"--config", `{"version":"v2","breaking":{"use":["WIRE_JSON"]}}`)(out)
}
