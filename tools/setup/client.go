package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// clientFolder holds the client from npm that tries uploads by the tus
// protocol; its lock pins every package by version and checksum.
const clientFolder = "tools/tus"

// client installs what the lock names, unless that is there, and says how long
// it took.
func client(out io.Writer) error {
	lock, err := os.ReadFile(filepath.Join(clientFolder, "package-lock.json"))
	if err != nil {
		return err
	}
	installed := filepath.Join(clientFolder, "node_modules", ".of-lock")
	if have, err := os.ReadFile(installed); err == nil && bytes.Equal(have, lock) {
		return nil
	}
	begin := time.Now()
	cmd := exec.Command("npm", "ci", "--silent")
	cmd.Dir = clientFolder
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci in %s: %w", clientFolder, err)
	}
	fmt.Fprintf(out, "installed the client of %s in %.1f s\n", clientFolder, time.Since(begin).Seconds())
	return os.WriteFile(installed, lock, 0o600)
}
