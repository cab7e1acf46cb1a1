package permissions_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// uploadRows is the part of the table about uploads in pieces: who began one
// goes on with it, and nobody else sees it.
func uploadRows() []row {
	const own = "tyhhhhdd"
	return []row{
		{"CreateUpload", "", nil, "tyyyyydd", func(ctx context.Context, _ *suite, c caller, _ *articlev1.Article) error {
			u, err := createUpload(ctx, c, 10)
			if err == nil {
				_, err = c.media.DeleteUpload(ctx, &mediav1.DeleteUploadRequest{Name: u.GetName()})
			}
			return err
		}},
		{"GetUpload", "", nil, own, getUpload},
		{"AppendUpload", "", nil, own, func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			return withUpload(ctx, s, func(u *mediav1.Upload, file []byte) error {
				return appendUpload(ctx, c, u, file)
			})
		}},
		{"FinishUpload", "", nil, own, func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			return withUpload(ctx, s, func(u *mediav1.Upload, file []byte) error {
				must(s.t, appendUpload(ctx, s.as(ona), u, file))
				_, err := c.media.FinishUpload(ctx, &mediav1.FinishUploadRequest{Name: u.GetName()})
				return err
			})
		}},
		{"DeleteUpload", "", nil, own, func(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
			return withUpload(ctx, s, func(u *mediav1.Upload, _ []byte) error {
				_, err := c.media.DeleteUpload(ctx, &mediav1.DeleteUploadRequest{Name: u.GetName()})
				return err
			})
		}},
	}
}

func getUpload(ctx context.Context, s *suite, c caller, _ *articlev1.Article) error {
	return withUpload(ctx, s, func(u *mediav1.Upload, _ []byte) error {
		_, err := c.media.GetUpload(ctx, &mediav1.GetUploadRequest{Name: u.GetName()})
		return err
	})
}

func createUpload(ctx context.Context, c caller, size int) (*mediav1.Upload, error) {
	return c.media.CreateUpload(ctx, &mediav1.CreateUploadRequest{Parent: library, Upload: &mediav1.Upload{SizeBytes: int64(size)}})
}

// withUpload calls do with an upload of ona's that has no bytes yet, and with
// its file.
func withUpload(ctx context.Context, s *suite, do func(*mediav1.Upload, []byte) error) error {
	var file bytes.Buffer
	must(s.t, jpeg.Encode(&file, image.NewGray(image.Rect(0, 0, 400, 300)), nil))
	u, err := createUpload(ctx, s.as(ona), file.Len())
	must(s.t, err)
	err = do(u, file.Bytes())
	// It may be gone already.
	_, _ = s.as(ona).media.DeleteUpload(ctx, &mediav1.DeleteUploadRequest{Name: u.GetName()})
	return err
}

func appendUpload(ctx context.Context, c caller, u *mediav1.Upload, file []byte) error {
	stream, err := c.media.AppendUpload(ctx)
	if err != nil {
		return err
	}
	for _, m := range []*mediav1.AppendUploadRequest{
		{Data: &mediav1.AppendUploadRequest_Target{Target: &mediav1.AppendTarget{Name: u.GetName()}}},
		{Data: &mediav1.AppendUploadRequest_Chunk{Chunk: file}},
	} {
		if err := stream.Send(m); err != nil {
			break // the answer, which CloseAndRecv returns, says why
		}
	}
	_, err = stream.CloseAndRecv()
	return err
}
