package importer

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/manuscript"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// chunk is how much of a picture one message carries.
const chunk = 256 << 10

// picture is a file beside the manuscript.
type picture struct {
	path   string
	sha256 string
	size   int64
}

// photo is the name of the photo that a picture gets unless the site has its
// bytes already. It is made from the bytes, so that two imports at once upload
// the same picture once.
func (p picture) photo(site string) string {
	const digits = 24
	return site + "/photos/p-" + p.sha256[:digits]
}

// pictures uploads what is not there yet and puts the photos' names into the
// placements. Files are opened only below the manuscript's folder. Every
// picture is read before the first is sent, so that a missing one is found
// while nothing has happened.
func pictures(ctx context.Context, suite Suite, dir string, m *manuscript.Manuscript, o Options) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	names := map[string]string{}
	var files []picture
	var problems error
	for _, p := range m.Pictures() {
		file, err := measure(root, p)
		if err != nil {
			problems = errors.Join(problems, fmt.Errorf("%w %s: %w", ErrPicture, p, err))
			continue
		}
		files = append(files, file)
	}
	if problems != nil {
		return problems
	}
	var missing []picture
	for _, file := range files {
		known, err := library(ctx, suite, file, o.Site.GetName())
		if err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
		if known == "" {
			known, missing = file.photo(o.Site.GetName()), append(missing, file)
		}
		names[file.path] = known
	}
	for p := range manuscript.Placements(m.Article) {
		p.Photo = names[p.GetPhoto()]
	}
	if o.DryRun {
		return nil
	}
	for _, file := range missing {
		if err := ensure(ctx, suite, root, file, o); err != nil {
			return fmt.Errorf("%s: %w", file.path, err)
		}
	}
	return nil
}

func measure(root *os.Root, name string) (picture, error) {
	f, err := open(root, name, maxPicture)
	if err != nil {
		return picture{}, err
	}
	defer f.Close()
	hash := sha256.New()
	size, err := io.Copy(hash, io.LimitReader(f, maxPicture))
	if err != nil {
		return picture{}, err
	}
	return picture{path: name, sha256: hex.EncodeToString(hash.Sum(nil)), size: size}, nil
}

// ensure uploads the picture, unless another import of the same bytes is faster.
func ensure(ctx context.Context, suite Suite, root *os.Root, p picture, o Options) error {
	err := upload(ctx, suite, root, p, o)
	if status.Code(err) == codes.AlreadyExists {
		return nil
	}
	return err
}

func upload(ctx context.Context, suite Suite, root *os.Root, p picture, o Options) error {
	f, err := open(root, p.path, maxPicture)
	if err != nil {
		return err
	}
	defer f.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := suite.Photos.UploadPhoto(ctx)
	if err != nil {
		return err
	}
	photo := &mediav1.Photo{}
	if o.Photo != nil {
		photo = proto.CloneOf(o.Photo)
	}
	photo.Filename = path.Base(p.path)
	description := &mediav1.UploadDescription{
		Parent: o.Site.GetName(), PhotoId: path.Base(p.photo(o.Site.GetName())),
		Photo: photo, SizeBytes: p.size, Sha256: p.sha256,
		// The article names the photo by this id, whatever got its bytes meanwhile.
		DuplicatePolicy: mediav1.DuplicatePolicy_DUPLICATE_POLICY_ALLOW,
	}
	err = stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: description}})
	buffer := make([]byte, chunk)
	for sent := int64(0); err == nil; {
		if o.Progress != nil {
			o.Progress(p.path, sent, p.size)
		}
		n, readErr := io.ReadFull(f, buffer)
		if n > 0 {
			err = stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: buffer[:n]}})
			sent += int64(n)
		}
		if errors.Is(readErr, io.EOF) || errors.Is(readErr, io.ErrUnexpectedEOF) {
			break
		}
		if readErr != nil {
			return readErr
		}
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	// After an early end of the stream the reply tells why.
	_, err = stream.CloseAndRecv()
	return err
}
