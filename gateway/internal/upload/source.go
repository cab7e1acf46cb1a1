package upload

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	faultv1 "github.com/skaitykla/skaitykla/proto/skaitykla/fault/v1"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

const (
	// filePart is the name of the part with the file.
	filePart = "file"
	// maxFields and maxField limit a form beside its file: the number of
	// fields, and the bytes of each.
	maxFields, maxField = 32, 64 << 10
)

// source is an upload whose description has been read and whose file has not.
type source struct {
	description *mediav1.UploadDescription
	bytes       io.Reader
	// end checks, after the file, that nothing follows it.
	end func() error
}

// open reads a request up to its file.
func open(r *http.Request) (*source, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, unsupported(r.Header.Get("Content-Type"))
	}
	form := newForm(r.PathValue("site"))
	for name, values := range r.URL.Query() {
		if len(values) != 1 {
			return nil, fault.InvalidField(name, "send it once")
		}
		if err := form.set(name, values[0]); err != nil {
			return nil, err
		}
	}
	if err := announce(r, form, kind != "multipart/form-data"); err != nil {
		return nil, err
	}
	switch {
	case kind == "multipart/form-data":
		return openForm(r, form)
	case strings.HasPrefix(kind, "image/"), kind == "application/octet-stream":
		if r.ContentLength > 0 {
			form.description.SizeBytes = r.ContentLength
		}
		description, err := form.finish()
		return &source{description, r.Body, func() error { return nil }}, err
	}
	return nil, unsupported(kind)
}

func unsupported(kind string) error {
	return fault.New(faultv1.Reason_REASON_IMAGE_UNSUPPORTED,
		"Content-Type %q is neither multipart/form-data nor image/*; send one of them", kind)
}

// openForm reads the fields before the file.
func openForm(r *http.Request, form *form) (*source, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, fault.InvalidField("body", "not a form: %v", err)
	}
	for range maxFields {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return nil, fault.InvalidField(filePart, "the form has no file; send it as the part %q", filePart)
		}
		if err != nil {
			return nil, partError(err)
		}
		if part.FormName() == filePart {
			form.filename(part.FileName())
			description, err := form.finish()
			return &source{description, part, func() error { return nothingAfter(parts) }}, err
		}
		value, err := io.ReadAll(io.LimitReader(part, maxField+1))
		if err != nil {
			return nil, partError(err)
		}
		if len(value) > maxField {
			return nil, fault.Invalid(part.FormName(), faultv1.Reason_REASON_TOO_LARGE, "longer than %d bytes; shorten it", maxField)
		}
		if err := form.set(part.FormName(), string(value)); err != nil {
			return nil, err
		}
	}
	return nil, fault.InvalidField("body", "more than %d fields before the file; send fewer", maxFields)
}

// nothingAfter refuses forms that describe the file after it, when the
// description has long been sent on.
func nothingAfter(parts *multipart.Reader) error {
	part, err := parts.NextPart()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return partError(err)
	}
	return fault.InvalidField(part.FormName(), "it comes after the file; put the file last")
}

// partError keeps what readError knows and explains the rest.
func partError(err error) error {
	_, limit := errors.AsType[*http.MaxBytesError](err)
	if limit || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, os.ErrDeadlineExceeded) {
		return err
	}
	return fault.InvalidField("body", "not a form: %v", err)
}

// patient reads a body whose sender may be slow, but not silent, nor slow
// without end.
type patient struct {
	io.ReadCloser
	conn *http.ResponseController
	idle time.Duration
	end  time.Time
}

// Read implements io.Reader.
func (p *patient) Read(b []byte) (int, error) {
	// Where there is no connection to set it on, the server's own limits hold.
	until := time.Now().Add(p.idle)
	if p.end.Before(until) {
		until = p.end
	}
	_ = p.conn.SetReadDeadline(until)
	n, err := p.ReadCloser.Read(b)
	if err != nil {
		// What follows is processing, and a deadline that passes then would
		// end the request.
		_ = p.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}
