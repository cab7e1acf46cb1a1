package pixels_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	seccomp "github.com/elastic/go-seccomp-bpf"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/phototest"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
	"github.com/skaitykla/skaitykla/services/media/internal/pixels/worker"
)

// misbehave is a worker that has been taken over, in one of several ways.
func misbehave(how string) {
	good := wire.Info{
		MediaType: "image/png", Width: 40, Height: 30, Frames: 1,
		Color: "#102030", ThumbHash: make([]byte, 20),
	}
	switch how {
	case "no seccomp":
		forbidSeccomp()
		return // and go on as an honest worker
	case "hang":
		select {}
	case "abort":
		_ = syscall.Kill(os.Getpid(), syscall.SIGABRT)
		select {}
	case "read nothing and end":
		os.Exit(0)
	}
	_, _ = io.Copy(io.Discard, os.Stdin)
	switch how {
	case "nothing":
	case "done at once":
		send(wire.KindDone, struct{}{}, nil)
	case "done without renditions":
		send(wire.KindInfo, good, nil)
		send(wire.KindDone, struct{}{}, nil)
	case "unknown reason":
		send(wire.KindFailure, wire.Failure{Reason: "busy", Detail: strings.Repeat("x", 9000)}, nil)
	case "info twice":
		send(wire.KindInfo, good, nil)
		send(wire.KindInfo, good, nil)
	case "another media type":
		good.MediaType = "image/jpeg"
		send(wire.KindInfo, good, nil)
	case "impossible size":
		good.Width = 1 << 30
		send(wire.KindInfo, good, nil)
	case "color with markup":
		good.Color = `"><img>`
		send(wire.KindInfo, good, nil)
	case "control characters":
		good.Metadata.CreditLine = "a\x00b"
		send(wire.KindInfo, good, nil)
	case "long text":
		good.Metadata.AltText = strings.Repeat("a", 501)
		send(wire.KindInfo, good, nil)
	case "focal point outside":
		good.Focus.X = 1.5
		send(wire.KindInfo, good, nil)
	case "another focal point":
		good.Focus.X = 0.5
		send(wire.KindInfo, good, nil)
	case "crop that nobody asked for":
		send(wire.KindInfo, good, nil)
		send(wire.KindRendition, wire.Rendition{Format: "jpeg", Crop: "wide", Width: 40, Height: 30}, []byte("\xff\xd8\xff"))
	case "animation of a still photo":
		send(wire.KindInfo, good, nil)
		send(wire.KindRendition, wire.Rendition{Format: "jpeg", Width: 40, Height: 30, Animated: true}, []byte("\xff\xd8\xff"))
	case "rendition out of turn":
		send(wire.KindInfo, good, nil)
		send(wire.KindRendition, wire.Rendition{Format: "webp", Width: 40, Height: 30}, []byte("RIFF....WEBP"))
	case "rendition that is a page":
		send(wire.KindInfo, good, nil)
		send(wire.KindRendition, wire.Rendition{Format: "jpeg", Width: 40, Height: 30}, []byte("<html>"))
	case "huge rendition":
		send(wire.KindInfo, good, nil)
		prefix := binary.BigEndian.AppendUint32([]byte{'R', 0, 0, 0, 2}, 1<<31)
		_, _ = os.Stdout.Write(append(prefix, "{}"...))
	case "broken":
		_, _ = os.Stderr.WriteString("no library")
		os.Exit(worker.ExitBroken)
	case "not frames":
		_, _ = os.Stdout.WriteString(strings.Repeat("garbage ", 1<<16))
	case "endless warnings":
		line := bytes.Repeat([]byte("warning "), 1<<10)
		for range 1 << 10 {
			_, _ = os.Stderr.Write(line)
		}
	}
	os.Exit(0)
}

func send(kind wire.Kind, message any, body []byte) {
	_ = wire.Write(os.Stdout, kind, message, body)
}

// forbidSeccomp makes this process one whose kernel offers no filter.
func forbidSeccomp() {
	err := seccomp.LoadFilter(seccomp.Filter{
		NoNewPrivs: true,
		Flag:       seccomp.FilterFlagTSync,
		Policy: seccomp.Policy{
			DefaultAction: seccomp.ActionAllow,
			Syscalls:      []seccomp.SyscallGroup{{Action: seccomp.ActionErrno, Names: []string{"seccomp"}}},
		},
	})
	if err != nil {
		os.Exit(9)
	}
}

func TestWorkerIsNotBelieved(t *testing.T) {
	for _, how := range []string{
		"nothing", "read nothing and end", "abort", "done at once", "done without renditions", "unknown reason",
		"info twice", "another media type", "impossible size", "color with markup", "control characters",
		"long text", "focal point outside", "another focal point", "crop that nobody asked for", "animation of a still photo",
		"rendition out of turn", "rendition that is a page", "huge rendition", "not frames", "endless warnings",
	} {
		t.Run(how, func(t *testing.T) {
			p := newProcessor(t, func(c *pixels.Config) { c.Args = []string{how} })
			job := pixels.Job{Focus: &pixels.FocalPoint{}} // the one that honest answers name
			got, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), job)
			wantReason(t, err, pixels.Crashed)
			if len(got.renditions) > 0 {
				t.Errorf("%d renditions were believed", len(got.renditions))
			}
		})
	}
	wantNoChildren(t)
}

// A codec that warns without end neither blocks its worker nor fills the log.
func TestWarningsDoNotFloodTheLog(t *testing.T) {
	var log bytes.Buffer
	p := newProcessor(t, func(c *pixels.Config) {
		c.Args = []string{"endless warnings"}
		c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	_, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	wantReason(t, err, pixels.Crashed)
	const enough = 10 << 10
	if e, ok := errors.AsType[*pixels.Error](err); !ok || len(e.Err.Error()) > enough {
		t.Errorf("the cause has %d bytes", len(e.Err.Error()))
	}
	if !strings.Contains(log.String(), "warning warning") || log.Len() > enough {
		t.Errorf("8 MB of warnings made %d bytes of log", log.Len())
	}
}

func TestHangingWorkerIsKilled(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) {
		c.Args = []string{"hang"}
		c.Limits.Time = 100 * time.Millisecond
	})
	_, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	wantReason(t, err, pixels.TooSlow)
	wantNoChildren(t)
}

func TestWithoutSeccomp(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Args = []string{"no seccomp"} })
	_, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	wantReason(t, err, pixels.SandboxUnavailable)
	wantReason(t, p.Check(t.Context()), pixels.SandboxUnavailable)

	p = newProcessor(t, func(c *pixels.Config) { c.Args, c.Insecure = []string{"no seccomp"}, true })
	got, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	if err != nil || len(got.renditions) != 2 {
		t.Errorf("insecure: got %d renditions, %v", len(got.renditions), err)
	}
}

func TestBrokenWorkerDoesNotBlameThePhoto(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Args = []string{"broken"} })
	_, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	if _, blamed := errors.AsType[*pixels.Error](err); blamed || err == nil || !strings.Contains(err.Error(), "no library") {
		t.Errorf("got %v, want what the worker wrote", err)
	}
}

func TestMissingExecutable(t *testing.T) {
	p := newProcessor(t, func(c *pixels.Config) { c.Executable = "/nonexistent/worker" })
	_, err := render(t.Context(), p, phototest.PNG(t, phototest.Gradient(40, 30)), pixels.Job{})
	if _, blamed := errors.AsType[*pixels.Error](err); blamed || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want one that wraps %v and does not blame the photo", err, os.ErrNotExist)
	}
}
