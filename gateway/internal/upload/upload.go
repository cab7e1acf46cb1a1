// Package upload takes photographs over HTTP and passes them on to the media
// service as they arrive, never whole in memory. A request takes one of two
// forms:
//
//	POST /upload/v1/sites/{site}/photos?photoId=fgj&languageCode=lt&alt=...
//	Content-Type: image/jpeg
//
// with the file as the body, or multipart/form-data with the same parameters
// as form fields, and the file as the part "file", which comes last. A file
// that is the body may come with its hash in Repr-Digest or Content-Digest. The
// parameters, in camelCase or snake_case, are those of [Fields]; in a form, the
// parameter photo is a whole Photo in JSON instead of the single texts. An
// answer is the Photo in JSON; requestId makes a retry idempotent.
//
// When the request is cut off, the upload is called off and nothing is stored.
// Over a line that breaks, the tus protocol goes on where it did; see [NewTus].
package upload

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"google.golang.org/grpc"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Pattern is where the handler belongs in an http.ServeMux.
const Pattern = "POST /upload/v1/sites/{site}/photos"

// Defaults of Config.
const (
	// DefaultMaxBytes is the largest request; the media service has its own,
	// lower limit for files.
	DefaultMaxBytes = 256 << 20
	// DefaultIdle is how long a client may send nothing.
	DefaultIdle = 30 * time.Second
	// DefaultTimeout is how long an upload may take with its processing.
	DefaultTimeout = 10 * time.Minute
)

// chunkSize is the size of the messages to the media service.
const chunkSize = 256 << 10

// Config is what the handler needs. Media is required; the zero value of the
// rest works.
type Config struct {
	// Media is a connection to the media service.
	Media grpc.ClientConnInterface
	// MaxBytes limits a request.
	MaxBytes int64
	// Idle limits the time between two pieces of a request.
	Idle time.Duration
	// Timeout limits the arrival of a request, and each upload as a whole.
	Timeout time.Duration
}

type handler struct {
	config Config
	media  mediav1.MediaServiceClient
}

// New returns the handler for Pattern.
func New(config Config) http.Handler { return newHandler(config) }

func newHandler(config Config) *handler {
	if config.MaxBytes == 0 {
		config.MaxBytes = DefaultMaxBytes
	}
	if config.Idle == 0 {
		config.Idle = DefaultIdle
	}
	if config.Timeout == 0 {
		config.Timeout = DefaultTimeout
	}
	return &handler{config, mediav1.NewMediaServiceClient(config.Media)}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength > h.config.MaxBytes {
		reply.Error(w, r, tooLarge())
		return
	}
	conn := http.NewResponseController(w)
	// Where there is no connection to set it on, the server's own limits hold.
	_ = conn.SetWriteDeadline(time.Now().Add(h.config.Timeout + h.config.Idle))
	r.Body = &patient{ReadCloser: http.MaxBytesReader(w, r.Body, h.config.MaxBytes), conn: conn, idle: h.config.Idle, end: time.Now().Add(h.config.Timeout)}
	file, err := open(r)
	if err != nil {
		reply.Error(w, r, readError(err))
		return
	}
	photo, err := h.pass(r, file)
	if err != nil {
		reply.Error(w, r, readError(err))
		return
	}
	data, err := reply.Marshal(photo)
	if err != nil {
		reply.Error(w, r, err)
		return
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-store")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("ETag", strconv.Quote(photo.GetEtag()))
	header.Set("Location", "/v1/"+photo.GetName())
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write(data) //nolint:gosec // JSON, sent as such with nosniff; the client may be gone
}

// pass sends the file on. Whatever goes wrong here ends the call with its
// context, so that the media service never takes a part for the whole.
func (h *handler) pass(r *http.Request, file *source) (*mediav1.Photo, error) {
	ctx, cancel := context.WithTimeout(r.Context(), h.config.Timeout)
	defer cancel()
	stream, err := h.media.UploadPhoto(reply.Outgoing(ctx, r))
	if err != nil {
		return nil, err
	}
	first := &mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Description{Description: file.description}}
	if err := stream.Send(first); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if err := send(file.bytes, func(chunk []byte) error {
		return stream.Send(&mediav1.UploadPhotoRequest{Data: &mediav1.UploadPhotoRequest_Chunk{Chunk: chunk}})
	}); err != nil {
		return nil, err
	}
	if err := file.end(); err != nil {
		return nil, err
	}
	return stream.CloseAndRecv()
}

// send copies the file into a stream by its messages. When the service has
// answered already, that says io.EOF and the answer is to be received, so that
// is no error here.
func send(file io.Reader, message func(chunk []byte) error) error {
	buffer := make([]byte, chunkSize)
	for {
		n, err := fill(file, buffer)
		if n > 0 {
			if err := message(buffer[:n]); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}

// fill reads until the buffer is full or reading fails. Unlike io.ReadFull it
// keeps the reader's own error: a file that ended and one that was cut off are
// not the same.
func fill(r io.Reader, buffer []byte) (int, error) {
	n := 0
	for n < len(buffer) {
		m, err := r.Read(buffer[n:])
		n += m
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// readError gives errors of reading the request their reason.
func readError(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fault.Wrap(err, faultv1.Reason_REASON_DEADLINE_EXCEEDED, "the request took too long to arrive; send it again over a faster line")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return fault.Wrap(err, faultv1.Reason_REASON_IMAGE_DAMAGED, "the request ended before the file did; send it again")
	}
	return err
}

func tooLarge() error {
	return fault.New(faultv1.Reason_REASON_IMAGE_TOO_LARGE, "the request is larger than the limit; send a smaller file")
}
