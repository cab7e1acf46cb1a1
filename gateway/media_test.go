package gateway_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// mediaService keeps files in memory by the address of the gateway.
type mediaService struct {
	mediav1.UnimplementedMediaServiceServer

	mu      sync.Mutex
	files   map[string]file // by "sites/x/photos/y/generation/640.jpg"
	sent    atomic.Int64    // bytes given out
	begun   chan struct{}   // a first chunk arrived
	uploads chan upload
}

type file struct {
	content   []byte
	mimeType  string
	published bool
	signature string
}

// upload is how an upload ended.
type upload struct {
	description *mediav1.UploadDescription
	size        int
	largest     int // chunk
	sha256      string
	err         error
}

func newMediaService() *mediaService {
	return &mediaService{files: map[string]file{}, uploads: make(chan upload, 8), begun: make(chan struct{}, 8)}
}

// put adds a JPEG and returns its address.
func (s *mediaService) put(name string, width int, f file) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[fmt.Sprintf("%s/g1/%d.jpg", name, width)] = f
	address := strings.NewReplacer("sites/", "/media/", "/photos/", "/").Replace(name)
	return fmt.Sprintf("%s/g1/%d.jpg", address, width)
}

const chunk = 256 << 10

func (s *mediaService) ReadRendition(req *mediav1.ReadRenditionRequest, stream grpc.ServerStreamingServer[mediav1.ReadRenditionResponse]) error {
	ending := map[mediav1.Rendition_Crop]string{
		mediav1.Rendition_CROP_WIDE: "-wide", mediav1.Rendition_CROP_CLASSIC: "-classic",
		mediav1.Rendition_CROP_SQUARE: "-square", mediav1.Rendition_CROP_SOCIAL: "-social",
	}[req.GetCrop()] + "." + map[mediav1.Rendition_Format]string{
		mediav1.Rendition_FORMAT_JPEG: "jpg", mediav1.Rendition_FORMAT_WEBP: "webp", mediav1.Rendition_FORMAT_AVIF: "avif",
	}[req.GetFormat()]
	s.mu.Lock()
	f, ok := s.files[fmt.Sprintf("%s/%s/%d%s", req.GetPhoto(), req.GetGeneration(), req.GetWidth(), ending)]
	s.mu.Unlock()
	switch {
	case !ok, !f.published && req.GetSignature() == "":
		return fault.NotFound(req.GetPhoto())
	case !f.published && req.GetSignature() != f.signature:
		return fault.New(faultv1.Reason_REASON_SIGNATURE_INVALID, "the signature is wrong or has expired; read the photo again")
	}
	sum := sha256.Sum256(f.content)
	head := &mediav1.RenditionHead{
		MimeType: f.mimeType, SizeBytes: int64(len(f.content)), Etag: hex.EncodeToString(sum[:8]), Published: f.published,
	}
	rest := f.content[min(int(req.GetReadOffset()), len(f.content)):]
	if limit := int(req.GetReadLimit()); limit > 0 {
		rest = rest[:min(limit, len(rest))]
	}
	for first := true; first || len(rest) > 0; first = false {
		n := min(chunk, len(rest))
		if err := stream.Send(&mediav1.ReadRenditionResponse{Head: head, Chunk: rest[:n]}); err != nil {
			return err
		}
		s.sent.Add(int64(n))
		rest, head = rest[n:], nil
	}
	return nil
}

// ReadSocialCard gives out what is kept by the name of a card and generation.
func (s *mediaService) ReadSocialCard(req *mediav1.ReadSocialCardRequest, stream grpc.ServerStreamingServer[mediav1.ReadSocialCardResponse]) error {
	s.mu.Lock()
	f, ok := s.files[req.GetName()+"/"+req.GetGeneration()]
	s.mu.Unlock()
	if !ok {
		return fault.NotFound(req.GetName())
	}
	rest := f.content[min(int(req.GetReadOffset()), len(f.content)):]
	if limit := int(req.GetReadLimit()); limit > 0 {
		rest = rest[:min(limit, len(rest))]
	}
	head := &mediav1.RenditionHead{MimeType: f.mimeType, SizeBytes: int64(len(f.content)), Etag: "e1", Published: true}
	return stream.Send(&mediav1.ReadSocialCardResponse{Head: head, Chunk: rest})
}

// GetSocialCard knows one generation, the newest.
func (s *mediaService) GetSocialCard(_ context.Context, req *mediav1.GetSocialCardRequest) (*mediav1.SocialCard, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.files[req.GetName()+"/g1"]; !ok {
		return nil, fault.NotFound(req.GetName())
	}
	site, article, _ := strings.Cut(strings.TrimPrefix(req.GetName(), "sites/"), "/socialCards/")
	return &mediav1.SocialCard{Name: req.GetName(), Generation: "g1", Uri: "/media/" + site + "/-/" + article + "/g1.jpg"}, nil
}

func (s *mediaService) GetPhoto(_ context.Context, req *mediav1.GetPhotoRequest) (*mediav1.Photo, error) {
	return nil, fault.Denied("photo.read_working")
}

func (s *mediaService) UploadPhoto(stream grpc.ClientStreamingServer[mediav1.UploadPhotoRequest, mediav1.Photo]) error {
	got := upload{}
	hash := sha256.New()
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			got.err = err
			s.uploads <- got
			return err
		}
		if m.GetDescription() != nil {
			got.description = proto.CloneOf(m.GetDescription())
			continue
		}
		if got.size == 0 {
			s.begun <- struct{}{}
		}
		hash.Write(m.GetChunk())
		got.size += len(m.GetChunk())
		got.largest = max(got.largest, len(m.GetChunk()))
	}
	got.sha256 = hex.EncodeToString(hash.Sum(nil))
	s.uploads <- got
	photo := proto.CloneOf(got.description.GetPhoto())
	photo.Name = got.description.GetParent() + "/photos/" + got.description.GetPhotoId()
	photo.Sha256, photo.SizeBytes, photo.Etag = got.sha256, int64(got.size), "p1"
	return stream.SendAndClose(photo)
}
