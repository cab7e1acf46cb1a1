// Command soak runs the long drills and writes what they found, with the date,
// into docs/soak.md: kill rounds of the store and of the whole suite, damaged
// photographs, every fuzz target for a while, and all tests several times over.
//
//	go run ./tools/soak -rounds 200 -fuzz 30s
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// drill is one long run and what it is to find out.
type drill struct {
	name string
	args []string
}

func main() {
	rounds := flag.Int("rounds", 200, "kill rounds of the store, and damaged files of each kind")
	kills := flag.Int("kills", 20, "kill rounds of the whole suite")
	mutations := flag.Int("mutations", 100_000, "damaged photographs in one locked process")
	fuzz := flag.Duration("fuzz", 30*time.Second, "how long each fuzz target runs")
	out := flag.String("out", "docs/soak.md", "where to write the result")
	flag.Parse()
	if err := soak(*rounds, *kills, *mutations, *fuzz, *out); err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func soak(rounds, kills, mutations int, fuzz time.Duration, path string) error {
	drills := []drill{
		{"kill -9 of a writing store, " + strconv.Itoa(rounds) + " rounds: nothing acknowledged is lost", []string{"-run", "Kill", "./internal/kv/..."}},
		{"damaged photographs, " + strconv.Itoa(rounds) + " of each kind, each in a process: no crash, no hang", []string{"-run", "Mutation", "./services/media/internal/pixels"}},
		{"damaged photographs, " + strconv.Itoa(mutations) + " through one locked process: no crash, no hang, no growth of memory", []string{"-run", "Mutation", "./services/media/internal/pixels/worker"}},
		{"kill -9 of the whole suite, " + strconv.Itoa(kills) + " rounds", []string{"-run", "TestKill", "-count", strconv.Itoa(kills), "./internal/e2e"}},
		{"kill -9 of the media service amid uploads, 50 rounds: every photo has all renditions, nothing is left over", []string{"-run", "TestKillRounds", "./services/media"}},
		{"kill -9 of the sharing service while articles are published, 50 rounds: each event has its effect once, each article one code", []string{"-run", "TestKillRounds", "./services/sharing"}},
		{"kill -9 of the sender between call and record, 50 rounds: every webhook arrives, repeats have the same id", []string{"-run", "TestKillDeliveries", "./services/sharing"}},
		{"kill -9 of who counts clicks and folds them, 50 rounds: what was acknowledged is counted once", []string{"-run", "TestKill$", "./services/sharing/internal/store/crash"}},
		{"a million clicks on one link through gateway and sharing service: each is counted, memory and store bounded", []string{"-run", "TestManyOpenOneLink", "./internal/e2e/shortlinks"}},
		{"receivers of webhooks that answer 500 for a day and for ever, hang, answer slowly or go away, with the race detector, 20 times over", []string{"-race", "-count", "20", "./services/sharing/internal/outbox", "./services/sharing/internal/egress"}},
		{"32 uploads of 24 million pixels at once, 2 workers: memory bounded", []string{"-run", "TestManyUploads", "./services/media"}},
		{"two editors race 10,000 random edits through the merge: nothing acknowledged is missing", []string{"-run", "TestRace$", "./services/article"}},
		{"kill -9 of the article service under 64 writers, 50 rounds: lists, tags, index and feed agree", []string{"-run", "TestKillWriters", "./services/article"}},
		{"the clock of the scheduler jumps, zones and days on which clocks change, 50 times over", []string{"-race", "-count", "50", "-run", "Clock|Zone|Resolve", "./services/article/internal/schedule", "./services/article/internal/scheduler", "./services/article/internal/store"}},
		{"articles are purged while others read them, 20 times over", []string{"-race", "-count", "20", "-run", "TestPurgeWhileReading", "./services/article"}},
		{"all tests, three times over, in random order, with the race detector", []string{"-race", "-shuffle=on", "-count=3", "./..."}},
	}
	targets, err := fuzzTargets()
	if err != nil {
		return err
	}
	for _, t := range targets {
		drills = append(drills, drill{
			fmt.Sprintf("fuzz %s in %s for %s", t.name, t.dir, fuzz),
			[]string{"-run", "^$", "-fuzz", "^" + t.name + "$", "-fuzztime", fuzz.String(), "./" + t.dir},
		})
	}
	var rows strings.Builder
	failed := 0
	for _, d := range drills {
		fmt.Fprintln(os.Stdout, "==>", d.name)
		row, ok := run(d, rounds, mutations, os.Stdout)
		if !ok {
			failed++
		}
		rows.WriteString(row)
	}
	if err := write(path, rows.String()); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d drills failed; see %s", failed, path)
	}
	return nil
}

// run runs a drill and returns its row of the table.
func run(d drill, rounds, mutations int, out io.Writer) (row string, ok bool) {
	var printed bytes.Buffer
	cmd := exec.Command("go", append([]string{"test", "-timeout", "60m"}, d.args...)...)
	cmd.Env = append(os.Environ(), "SKAITYKLA_SOAK="+strconv.Itoa(rounds), "SKAITYKLA_MUTATIONS="+strconv.Itoa(mutations))
	cmd.Stdout = io.MultiWriter(out, &printed)
	cmd.Stderr = cmd.Stdout
	began := time.Now()
	err := cmd.Run()
	result := "passed"
	if err != nil {
		result = "FAILED: " + err.Error()
	}
	if m := executions().FindAllStringSubmatch(printed.String(), -1); len(m) > 0 {
		result += ", " + m[len(m)-1][1] + " inputs"
	}
	return fmt.Sprintf("| %s | %s | %s |\n", d.name, result, time.Since(began).Round(time.Second)), err == nil
}

func executions() *regexp.Regexp { return regexp.MustCompile(`execs: (\d+)`) }

type target struct{ dir, name string }

// fuzzTargets finds every fuzz test of the root module.
func fuzzTargets() ([]target, error) {
	var targets []target
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	err := filepath.WalkDir(".", func(path string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "." {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range declared.FindAllStringSubmatch(string(source), -1) {
			targets = append(targets, target{dir: filepath.ToSlash(filepath.Dir(path)), name: m[1]})
		}
		return nil
	})
	slices.SortFunc(targets, func(a, b target) int { return strings.Compare(a.dir+a.name, b.dir+b.name) })
	return targets, err
}

func write(path, rows string) error {
	text := fmt.Sprintf(`# Soak

What `+"`make soak`"+` found last, on %s (UTC), on a machine of two cores. The same drills run in `+"`make test`"+` in bounded form.

| drill | result | time |
|---|---|---|
%s`, time.Now().UTC().Format("2 January 2006"), rows)
	const mode = 0o644
	return os.WriteFile(path, []byte(text), mode)
}
