package rpc

import (
	"context"
	"errors"
	"fmt"

	"buf.build/go/protovalidate"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
)

// metaRule is the metadata that names the rule a field broke, and rulePattern
// the rule that its text must look like something.
const (
	metaRule    = "rule"
	rulePattern = "string.pattern"
)

// validator refuses requests with unknown fields or fields against the rules
// that the protos state.
type validator struct {
	rules    protovalidate.Validator
	shape    shape // of all requests
	messages Messages
}

// newValidator compiles the rules of all requests of the services, so that the
// first call is not slow and a bad rule stops the start. Patterns are told in the
// English of messages.
func newValidator(services []string, messages Messages) (*validator, error) {
	var requests []proto.Message
	known := make(shape)
	for method, err := range methodsOf(services) {
		if err != nil {
			return nil, err
		}
		m, err := newMessage(method.Input())
		if err != nil {
			return nil, err
		}
		requests = append(requests, m)
		known.learn(method.Input())
	}
	rules, err := protovalidate.New(protovalidate.WithMessages(requests...))
	if err != nil {
		return nil, fmt.Errorf("compile the rules of the protos: %w", err)
	}
	return &validator{rules: rules, shape: known, messages: messages}, nil
}

func (v *validator) unary(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := v.check(req); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func (v *validator) stream(srv any, stream grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	return handler(srv, &checkedStream{ServerStream: stream, check: v.check})
}

func (v *validator) check(req any) error {
	m, ok := req.(proto.Message)
	if !ok {
		return nil // reflection and health of other generations have no rules
	}
	if err := unreadable(m); err != nil {
		return err
	}
	if path, found := v.shape.unknown(m.ProtoReflect()); found {
		return fault.Invalid(path, faultv1.Reason_REASON_UNKNOWN_FIELD,
			"this server does not know this field; remove it or ask for a newer server")
	}
	err := v.rules.Validate(m)
	if err == nil {
		return nil
	}
	broken, ok := errors.AsType[*protovalidate.ValidationError](err)
	if !ok {
		return fault.Internal(err, "evaluate the rules of the protos")
	}
	errs := make([]error, len(broken.Violations))
	for i, violation := range broken.Violations {
		errs[i] = v.broken(violation)
	}
	return fault.Join(errs...)
}

// broken returns the Error for a rule that a field broke.
func (v *validator) broken(violation *protovalidate.Violation) *fault.Error {
	e := fault.InvalidField(protovalidate.FieldPathString(violation.Proto.GetField()), "%s", violation.Proto.GetMessage()).
		With(metaRule, violation.Proto.GetRuleId())
	if violation.Proto.GetRuleId() != rulePattern || !violation.RuleValue.IsValid() {
		return e
	}
	p, ok := patternOf(violation.RuleValue.String())
	if !ok {
		return e
	}
	e = e.With(metaPattern, p.key).With(metaExample, p.example)
	if text := v.messages("en", keyPattern+p.key, metaExample, p.example); text != "" {
		e.Message = text
	}
	return e
}

// checkedStream checks each message that arrives.
type checkedStream struct {
	grpc.ServerStream
	check func(any) error
}

// RecvMsg receives and checks one message.
func (s *checkedStream) RecvMsg(m any) error {
	if err := s.ServerStream.RecvMsg(m); err != nil {
		return err
	}
	return s.check(m)
}
