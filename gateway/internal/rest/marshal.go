package rest

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/proto"

	"github.com/skaitykla/skaitykla/gateway/internal/reply"
)

// unknownMark begins the text of an error about an unknown field. The
// generated handlers keep of an error only its text, so that is where the
// reason has to travel; fail takes it off again.
const unknownMark = "UNKNOWN_FIELD "

// marshaler is the JSON of the API.
type marshaler struct{ runtime.JSONPb }

// newMarshaler writes no defaults and refuses unknown fields: both are what
// the zero options of protojson do.
func newMarshaler() *marshaler { return &marshaler{} }

// Marshal returns v as JSON without spaces.
func (m *marshaler) Marshal(v any) ([]byte, error) {
	if message, ok := v.(proto.Message); ok {
		return reply.Marshal(message)
	}
	return m.JSONPb.Marshal(v)
}

// NewDecoder returns a decoder whose errors fail can read.
func (m *marshaler) NewDecoder(r io.Reader) runtime.Decoder {
	decoder := m.JSONPb.NewDecoder(r)
	return runtime.DecoderFunc(func(v any) error {
		err := decoder.Decode(v)
		if err == nil || errors.Is(err, io.EOF) {
			return err
		}
		return markUnknown(err)
	})
}

// markUnknown returns err with the mark and the name of the field if it is
// about an unknown field.
func markUnknown(err error) error {
	// protojson varies a space in its texts so that nobody compares them; the
	// quoted name is what stays.
	name := regexp.MustCompile(`unknown field "([^"]*)"`).FindStringSubmatch(err.Error())
	if name == nil {
		return err
	}
	return fmt.Errorf("%s%s", unknownMark, name[1])
}

// plainText returns the text of an error of the libraries without their
// prefixes and varying spaces.
func plainText(text string) string {
	text = strings.ReplaceAll(text, "\u00a0", " ")
	text = regexp.MustCompile(`strconv\.\w+: `).ReplaceAllString(text, "")
	return strings.TrimPrefix(text, "proto: ")
}
