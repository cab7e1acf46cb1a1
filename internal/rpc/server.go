package rpc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"
)

// streamWorkers is how many goroutines wait for calls. They keep the stacks that
// earlier calls made grow, and copying a growing stack is a tenth of a short
// call. More calls at a time, such as those of many watchers, get new ones.
const streamWorkers = 64

// Server is a gRPC server with the chain of interceptors that the package
// comment lists, the health service and, unless it is turned off, reflection.
type Server struct {
	config Config
	grpc   *grpc.Server
	health *health.Server
}

// NewServer returns a server of the services that register registers on it:
//
//	rpc.NewServer(config, func(r grpc.ServiceRegistrar) {
//		articlev1.RegisterArticleServiceServer(r, articles)
//	})
//
// It fails when a method does not name a known permission.
func NewServer(config Config, register func(grpc.ServiceRegistrar)) (*Server, error) {
	if config.Log == nil {
		return nil, errors.New("rpc: Config.Log is required")
	}
	config, err := config.withDefaults()
	if err != nil {
		return nil, err
	}
	services := &registrar{}
	register(services)
	table, err := newAccessTable(services.names())
	if err != nil {
		return nil, err
	}
	validate, err := newValidator(services.names(), config.Messages)
	if err != nil {
		return nil, err
	}
	s := &Server{config: config, health: health.NewServer()}
	s.grpc = grpc.NewServer(s.options(&gate{verifier: config.Verifier, table: table}, validate)...)
	services.registerOn(s.grpc)
	healthv1.RegisterHealthServer(s.grpc, s.health)
	for _, name := range services.names() {
		s.health.SetServingStatus(name, healthv1.HealthCheckResponse_SERVING)
	}
	if !config.NoReflection {
		reflection.Register(s.grpc)
	}
	return s, nil
}

// options is the production configuration of the gRPC server.
func (s *Server) options(g *gate, v *validator) []grpc.ServerOption {
	journal := &journal{log: s.config.Log}
	errs := &translator{messages: s.config.Messages}
	limit := &limiter{timeout: s.config.Timeout}
	options := []grpc.ServerOption{
		grpc.ForceServerCodecV2(newServerCodec(s.config.MaxRequest)),
		grpc.ChainUnaryInterceptor(replyUnary, requestIDUnary, journal.unary, errs.unary,
			recoverUnary, limit.unary, g.unary, v.unary),
		grpc.ChainStreamInterceptor(replyStream, requestIDStream, journal.stream, errs.stream,
			recoverStream, limit.stream, g.stream, v.stream),
		grpc.UnknownServiceHandler(unknownMethod),
		// Fewer, larger writes of renditions.
		grpc.WriteBufferSize(128 << 10),
		grpc.NumStreamWorkers(streamWorkers),
		// Beyond the limit of the codec, which answers with a reason.
		grpc.MaxRecvMsgSize(2 * s.config.MaxRequest),
		grpc.MaxSendMsgSize(s.config.MaxReply),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{
			MinTime: 10 * time.Second, PermitWithoutStream: true,
		}),
		grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute, Timeout: 20 * time.Second}),
		grpc.ConnectionTimeout(20 * time.Second),
	}
	if s.config.TLS != nil {
		options = append(options, grpc.Creds(credentials.NewTLS(s.config.TLS)))
	}
	return options
}

// SetServing tells the health service whether the named service, or with ""
// the whole server, can serve.
func (s *Server) SetServing(service string, serving bool) {
	status := healthv1.HealthCheckResponse_NOT_SERVING
	if serving {
		status = healthv1.HealthCheckResponse_SERVING
	}
	s.health.SetServingStatus(service, status)
}

// Serve serves on the listener, which it closes, until ctx ends. Then health
// says NOT_SERVING, new calls are refused, calls in progress may end within the
// grace time and are cut off after it. It returns nil after such an end. Call
// it once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if s.config.TLS == nil && !s.config.Insecure && !loopback(l.Addr()) {
		return errors.Join(fmt.Errorf("serve on %s: refused without TLS off loopback; "+
			"configure certificates, listen on 127.0.0.1 or allow insecure connections", l.Addr()), l.Close())
	}
	stopped := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(stopped)
		s.stop()
	})
	err := s.grpc.Serve(l)
	if release() {
		s.health.Shutdown()
		s.grpc.Stop()
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	}
	<-stopped
	return nil
}

// stop ends the server in order.
func (s *Server) stop() {
	s.health.Shutdown()
	force := time.AfterFunc(s.config.Grace, s.grpc.Stop)
	defer force.Stop()
	s.grpc.GracefulStop()
}
