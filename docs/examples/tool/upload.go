package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// chunk is how much of a file one message carries.
const chunk = 256 << 10

// upload streams a photo to a site, without holding it in memory, and prints
// the name that articles use.
func (s *suite) upload(ctx context.Context, site, path, alt string, out io.Writer) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	size, err := io.Copy(sum, file)
	if err != nil {
		return err
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	stream, err := s.photos.UploadPhoto(ctx)
	if err != nil {
		return err
	}
	description := &mediav1.UploadDescription{
		Parent: "sites/" + site, SizeBytes: size, Sha256: hex.EncodeToString(sum.Sum(nil)),
		Photo: &mediav1.Photo{Filename: filepath.Base(path), Alts: map[string]string{"lt": alt}},
	}
	err = stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: description}})
	for buffer := make([]byte, chunk); err == nil; {
		var n int
		n, err = io.ReadFull(file, buffer)
		if n > 0 {
			sent := stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: buffer[:n]}})
			if sent != nil {
				err = sent
			}
		}
	}
	// A server that refuses ends the stream: why, the answer tells.
	if !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	photo, err := stream.CloseAndRecv()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%s\t%d x %d\n", photo.GetName(), photo.GetWidth(), photo.GetHeight())
	return err
}
