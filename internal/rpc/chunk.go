package rpc

import (
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/mem"
	"google.golang.org/protobuf/encoding/protowire"
)

// Chunks sends large byte fields on streams without copying them, and without
// clearing buffers for them as gRPC's own pool does. It is safe for concurrent
// use.
type Chunks struct {
	size int
	free sync.Pool
}

// NewChunks returns Chunks of at most size bytes.
func NewChunks(size int) *Chunks { return &Chunks{size: size} }

// Send sends an encoded message on a stream: the fields in head and, in the
// field of that number, what fill writes into the buffer that it is given, and
// whose length it returns. fill must not keep the buffer. An error of fill is
// returned as it is, and nothing is sent. Where fill writes nothing and head
// is empty, nothing is sent either.
func (c *Chunks) Send(stream grpc.ServerStream, head []byte, field protowire.Number, fill func(buf []byte) (int, error)) error {
	buf := c.Get(c.size)
	n, err := fill(*buf)
	if err != nil || (n == 0 && len(head) == 0) {
		c.Put(buf)
		return err
	}
	*buf = (*buf)[:n]
	prefix := protowire.AppendVarint(protowire.AppendTag(head, field, protowire.BytesType), uint64(n)) //nolint:gosec // a length
	return stream.SendMsg(&raw{data: mem.BufferSlice{mem.SliceBuffer(prefix), mem.NewBuffer(buf, c)}})
}

// Get implements mem.BufferPool. What is in the buffer is of another call.
func (c *Chunks) Get(int) *[]byte {
	if buf, ok := c.free.Get().(*[]byte); ok {
		return buf
	}
	buf := make([]byte, c.size)
	return &buf
}

// Put implements mem.BufferPool.
func (c *Chunks) Put(buf *[]byte) {
	if cap(*buf) == c.size {
		*buf = (*buf)[:c.size]
		c.free.Put(buf)
	}
}
