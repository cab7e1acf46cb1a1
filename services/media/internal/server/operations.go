package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	rpcstatus "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/filter"
	"github.com/skaitykla/skaitykla/internal/list"
	"github.com/skaitykla/skaitykla/internal/replay"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/operations"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// VerifyPhotos implements the contract.
func (s *Server) VerifyPhotos(ctx context.Context, req *mediav1.VerifyPhotosRequest) (*longrunningpb.Operation, error) {
	return s.begin(ctx, req, mediav1.MediaService_VerifyPhotos_FullMethodName, &recordv1.Operation{
		Name: newOperation(req.GetParent(), "verify"), Verify: req, Found: &mediav1.VerifyPhotosResponse{},
	})
}

// ReprocessPhotos implements the contract.
func (s *Server) ReprocessPhotos(ctx context.Context, req *mediav1.ReprocessPhotosRequest) (*longrunningpb.Operation, error) {
	if _, err := operations.ParseFilter(req.GetFilter()); err != nil {
		return nil, err
	}
	return s.begin(ctx, req, mediav1.MediaService_ReprocessPhotos_FullMethodName, &recordv1.Operation{
		Name: newOperation(req.GetParent(), "reprocess"), Reprocess: req, Redone: &mediav1.ReprocessPhotosResponse{},
	})
}

// newOperation returns the name of a new operation of a site.
func newOperation(parent, kind string) string {
	return parent + "/operations/" + kind + "-" + strings.ToLower(rand.Text()[:16])
}

// operationRequest is a request that begins an operation.
type operationRequest interface {
	proto.Message
	GetParent() string
	GetRequestId() string
}

// begin stores an operation and has it worked on.
func (s *Server) begin(ctx context.Context, req operationRequest, method string, op *recordv1.Operation) (*longrunningpb.Operation, error) {
	op.Principal = auth.FromContext(ctx).ID
	op.Progress = &mediav1.OperationProgress{CreateTime: timestamppb.New(now())}
	op, err := s.Store.CreateOperation(ctx, op, replay.Request{
		Principal: op.GetPrincipal(), Method: method, Target: req.GetParent(), ID: req.GetRequestId(), Digest: replay.Digest(req),
	}, s.MaxOperations, now())
	if err != nil {
		return nil, err
	}
	s.Operations.Wake()
	return show(op)
}

// GetOperation implements the contract.
func (s *Server) GetOperation(ctx context.Context, req *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error) {
	op, err := s.operation(ctx, req.GetName())
	if err != nil {
		return nil, err
	}
	return show(op)
}

// operation returns the record of a name that a caller gave.
func (s *Server) operation(ctx context.Context, name string) (*recordv1.Operation, error) {
	if !regexp.MustCompile(`^sites/([a-z][a-z0-9-]{2,62}|-)/operations/[a-z][a-z0-9-]{2,62}$`).MatchString(name) {
		return nil, fault.InvalidField("name", "use the form sites/{site}/operations/{operation}")
	}
	return s.Store.Operation(ctx, name)
}

// ListOperations implements the contract. The messages of google.longrunning
// have no rules of ours, so the name is checked here.
func (s *Server) ListOperations(ctx context.Context, req *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	site, found := strings.CutPrefix(req.GetName(), "sites/")
	if !found || site != "-" && !regexp.MustCompile(`^[a-z][a-z0-9-]{2,62}$`).MatchString(site) {
		return nil, fault.InvalidField("name", "use the form sites/{site}, or sites/- for those over all sites")
	}
	p, err := list.NewPage(ctx, s.Sealer, req, req.GetName(), mediav1.MediaService_ListOperations_FullMethodName, operationFields())
	if err != nil {
		return nil, err
	}
	all, err := s.Store.Operations(ctx, site)
	if err != nil {
		return nil, err
	}
	ops, next, err := p.Gather(func(after []byte, limit int) ([]list.Item[*recordv1.Operation], error) {
		var batch []list.Item[*recordv1.Operation]
		for _, op := range all {
			if at := place(op); bytes.Compare(at, after) > 0 && len(batch) < limit {
				batch = append(batch, list.Item[*recordv1.Operation]{Position: at, Value: op})
			}
		}
		return batch, nil
	})
	if err != nil {
		return nil, err
	}
	response := &longrunningpb.ListOperationsResponse{NextPageToken: next}
	for _, op := range ops {
		shown, err := show(op)
		if err != nil {
			return nil, err
		}
		response.Operations = append(response.Operations, shown)
	}
	return response, nil
}

// place is where an operation stands in lists, newest first.
func place(op *recordv1.Operation) []byte {
	const end = 1 << 62
	return fmt.Appendf(nil, "%016x/%s", end-op.GetProgress().GetCreateTime().AsTime().UnixMicro(), op.GetName())
}

// operationFields are what operations can be filtered by.
func operationFields() filter.Fields[*recordv1.Operation] {
	return filter.Fields[*recordv1.Operation]{
		"done": filter.Bool(func(op *recordv1.Operation) bool { return op.GetProgress().GetEndTime() != nil }),
		"create_time": filter.Time(func(op *recordv1.Operation) *timestamppb.Timestamp {
			return op.GetProgress().GetCreateTime()
		}),
	}
}

// CancelOperation implements the contract.
func (s *Server) CancelOperation(ctx context.Context, req *longrunningpb.CancelOperationRequest) (*emptypb.Empty, error) {
	if _, err := s.operation(ctx, req.GetName()); err != nil {
		return nil, err
	}
	if err := s.Store.CancelOperation(ctx, req.GetName()); err != nil {
		return nil, err
	}
	s.Operations.Wake()
	return &emptypb.Empty{}, nil
}

// show returns what callers see of an operation.
func show(op *recordv1.Operation) (*longrunningpb.Operation, error) {
	shown := &longrunningpb.Operation{Name: op.GetName(), Done: op.GetProgress().GetEndTime() != nil}
	var metadata, response proto.Message
	if op.GetVerify() != nil {
		counts := proto.CloneOf(op.GetFound())
		counts.Problems = nil
		metadata, response = &mediav1.VerifyPhotosMetadata{Progress: op.GetProgress(), Findings: counts}, op.GetFound()
	} else {
		metadata, response = &mediav1.ReprocessPhotosMetadata{Progress: op.GetProgress()}, op.GetRedone()
	}
	var err error
	if shown.Metadata, err = anypb.New(metadata); err != nil {
		return nil, fmt.Errorf("encode the metadata of %s: %w", op.GetName(), err)
	}
	switch {
	case !shown.GetDone():
	case op.GetFailure() != "":
		shown.Result = failed(codes.Internal, op.GetFailure())
	case op.GetCanceled():
		shown.Result = failed(codes.Canceled, "the operation was canceled; what it did until then stays done")
	default:
		packed, err := anypb.New(response)
		if err != nil {
			return nil, fmt.Errorf("encode the result of %s: %w", op.GetName(), err)
		}
		shown.Result = &longrunningpb.Operation_Response{Response: packed}
	}
	return shown, nil
}

func failed(code codes.Code, message string) *longrunningpb.Operation_Error {
	return &longrunningpb.Operation_Error{Error: &rpcstatus.Status{Code: int32(code), Message: message}} //nolint:gosec // codes are small
}
