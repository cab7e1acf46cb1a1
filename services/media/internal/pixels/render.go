package pixels

import (
	"context"
	"errors"
	"fmt"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/wire"
)

// render has one worker make what the job asks for.
func (p *Processor) render(ctx context.Context, body photo, job Job, emit func(Event) error) error {
	request := wire.Request{
		MediaType: body.mediaType,
		Limits:    wire.Limits(p.config.Limits),
		Widths:    job.Widths,
		Formats:   job.Formats,

		LadderFormats: job.LadderFormats,
		Crops:         job.Crops,
		Focus:         job.Focus,
		Credit:        job.Credit,
		Copyright:     job.Copyright,
		License:       job.License,
		Insecure:      p.config.Insecure,
	}
	answers := &answers{limits: p.config.Limits, request: request}
	return p.talk(ctx, request, body, func(s *session) error {
		for {
			event, done, err := answers.next(s.stdout)
			if err != nil || done {
				return err
			}
			if err := s.tell(emit, event); err != nil {
				return err
			}
			if event.Rendition == nil {
				continue
			}
			if part := answers.complete(event.Rendition); part != nil {
				if err := s.tell(emit, Event{Complete: part}); err != nil {
					return err
				}
			}
		}
	})
}

// tell calls emit with the clock stopped.
func (s *session) tell(emit func(Event) error, event Event) error {
	s.budget.pause()
	err := emit(event)
	s.budget.resume()
	if err == nil {
		return nil
	}
	ours := &callerError{doing: "emit", err: err}
	s.stop(ours)
	return ours
}

// probe has one worker try to break out.
func (p *Processor) probe(ctx context.Context) error {
	request := wire.Request{Limits: wire.Limits(p.config.Limits), Insecure: p.config.Insecure, Probe: true}
	var report wire.Probe
	err := p.talk(ctx, request, photo{}, func(s *session) error {
		head, err := wire.ReadHead(s.stdout, 0)
		if err != nil {
			return err
		}
		if head.Kind == wire.KindFailure {
			return failed(head)
		}
		if head.Kind != wire.KindProbe {
			return fmt.Errorf("the worker answered %q to a probe", head.Kind)
		}
		return head.Decode(&report)
	})
	if err != nil || p.config.Insecure {
		return err
	}
	var leaks []error
	for _, r := range report.Refusals {
		if r.Errno == 0 {
			leaks = append(leaks, fmt.Errorf("the sandbox lets through: %s", r.Call))
		}
	}
	if len(report.Refusals) == 0 {
		leaks = append(leaks, errors.New("the worker tried nothing"))
	}
	if len(leaks) > 0 {
		return p.fail(SandboxUnavailable, errors.Join(leaks...))
	}
	return nil
}
