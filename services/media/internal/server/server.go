// Package server answers the methods of MediaService.
//
// A handler parses names, calls the store, and answers. Uploads are the
// exception: see upload.go for their steps.
package server

import (
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/fault"
	"github.com/skaitykla/skaitykla/internal/hub"
	"github.com/skaitykla/skaitykla/internal/page"
	"github.com/skaitykla/skaitykla/internal/rpc"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
	"github.com/skaitykla/skaitykla/services/media/internal/cards"
	"github.com/skaitykla/skaitykla/services/media/internal/ladder"
	"github.com/skaitykla/skaitykla/services/media/internal/operations"
	"github.com/skaitykla/skaitykla/services/media/internal/photo"
	"github.com/skaitykla/skaitykla/services/media/internal/store"
)

// Config is what a Server needs; everything is required.
type Config struct {
	Store   *store.Store
	Finder  Finder
	Hub     *hub.Hub
	Objects *blobs.Store
	Maker   *ladder.Maker
	Queue   *ladder.Queue
	Cards   *cards.Keeper
	// Operations works on what VerifyPhotos and ReprocessPhotos ask, of which
	// at most MaxOperations may be under way.
	Operations    *operations.Runner
	MaxOperations int
	Signer        *photo.Signer
	Sealer        *page.Sealer
	// SpoolDir takes uploads until their hash is known.
	SpoolDir string
	// MaxBytes is the largest original.
	MaxBytes int64
	// MaxUploads is how many photos may be received and worked on at once.
	MaxUploads int
	// UploadTimeout is how long a client may take to send a photo.
	UploadTimeout time.Duration
	// OpenUploads bounds uploads in pieces; the zero value means the default.
	OpenUploads store.UploadLimits
	// WithdrawalGrace is how long a withdrawal can be taken back.
	WithdrawalGrace time.Duration
	// MaxWatchers is how many watch streams may be open.
	MaxWatchers int64
	// Stopping is closed when the service begins to stop, so that watchers are
	// sent away at once instead of keeping it waiting.
	Stopping <-chan struct{}
	Log      *slog.Logger
}

// Server implements MediaServiceServer.
type Server struct {
	mediav1.UnimplementedMediaServiceServer
	Config

	uploads *slots // for uploads in work
	appends *slots // for calls that bring pieces of uploads
	jobs    jobs
	chunks  *rpc.Chunks
}

// New returns a Server. Close ends what it does in the background.
func New(c Config) *Server {
	if c.OpenUploads == (store.UploadLimits{}) {
		c.OpenUploads = store.DefaultUploadLimits()
	}
	return &Server{
		Config: c, uploads: newSlots(c.MaxUploads), appends: newSlots(appendsPerUpload * c.MaxUploads),
		jobs: jobs{cancels: make(map[int]func())}, chunks: rpc.NewChunks(readChunk),
	}
}

// Close stops work on renditions and returns when it has stopped. Photos that
// are not finished stay in state PROCESSING.
func (s *Server) Close() { s.jobs.close() }

// now is the time of a request, in the precision that is stored.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// notFound is the answer for a photo that is missing or hidden, alike.
func notFound(name photo.Name) error {
	return fault.NotFound(name.String()).With("name", name.String())
}
