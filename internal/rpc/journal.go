package rpc

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// journal writes one line for each call. It names no addresses and no content.
type journal struct{ log *slog.Logger }

func (j *journal) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	start := time.Now()
	resp, err := handler(ctx, req)
	j.write(ctx, start, err)
	return resp, err
}

func (j *journal) stream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	start := time.Now()
	err := handler(srv, stream)
	j.write(stream.Context(), start, err)
	return err
}

func (j *journal) write(ctx context.Context, start time.Time, err error) {
	c := callFrom(ctx)
	s := status.Convert(err)
	level := levelOf(c.method, s.Code())
	if errors.Is(c.cause, errStopping) {
		level = slog.LevelInfo // nothing is wrong: somebody stopped the service
	}
	if !j.log.Enabled(ctx, level) {
		return
	}
	// Made by hand, since LogAttrs would look for the line of code.
	now := time.Now()
	line := slog.NewRecord(now, level, "call", 0)
	line.AddAttrs(
		slog.String("method", c.method),
		slog.String("code", s.Code().String()),
		slog.Duration("duration", now.Sub(start)),
		slog.String("request_id", c.requestID),
	)
	if c.principal.ID != "" {
		line.AddAttrs(slog.String("principal", c.principal.ID))
	}
	if err != nil {
		line.AddAttrs(slog.String("reason", infoOf(s).GetReason()))
	}
	if level >= slog.LevelWarn && c.cause != nil {
		line.AddAttrs(slog.Any("error", c.cause))
		if p, ok := errors.AsType[*panicError](c.cause); ok {
			line.AddAttrs(slog.String("stack", p.stack))
		}
	}
	_ = j.log.Handler().Handle(ctx, line) // a log that cannot be written is nobody's error here
}

// levelOf keeps defects apart from what callers do wrong, and probes of health
// out of the log.
func levelOf(method string, code codes.Code) slog.Level {
	switch code {
	case codes.Internal, codes.DataLoss, codes.Unknown:
		return slog.LevelError
	case codes.Unavailable, codes.DeadlineExceeded:
		return slog.LevelWarn
	default:
		if exempt(method) {
			return slog.LevelDebug
		}
		return slog.LevelInfo
	}
}
