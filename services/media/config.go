package media

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/host"
	"github.com/skaitykla/skaitykla/internal/kv/kvopen"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/run"
	"github.com/skaitykla/skaitykla/services/media/internal/blobs"
)

// Config is the configuration of the media service, read from variables named
// SKAITYKLA_<tag>.
type Config struct {
	host.Config

	// Address is where to listen.
	Address string `env:"MEDIA_ADDR" envDefault:"127.0.0.1:7002"`
	// ArticleAddress is where the article service listens. Its feed says which
	// photos are public.
	ArticleAddress string `env:"ARTICLE_ADDR" envDefault:"127.0.0.1:7001"`
	// TokenFile holds the token of the role service with which the article
	// service is asked for working copies; without it no photo becomes public.
	TokenFile string `env:"MEDIA_TOKEN_FILE"`
	// Tokens gives the service's own token instead of TokenFile when it is set.
	Tokens rpc.TokenSource
	// Store is the URL of the key-value store, such as bolt:///var/lib/media.db.
	Store string `env:"MEDIA_STORE,required"`

	// S3Endpoint is the S3 server, host:port or https://host:port; S3AccessKey
	// and S3SecretKey are its credentials, which may be given as files in
	// S3_ACCESS_KEY_FILE and S3_SECRET_KEY_FILE. They are read at the start.
	S3Endpoint  string     `env:"S3_ENDPOINT,required"`
	S3AccessKey run.Secret `env:"S3_ACCESS_KEY,required"`
	S3SecretKey run.Secret `env:"S3_SECRET_KEY,required"`
	// S3Bucket is made when it does not exist, in S3Region.
	S3Bucket string `env:"S3_BUCKET" envDefault:"skaitykla-photos"`
	S3Region string `env:"S3_REGION" envDefault:"us-east-1"`
	// S3Addressing is how the bucket stands in addresses: path, host, or auto,
	// which is host at Amazon and path elsewhere.
	S3Addressing string `env:"S3_ADDRESSING" envDefault:"auto"`
	// S3Secure asks for HTTPS; S3CAFile is a PEM file of authorities that are
	// trusted beside those of the system.
	S3Secure bool   `env:"S3_SECURE"`
	S3CAFile string `env:"S3_CA_FILE"`
	// S3Patience is how long the S3 server may take for a call, beyond the time
	// that its bytes need at 256 KiB/s.
	S3Patience time.Duration `env:"S3_PATIENCE" envDefault:"30s"`

	// SpoolDir takes uploads until their hash is known, MaxBytes for each;
	// empty means the system's folder for temporary files.
	SpoolDir string `env:"MEDIA_SPOOL_DIR"`
	// MaxBytes is the largest original in bytes.
	MaxBytes int64 `env:"MEDIA_MAX_BYTES" envDefault:"62914560"`
	// MaxUploads is how many photos may be received and worked on at once.
	MaxUploads int `env:"MEDIA_MAX_UPLOADS" envDefault:"16"`
	// UploadTimeout is how long a client may take to send a photo, or some
	// pieces of one.
	UploadTimeout time.Duration `env:"MEDIA_UPLOAD_TIMEOUT" envDefault:"10m"`
	// OpenUploads is how many uploads in pieces may be under way on a site,
	// OpenUploadsEach how many of one person, and OpenUploadBytes how large
	// they may be together.
	OpenUploads     int64 `env:"MEDIA_OPEN_UPLOADS" envDefault:"256"`
	OpenUploadsEach int64 `env:"MEDIA_OPEN_UPLOADS_EACH" envDefault:"32"`
	OpenUploadBytes int64 `env:"MEDIA_OPEN_UPLOAD_BYTES" envDefault:"4294967296"`
	// Workers is how many photos are decoded at once, each with up to 3 GB of
	// address space; 0 means the number of processors. Uploads may use all of
	// them, what is made later half.
	Workers int `env:"MEDIA_WORKERS"`
	// Lease is how long a photo stays reserved for an instance that gives no
	// sign of life; clocks of instances must not differ by more than a third.
	Lease time.Duration `env:"MEDIA_LEASE" envDefault:"30s"`
	// InsecureDecoding decodes photos even where the kernel offers no filter
	// of system calls.
	InsecureDecoding bool `env:"INSECURE_DECODING"`
	// OrphanAge is how old objects that no photo refers to must be before they
	// are removed, and SweepEvery how often they are looked for.
	OrphanAge time.Duration `env:"MEDIA_ORPHAN_AGE" envDefault:"24h"`
	// KeepOrphans removes none of them; `skaitykla photos verify` reports them.
	KeepOrphans bool          `env:"MEDIA_KEEP_ORPHANS"`
	SweepEvery  time.Duration `env:"MEDIA_SWEEP_EVERY" envDefault:"1h"`
	// IndexDir is the folder of the search index, which can be made anew from
	// the store at any time. Each replica has its own; beside the store when
	// empty.
	IndexDir string `env:"MEDIA_INDEX_DIR"`
	// WithdrawalGrace is how long a withdrawal can be taken back before the bytes
	// are removed.
	WithdrawalGrace time.Duration `env:"MEDIA_WITHDRAWAL_GRACE" envDefault:"720h"`
	// UnusedAge is how long after the last change a photo that no article uses is
	// deleted, to be restored for 30 days; 0 means never.
	UnusedAge time.Duration `env:"MEDIA_UNUSED_AGE" envDefault:"0"`
	// MaxOperations is how many operations on the archive may be under way.
	MaxOperations int `env:"MEDIA_MAX_OPERATIONS" envDefault:"5"`
	// MaxWatchers is how many watch streams may be open.
	MaxWatchers int64 `env:"MEDIA_MAX_WATCHERS" envDefault:"2000"`
}

