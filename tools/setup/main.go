// Command setup installs what the suite needs and the machine lacks. It lists
// Debian packages first; where it may not install, it prints the one command
// to run and stops.
//
//	go run ./tools/setup run    what building and running takes
//	go run ./tools/setup test   the same, and for the tests a browser and two S3
//	                            servers, which are built once and kept in the
//	                            user's cache folder
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/skaitykla/skaitykla/internal/minio"
	"github.com/skaitykla/skaitykla/internal/program"
	"github.com/skaitykla/skaitykla/internal/versitytest"
)

// packages are needed by name of purpose. libvips decodes photographs through
// cgo; Chromium and a font with Lithuanian letters are for the browser tests,
// xmllint of libxml2-utils holds feeds and sitemaps to their schemas.
func packages(purpose string) []string {
	run := []string{"gcc", "libc6-dev", "libvips-dev", "pkg-config"}
	if purpose == "test" {
		return append(append(run, "chromium", "fonts-dejavu-core", "libxml2-utils"), node()...)
	}
	return run
}

// node are the packages that run the client of clientFolder; none where node
// and npm came from elsewhere.
func node() []string {
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			return []string{"nodejs", "npm"}
		}
	}
	return nil
}

// plugins became packages of their own in Debian 13; before that their code
// is inside libheif1 and apt does not know the names.
func plugins() []string {
	return []string{"libheif-plugin-libde265", "libheif-plugin-aomdec", "libheif-plugin-aomenc"}
}

func main() {
	purpose := "run"
	if len(os.Args) > 1 {
		purpose = os.Args[1]
	}
	err := setup(purpose, os.Stdout)
	if err == nil && purpose == "test" {
		err = client(os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "setup:", err)
		os.Exit(1)
	}
}

func setup(purpose string, out io.Writer) error {
	if err := install(purpose, out); err != nil || purpose != "test" {
		return err
	}
	return build(out)
}

// build builds the S3 servers of the tests unless they are there, and says so.
func build(out io.Writer) error {
	for _, source := range []program.Source{minio.Source(), versitytest.Source()} {
		finder := program.Finder{Source: source, ModuleDir: source.ModuleDir("."), Progress: out}
		if _, err := finder.Find(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// install installs Debian packages.
func install(purpose string, out io.Writer) error {
	if _, err := exec.LookPath("dpkg-query"); err != nil {
		return fmt.Errorf("this is not a Debian machine; install these by hand: %s", strings.Join(packages(purpose), " "))
	}
	missing := slices.DeleteFunc(packages(purpose), installed)
	optional := slices.DeleteFunc(plugins(), func(name string) bool { return installed(name) || !known(name) })
	if len(missing) == 0 && len(optional) == 0 {
		return nil
	}
	fmt.Fprintln(out, "Debian packages missing:", strings.Join(append(missing, optional...), " "))
	prefix, ok := privilege()
	if !ok {
		return fmt.Errorf("run this once as root, then try again:\n  apt-get update && apt-get install --no-install-recommends %s",
			strings.Join(append(missing, optional...), " "))
	}
	if err := run(out, prefix, "apt-get", "update", "-qq"); err != nil {
		return err
	}
	// Only a fresh list of packages tells which plugins there are.
	optional = slices.DeleteFunc(plugins(), func(name string) bool { return installed(name) || !known(name) })
	words := []string{"apt-get", "install", "--yes", "--quiet", "--no-install-recommends"}
	return run(out, prefix, append(append(words, missing...), optional...)...)
}

// privilege tells how to become root without a question on the terminal.
func privilege() (prefix []string, ok bool) {
	if os.Geteuid() == 0 {
		return nil, true
	}
	if exec.Command("sudo", "-n", "true").Run() == nil {
		return []string{"sudo", "-n"}, true
	}
	return nil, false
}

func installed(name string) bool {
	status, err := exec.Command("dpkg-query", "--show", "--showformat=${db:Status-Status}", name).Output()
	return err == nil && string(status) == "installed"
}

func known(name string) bool {
	shown, err := exec.Command("apt-cache", "show", "--no-all-versions", name).Output()
	return err == nil && len(shown) > 0
}

func run(out io.Writer, prefix []string, words ...string) error {
	words = append(prefix, words...)
	cmd := exec.Command(words[0], words[1:]...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(words, " "), err)
	}
	return nil
}
