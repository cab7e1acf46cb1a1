package rest

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"github.com/grpc-ecosystem/grpc-gateway/v2/utilities"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// strictQuery parses query parameters as the library does, but refuses those
// that name no field of the request instead of ignoring them.
type strictQuery struct{ runtime.DefaultQueryParser }

// Parse implements runtime.QueryParameterParser.
func (q strictQuery) Parse(m proto.Message, values url.Values, filter *utilities.DoubleArray) error {
	for key := range values {
		if !hasField(m.ProtoReflect().Descriptor(), key) {
			return fmt.Errorf("%s%s", unknownMark, key)
		}
	}
	return q.DefaultQueryParser.Parse(m, values, filter)
}

// hasField reports whether key is the path of a field, in proto or JSON names,
// such as "pageSize" or "article.slug".
func hasField(message protoreflect.MessageDescriptor, key string) bool {
	key, _, _ = strings.Cut(key, "[") // map[key]=value
	for name := range strings.SplitSeq(key, ".") {
		if message == nil {
			return false
		}
		field := message.Fields().ByTextName(name)
		if field == nil {
			field = message.Fields().ByJSONName(name)
		}
		if field == nil {
			return false
		}
		message = field.Message()
	}
	return true
}
