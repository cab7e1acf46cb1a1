package photos

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/rpc"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const (
	// chunk is how much of a file one message carries.
	chunk = 256 << 10
	// stretch is how much one call brings: what progress knows to be safe, and
	// at most what is sent again after a break.
	stretch = 8 << 20
)

// one adds a file with that hash.
func (a *Adder) one(ctx context.Context, file File, sum string) (Result, error) {
	known, err := retried(ctx, func() (string, error) { return a.find(ctx, sum) })
	if err != nil {
		return Result{}, err
	}
	if known != "" {
		a.bytes(file.Size)
		return Result{Outcome: There, Photo: known}, nil
	}
	upload, err := retried(ctx, func() (*mediav1.Upload, error) { return a.open(ctx, file, sum) })
	if err != nil {
		return Result{}, err
	}
	a.bytes(upload.GetOffsetBytes())
	for at := upload.GetOffsetBytes(); at < file.Size; {
		upload, err = retried(ctx, func() (*mediav1.Upload, error) { return a.goOn(ctx, file, upload.GetName()) })
		if err != nil {
			return Result{}, err
		}
		a.bytes(upload.GetOffsetBytes() - at)
		at = upload.GetOffsetBytes()
	}
	p, err := retried(ctx, func() (*mediav1.Photo, error) {
		return a.Photos.FinishUpload(ctx, &mediav1.FinishUploadRequest{Name: upload.GetName()})
	})
	if reason(err) == faultv1.Reason_REASON_CHECKSUM_MISMATCH {
		return Result{}, fmt.Errorf("%w (%w)", ErrChanged, err)
	}
	if err != nil {
		return Result{}, err
	}
	if p.GetName() != a.Site+"/photos/"+upload.GetPhotoId() {
		return Result{Outcome: There, Photo: p.GetName()}, nil
	}
	return Result{Outcome: Added, Photo: p.GetName()}, nil
}

// find returns the name of a photo of the site with that content, "" for none.
func (a *Adder) find(ctx context.Context, sum string) (string, error) {
	list, err := a.Photos.ListPhotos(ctx, &mediav1.ListPhotosRequest{
		Parent: a.Site, Filter: fmt.Sprintf("sha256 = %q", sum), View: mediav1.PhotoView_PHOTO_VIEW_WORKING, PageSize: 1,
	})
	if err != nil || len(list.GetPhotos()) == 0 {
		return "", err
	}
	return list.GetPhotos()[0].GetName(), nil
}

// open begins the upload of a file or finds the one that an earlier run began.
func (a *Adder) open(ctx context.Context, file File, sum string) (*mediav1.Upload, error) {
	const digits = 32
	id := "add-" + sum[:digits]
	create := func(id string) (*mediav1.Upload, error) {
		photo := proto.CloneOf(a.Photo)
		if photo == nil {
			photo = &mediav1.Photo{}
		}
		photo.Filename = filepath.Base(file.Path)
		return a.Photos.CreateUpload(ctx, &mediav1.CreateUploadRequest{
			Parent: a.Site, UploadId: id, Upload: &mediav1.Upload{SizeBytes: file.Size, Sha256: sum, Photo: photo},
		})
	}
	upload, err := create(id)
	if status.Code(err) != codes.AlreadyExists {
		return upload, err
	}
	upload, err = a.Photos.GetUpload(ctx, &mediav1.GetUploadRequest{Name: a.Site + "/uploads/" + id})
	switch {
	case status.Code(err) == codes.NotFound, err == nil && upload.GetSha256() != sum:
		return create("") // it is somebody else's
	case err == nil && upload.GetState() == mediav1.Upload_STATE_FINISHED:
		// Its photo was there and is gone.
		if _, err := a.Photos.DeleteUpload(ctx, &mediav1.DeleteUploadRequest{Name: upload.GetName()}); err != nil {
			return nil, err
		}
		return create(id)
	}
	return upload, err
}

// goOn sends the next stretch of a file, from where the upload stands.
func (a *Adder) goOn(ctx context.Context, file File, name string) (*mediav1.Upload, error) {
	upload, err := a.Photos.GetUpload(ctx, &mediav1.GetUploadRequest{Name: name})
	if err != nil || upload.GetOffsetBytes() == file.Size {
		return upload, err
	}
	source, err := os.Open(file.Path)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := a.Photos.AppendUpload(ctx)
	if err != nil {
		return nil, err
	}
	at := upload.GetOffsetBytes()
	err = stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Target{
		Target: &mediav1.AppendTarget{Name: name, OffsetBytes: at},
	}})
	buffer := make([]byte, chunk)
	for end := min(at+stretch, file.Size); err == nil && at < end; {
		n, failed := source.ReadAt(buffer[:min(chunk, end-at)], at)
		if n == 0 {
			if errors.Is(failed, io.EOF) {
				return nil, ErrChanged
			}
			return nil, failed
		}
		at += int64(n)
		err = stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Chunk{Chunk: buffer[:n]}})
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	// After an early end of the stream the reply tells why.
	return stream.CloseAndRecv()
}

// reason is the typed reason of an error of a service.
func reason(err error) faultv1.Reason {
	if err == nil {
		return faultv1.Reason_REASON_UNSPECIFIED
	}
	return rpc.FromStatus(err).Reason
}
