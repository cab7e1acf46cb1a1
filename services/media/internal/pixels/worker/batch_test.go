package worker_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/vips"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/worker"
)

// TestMain makes the test binary a batch, too. As a test it uses libvips to
// make pictures.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "batch" {
		exit := 0
		if err := worker.Batch(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			exit = 1
		}
		// Not os.Exit, after which the race detector waits for a second.
		syscall.Exit(exit)
	}
	if err := vips.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// patience is far more than any photo here takes.
const patience = 30 * time.Second

// batch is one locked process that decodes photo after photo.
type batch struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
}

func startBatch(t *testing.T) *batch {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "batch")
	cmd.Env = []string{"GOMAXPROCS=1", "MALLOC_ARENA_MAX=2", "TZ=UTC0", "VIPS_DISC_THRESHOLD=8g", "VIPS_WARNING=0"}
	cmd.Stderr = t.Output()
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &batch{cmd: cmd, stdin: stdin, stdout: bufio.NewReader(stdout)}
}

// end waits for the process and returns why it ended, nil if it did so well.
func (b *batch) end() error { return errors.Join(b.stdin.Close(), b.cmd.Wait()) }

// render returns the reason that the photo was refused for, or "rendered". An
// error means that the process is gone, did not answer in time, or sent what
// is not what it says.
func (b *batch) render(photo []byte, request wire.Request) (outcome string, err error) {
	mediaType, ok := pixels.Sniff(photo)
	if !ok {
		return "unsupported_format", nil
	}
	request.MediaType = mediaType
	late := time.AfterFunc(patience, func() { _ = b.cmd.Process.Kill() })
	defer late.Stop()
	if err := wire.Write(b.stdin, wire.KindRequest, request, photo); err != nil {
		return "", err
	}
	for {
		head, err := wire.ReadHead(b.stdout, 1<<26)
		if err != nil {
			return "", err
		}
		body, err := wire.ReadBody(b.stdout, head)
		if err != nil {
			return "", err
		}
		switch head.Kind {
		case wire.KindDone:
			return "rendered", nil
		case wire.KindFailure:
			return refused(head)
		case wire.KindRendition:
			var r wire.Rendition
			if err := head.Decode(&r); err != nil {
				return "", err
			}
			if kind, _ := pixels.Sniff(body); kind != "image/"+string(r.Format) {
				return "", fmt.Errorf("%d bytes that are not %s", len(body), r.Format)
			}
		case wire.KindInfo:
		case wire.KindRequest, wire.KindProbe:
			return "", fmt.Errorf("frame %q", head.Kind)
		}
	}
}

// refused reads a failure; an error of ours is not the photo's.
func refused(head wire.Head) (reason string, err error) {
	var f wire.Failure
	if err := head.Decode(&f); err != nil {
		return "", err
	}
	if f.Reason == "crashed" {
		return "", errors.New(f.Detail)
	}
	return f.Reason, nil
}

// memory is the size of the process's resident pages now, in bytes.
func (b *batch) memory(t *testing.T) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	kb, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}
