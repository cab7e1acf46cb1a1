package permissions_test

import (
	"context"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/skaitykla/skaitykla/internal/auth"
	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// operationRows is the part of the table about long work on the archive.
func operationRows() []row {
	const operators = "tddddydd"
	return []row{
		{"VerifyPhotos", "", nil, operators, func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.VerifyPhotos(ctx, &mediav1.VerifyPhotosRequest{Parent: library})
			return err
		}},
		{"ReprocessPhotos", "", nil, operators, func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.ReprocessPhotos(ctx, &mediav1.ReprocessPhotosRequest{Parent: library, Filter: "tags:nieko"})
			return err
		}},
		{"GetOperation", "", nil, operators, func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: begun(s)})
			return err
		}},
		{"ListOperations", "", nil, operators, func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: library})
			return err
		}},
		{"CancelOperation", "", nil, operators, func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			_, err := c.media.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: begun(s)})
			return err
		}},
	}
}

// begun returns an operation, the same each time.
func begun(s *suite) string {
	s.t.Helper()
	op, err := s.as(person(auth.Operator, auth.EverySite)).media.VerifyPhotos(s.t.Context(), &mediav1.VerifyPhotosRequest{
		Parent: library, RequestId: "0b5fd0ad-5a4c-4e0f-9a5e-6a1f3bd2f001",
	})
	if err != nil {
		s.t.Fatalf("begin an operation: %v", err)
	}
	return op.GetName()
}
