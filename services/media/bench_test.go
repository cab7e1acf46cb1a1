package media_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"
	"google.golang.org/grpc/metadata"

	"github.com/skaitykla/skaitykla/internal/auth"
	"github.com/skaitykla/skaitykla/internal/minio/miniotest"
	"github.com/skaitykla/skaitykla/internal/rpc"
	"github.com/skaitykla/skaitykla/internal/testkit"
	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
)

// BenchmarkReadRendition reads a rendition of about 300 KB through the whole
// service, as one process over loopback, and the same object with the S3
// client alone, in turn. Server and client of the service are in this process.
// On a machine that has other work, too, processor time tells what throughput
// would be: that of this process and of MinIO together.
func BenchmarkReadRendition(b *testing.B) {
	s3 := miniotest.Start(b)
	kit := testkit.Quiet(b)
	client, stop := serve(b, kit, environ(b, s3), io.Discard)
	defer stop()
	ctx := metadata.AppendToOutgoingContext(b.Context(), rpc.HeaderAuthorization, "Bearer "+kit.Token(testkit.PrincipalOf(auth.Author)))
	p := awaitReady(ctx, b, client, sendPhoto(ctx, b, client, grainy(b)).GetName())
	chosen := p.GetRenditions()[0]
	for _, r := range p.GetRenditions() {
		if distance(r) < distance(chosen) {
			chosen = r
		}
	}
	direct, err := minio.New(s3.Endpoint, &minio.Options{Creds: credentials.NewStaticV4(s3.AccessKey, s3.SecretKey, ""), Region: "us-east-1"})
	must(b, err)
	key := objectOfSize(b, direct, chosen.GetSizeBytes())

	pid := pidOf(b, s3.Endpoint)
	through := func() error { return readThrough(ctx, client, p.GetName(), chosen) }
	bare := func() error { return readBare(b.Context(), direct, key, chosen.GetSizeBytes()) }
	for _, readers := range []int{1, 8} {
		b.Run(map[int]string{1: "one reader", 8: "eight readers"}[readers], func(b *testing.B) {
			must(b, errors.Join(through(), bare())) // connected and cached
			var whole, alone usage
			for b.Loop() {
				alone.add(b, pid, readers, bare)
				whole.add(b, pid, readers, through)
			}
			reads := float64(b.N * readers * rounds)
			b.ReportMetric(alone.wall/whole.wall, "of-direct-wall")
			b.ReportMetric((alone.processor+alone.server)/(whole.processor+whole.server), "of-direct-processor")
			b.ReportMetric(whole.processor/reads*1e6, "µs-ours/read")
			b.ReportMetric(alone.processor/reads*1e6, "µs-direct/read")
			b.ReportMetric(whole.server/reads*1e6, "µs-minio/read")
			b.ReportMetric(float64(chosen.GetSizeBytes())/1e3, "kB")
		})
	}
}

// rounds is how many reads one goroutine does before it is the other's turn.
const rounds = 20

// usage is what reads took, in seconds: of this process, and of the server.
type usage struct{ wall, processor, server float64 }

func (u *usage) add(b *testing.B, pid, readers int, read func() error) {
	b.Helper()
	began, before, server := time.Now(), processorTime(b), timeOf(b, pid)
	var group errgroup.Group
	for range readers {
		group.Go(func() error {
			for range rounds {
				if err := read(); err != nil {
					return err
				}
			}
			return nil
		})
	}
	must(b, group.Wait())
	u.wall += time.Since(began).Seconds()
	u.processor += processorTime(b) - before
	u.server += timeOf(b, pid) - server
}

// timeOf is what another process has used so far, in seconds (proc(5), stat).
func timeOf(b *testing.B, pid int) float64 {
	b.Helper()
	line, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	must(b, err)
	fields := strings.Fields(string(line[bytes.LastIndexByte(line, ')')+1:]))
	const utime, stime, ticks = 11, 12, 100
	user, err := strconv.Atoi(fields[utime])
	must(b, err)
	system, err := strconv.Atoi(fields[stime])
	must(b, err)
	return float64(user+system) / ticks
}

// pidOf finds the process that was told to listen on the endpoint.
func pidOf(b *testing.B, endpoint string) int {
	b.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	must(b, err)
	for _, path := range lines {
		if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), endpoint) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			must(b, err)
			return pid
		}
	}
	b.Skip("needs /proc to find the MinIO server")
	return 0
}

// processorTime is what this process has used so far, in seconds.
func processorTime(b *testing.B) float64 {
	b.Helper()
	var used unix.Rusage
	must(b, unix.Getrusage(unix.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano()).Seconds()
}

func readThrough(ctx context.Context, client mediav1.MediaServiceClient, name string, r *mediav1.Rendition) error {
	stream, err := client.ReadRendition(ctx, &mediav1.ReadRenditionRequest{Photo: name, Format: r.GetFormat(), Width: r.GetWidth()})
	if err != nil {
		return err
	}
	var n int64
	for {
		message, err := stream.Recv()
		if errors.Is(err, io.EOF) && n == r.GetSizeBytes() {
			return nil
		}
		if err != nil {
			return err
		}
		n += int64(len(message.GetChunk()))
	}
}

func readBare(ctx context.Context, client *minio.Client, key string, size int64) error {
	object, err := client.GetObject(ctx, "skaitykla-photos", key, minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	n, err := io.Copy(io.Discard, object)
	if n != size && err == nil {
		err = io.ErrUnexpectedEOF
	}
	return errors.Join(err, object.Close())
}

// objectOfSize finds the rendition of that size in the bucket.
func objectOfSize(b *testing.B, client *minio.Client, size int64) string {
	b.Helper()
	for object := range client.ListObjectsIter(b.Context(), "skaitykla-photos", minio.ListObjectsOptions{Recursive: true, Prefix: "rendition/"}) {
		must(b, object.Err)
		if object.Size == size {
			return object.Key
		}
	}
	b.Fatalf("no object has %d bytes", size)
	return ""
}

func distance(r *mediav1.Rendition) int64 {
	const wanted = 300_000
	return max(r.GetSizeBytes()-wanted, wanted-r.GetSizeBytes())
}

// grainy is a picture that does not compress well.
func grainy(b *testing.B) []byte {
	b.Helper()
	grain := rand.New(rand.NewPCG(1, 2))
	picture := image.NewRGBA(image.Rect(0, 0, 1920, 1280))
	for y := range 1280 {
		for x := range 1920 {
			g := uint8(grain.UintN(60))
			picture.SetRGBA(x, y, color.RGBA{R: uint8(x*190/1920) + g, G: uint8(y*190/1280) + g, B: 90 + g, A: 255})
		}
	}
	var file bytes.Buffer
	must(b, jpeg.Encode(&file, picture, &jpeg.Options{Quality: 92}))
	return file.Bytes()
}
