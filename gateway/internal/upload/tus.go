package upload

import (
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// Where the handler of the tus protocol belongs in an http.ServeMux.
const (
	TusPattern       = "/upload/v1/sites/{site}/photos/tus"
	TusUploadPattern = "/upload/v1/sites/{site}/photos/tus/{upload}"
)

// Headers of the protocol, https://tus.io/protocols/resumable-upload version
// 1.0.0, and our own one.
const (
	tusVersion      = "1.0.0"
	tusContentType  = "application/offset+octet-stream"
	headerResumable = "Tus-Resumable"
	headerOffset    = "Upload-Offset"
	headerLength    = "Upload-Length"
	headerMetadata  = "Upload-Metadata"
	headerExpires   = "Upload-Expires"
	// HeaderPhoto names the photo that an upload became.
	HeaderPhoto = "Skaitykla-Photo"
)

// NewTus returns the handler for TusPattern and TusUploadPattern: the core of
// tus 1.0.0 with creation, termination and expiration, over the Upload methods
// of the media service, where all state is. The upload becomes a photo when
// its last byte is there; what is no photo is refused then. Names in
// Upload-Metadata are those of [Fields].
func NewTus(config Config) http.Handler { return &tus{newHandler(config)} }

type tus struct{ *handler }

// ServeHTTP implements http.Handler.
func (h *tus) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set(headerResumable, tusVersion)
	header.Set("Cache-Control", "no-store")
	method := r.Method
	if instead := r.Header.Get("X-HTTP-Method-Override"); instead != "" && method == http.MethodPost {
		method = instead
	}
	if method == http.MethodOptions {
		header.Set("Tus-Version", tusVersion)
		header.Set("Tus-Extension", "creation,termination,expiration")
		header.Set("Tus-Max-Size", strconv.FormatInt(h.config.MaxBytes, 10))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	if r.Header.Get(headerResumable) != tusVersion {
		header.Set("Tus-Version", tusVersion)
		err := fault.InvalidField(headerResumable, "send the version of the protocol, %s", tusVersion)
		reply.Send(w, reply.Status(r, err), http.StatusPreconditionFailed)
		return
	}
	if err := h.answer(w, r, method); err != nil {
		fail(w, r, readError(err))
	}
}

// answer calls what the method asks for.
func (h *tus) answer(w http.ResponseWriter, r *http.Request, method string) error {
	conn := http.NewResponseController(w)
	// Where there is no connection to set it on, the server's own limits hold.
	_ = conn.SetWriteDeadline(time.Now().Add(2*h.config.Timeout + h.config.Idle))
	r.Body = &patient{
		ReadCloser: http.MaxBytesReader(w, r.Body, h.config.MaxBytes), conn: conn, idle: h.config.Idle,
		end: time.Now().Add(h.config.Timeout),
	}
	one := r.PathValue("upload") != ""
	switch {
	case method == http.MethodPost && !one:
		return h.create(w, r)
	case method == http.MethodHead && one:
		return h.head(w, r)
	case method == http.MethodPatch && one:
		return h.patch(w, r)
	case method == http.MethodDelete && one:
		return h.terminate(w, r)
	}
	w.Header().Set("Allow", "OPTIONS, POST")
	if one {
		w.Header().Set("Allow", "OPTIONS, HEAD, PATCH, DELETE")
	}
	err := fault.New(faultv1.Reason_REASON_UNIMPLEMENTED, "POST creates an upload; HEAD, PATCH and DELETE are for its address")
	reply.Send(w, reply.Status(r, err), http.StatusMethodNotAllowed)
	return nil
}

// fail answers an error. That others are uploading is told with 503 instead of
// 429, for clients of the protocol give up after a 4xx but 409 and 423.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	s := reply.Status(r, err)
	code := reply.Code(s, false)
	if code == http.StatusTooManyRequests {
		code = http.StatusServiceUnavailable
	}
	reply.Send(w, s, code)
}

