package cli

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/photos"
)

// progress shows how far `photos add` is: a bar on a terminal, and elsewhere a
// line for each file.
type progress struct {
	out   io.Writer
	bar   *progressbar.ProgressBar
	files int
	ended int
}

func newProgress(out io.Writer, files []photos.File) *progress {
	p := &progress{out: out, files: len(files)}
	f, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) || len(files) == 0 {
		return p
	}
	var size int64
	for _, file := range files {
		size += file.Size
	}
	p.bar = progressbar.NewOptions64(size, progressbar.OptionSetWriter(out), progressbar.OptionShowBytes(true),
		progressbar.OptionSetDescription(p.count()), progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(true))
	return p
}

func (p *progress) count() string { return fmt.Sprintf("%d of %d photos", p.ended, p.files) }

// Bytes implements photos.Progress.
func (p *progress) Bytes(n int64) {
	if p.bar != nil {
		_ = p.bar.Add64(n)
	}
}

// Ended implements photos.Progress.
func (p *progress) Ended(r photos.Result) {
	p.ended++
	switch {
	case p.bar != nil:
		p.bar.Describe(p.count())
	case r.Err != nil:
		fmt.Fprintf(p.out, "%s: %s: %s\n", r.File, r.Outcome, failure(r.Err))
	default:
		fmt.Fprintf(p.out, "%s: %s %s\n", r.File, r.Outcome, r.Photo)
	}
}

// end takes the bar away.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// photosReport is what `photos add` did.
type photosReport struct {
	Files []photoLine            `json:"files"`
	Count map[photos.Outcome]int `json:"count"`
}

// photoLine is a result with its error as text.
type photoLine struct {
	photos.Result
	Error string `json:"error,omitempty"`
}

// reportPhotos tells what became of the files. It returns an error when one of
// them is not there in the end.
func (a *app) reportPhotos(out io.Writer, results []photos.Result) error {
	report := photosReport{Files: []photoLine{}, Count: map[photos.Outcome]int{}}
	for _, r := range results {
		line := photoLine{Result: r}
		if r.Err != nil {
			line.Error = failure(r.Err)
		}
		report.Files = append(report.Files, line)
		report.Count[r.Outcome]++
	}
	if a.json {
		if err := printJSON(out, report); err != nil {
			return err
		}
	} else {
		report.print(out)
	}
	missing := report.Count[photos.Failed] + report.Count[photos.Untried]
	switch {
	case report.Count[photos.Untried] > 0:
		return fmt.Errorf("interrupted: %d photos are not there yet; run the same command again to go on", missing)
	case missing > 0:
		return fmt.Errorf("%d photos were not added; mend what is told of them and run the same command again", missing)
	}
	return nil
}

func (r photosReport) print(out io.Writer) {
	fmt.Fprintf(out, "%d added, %d already there, %d skipped, %d failed\n",
		r.Count[photos.Added], r.Count[photos.There], r.Count[photos.Skipped], r.Count[photos.Failed])
	for _, line := range r.Files {
		switch line.Outcome {
		case photos.Skipped:
			fmt.Fprintf(out, "  skipped %s: %s\n", line.File, line.Reason)
		case photos.Failed:
			fmt.Fprintf(out, "  failed %s: %s\n", line.File, line.Error)
		case photos.Added, photos.There, photos.Untried:
		}
	}
}