func (c Config) tokens() rpc.TokenSource {
	switch {
	case c.Tokens != nil:
		return c.Tokens
	case c.TokenFile != "":
		return auth.NewTokenFile(c.TokenFile)
	}
	return nil
}

// objects returns how to reach the object store.
func (c Config) objects() blobs.Config {
	return blobs.Config{
		Endpoint: c.S3Endpoint, AccessKey: c.S3AccessKey.Reveal(), SecretKey: c.S3SecretKey.Reveal(),
		Bucket: c.S3Bucket, Region: c.S3Region, Addressing: blobs.Addressing(c.S3Addressing),
		Secure: c.S3Secure, CAFile: c.S3CAFile, Patience: c.S3Patience,
	}
}

// LogValue returns the config for the log.
func (c Config) LogValue() slog.Value { return run.LogValue(c) }

// Check returns everything that is wrong with the config.
func (c Config) Check() error {
	var problems []error
	for _, number := range []struct {
		name  string
		value int64
	}{
		{"MEDIA_MAX_BYTES", c.MaxBytes},
		{"MEDIA_MAX_UPLOADS", int64(c.MaxUploads)},
		{"MEDIA_UPLOAD_TIMEOUT", int64(c.UploadTimeout)},
		{"MEDIA_OPEN_UPLOADS", c.OpenUploads},
		{"MEDIA_OPEN_UPLOADS_EACH", c.OpenUploadsEach},
		{"MEDIA_OPEN_UPLOAD_BYTES", c.OpenUploadBytes},
		{"MEDIA_LEASE", int64(c.Lease)},
		{"MEDIA_SWEEP_EVERY", int64(c.SweepEvery)},
		{"MEDIA_MAX_WATCHERS", c.MaxWatchers},
		{"MEDIA_MAX_OPERATIONS", int64(c.MaxOperations)},
		{"S3_PATIENCE", int64(c.S3Patience)},
	} {
		if number.value <= 0 {
			problems = append(problems, fmt.Errorf("SKAITYKLA_%s: use more than 0", number.name))
		}
	}
	if c.OrphanAge < minOrphanAge {
		problems = append(problems, fmt.Errorf("SKAITYKLA_MEDIA_ORPHAN_AGE=%s: use at least %s, for an upload may last that long",
			c.OrphanAge, minOrphanAge))
	}
	if c.WithdrawalGrace < 0 {
		problems = append(problems, errors.New("SKAITYKLA_MEDIA_WITHDRAWAL_GRACE: use 0 or more"))
	}
	if c.UnusedAge != 0 && c.UnusedAge < minUnusedAge {
		problems = append(problems, fmt.Errorf("SKAITYKLA_MEDIA_UNUSED_AGE=%s: use at least %s, or 0 for never", c.UnusedAge, minUnusedAge))
	}
	if c.indexDir() == "" {
		problems = append(problems, errors.New("SKAITYKLA_MEDIA_INDEX_DIR: name a folder of this machine; each replica has its own"))
	}
	return errors.Join(problems...)
}

// indexDir returns the folder of the search index.
func (c Config) indexDir() string { return cmp.Or(c.IndexDir, kvopen.Beside(c.Store, "-index")) }

// minUnusedAge gives whoever uploads a photo time to write the article.
const minUnusedAge = 24 * time.Hour

// minOrphanAge is longer than an upload can last.
const minOrphanAge = time.Hour