// create begins an upload.
func (h *tus) create(w http.ResponseWriter, r *http.Request) error {
	size, err := number(r, headerLength)
	if err != nil {
		return err
	}
	description, err := metadata(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.config.Timeout)
	defer cancel()
	u, err := h.media.CreateUpload(reply.Outgoing(ctx, r), &mediav1.CreateUploadRequest{
		Parent: description.GetParent(), RequestId: description.GetRequestId(),
		Upload: &mediav1.Upload{
			PhotoId: description.GetPhotoId(), Photo: description.GetPhoto(), SizeBytes: size,
			Sha256: description.GetSha256(), DuplicatePolicy: description.GetDuplicatePolicy(),
		},
	})
	if err != nil {
		return err
	}
	tell(w, u)
	w.Header().Set("Location", r.URL.Path+"/"+idOf(u.GetName()))
	w.WriteHeader(http.StatusCreated)
	return nil
}

// head says how far an upload is. One whose bytes are all there, but which was
// not made a photo because something was away, is made one now: to the client
// it is complete, and no other call will come.
func (h *tus) head(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(reply.Outgoing(r.Context(), r), h.config.Timeout)
	defer cancel()
	u, err := h.media.GetUpload(ctx, &mediav1.GetUploadRequest{Name: uploadName(r)})
	if err != nil {
		return err
	}
	if err := h.complete(ctx, w, u); err != nil {
		return err
	}
	tell(w, u)
	w.Header().Set(headerLength, strconv.FormatInt(u.GetSizeBytes(), 10))
	if text := encodeMetadata(u); text != "" {
		w.Header().Set(headerMetadata, text)
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// patch takes bytes. What arrived counts also when the client is gone, and the
// call goes on without it.
func (h *tus) patch(w http.ResponseWriter, r *http.Request) error {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != tusContentType {
		return fault.New(faultv1.Reason_REASON_IMAGE_UNSUPPORTED, "send the bytes as Content-Type: %s", tusContentType)
	}
	offset, err := number(r, headerOffset)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(reply.Outgoing(context.WithoutCancel(r.Context()), r), 2*h.config.Timeout)
	defer cancel()
	stream, err := h.media.AppendUpload(ctx)
	if err != nil {
		return err
	}
	first := &mediav1.AppendTarget{Name: uploadName(r), OffsetBytes: offset}
	err = stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Target{Target: first}})
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	cut := send(r.Body, func(chunk []byte) error {
		return stream.Send(&mediav1.AppendUploadRequest{Data: &mediav1.AppendUploadRequest_Chunk{Chunk: chunk}})
	})
	u, err := stream.CloseAndRecv()
	if err := errors.Join(err, cut); err != nil {
		return err
	}
	if err := h.complete(ctx, w, u); err != nil {
		return err
	}
	tell(w, u)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// complete makes a photo of an upload whose bytes are all there.
func (h *tus) complete(ctx context.Context, w http.ResponseWriter, u *mediav1.Upload) error {
	if u.GetOffsetBytes() != u.GetSizeBytes() {
		return nil
	}
	photo := u.GetResultPhoto()
	if photo == "" {
		p, err := h.media.FinishUpload(ctx, &mediav1.FinishUploadRequest{Name: u.GetName()})
		if err != nil {
			return err
		}
		photo = p.GetName()
	}
	w.Header().Set(HeaderPhoto, photo)
	return nil
}

// terminate gives an upload up.
func (h *tus) terminate(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), h.config.Timeout)
	defer cancel()
	if _, err := h.media.DeleteUpload(reply.Outgoing(ctx, r), &mediav1.DeleteUploadRequest{Name: uploadName(r)}); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// tell sets the headers that every answer about an upload has.
func tell(w http.ResponseWriter, u *mediav1.Upload) {
	w.Header().Set(headerOffset, strconv.FormatInt(u.GetOffsetBytes(), 10))
	w.Header().Set(headerExpires, u.GetExpireTime().AsTime().Format(http.TimeFormat))
}
