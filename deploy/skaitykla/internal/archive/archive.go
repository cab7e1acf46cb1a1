// Package archive keeps the archive of a site in a file: the records of
// ExportArticles one after the other, each preceded by its length as a varint.
// That is what the checksum at its end is made of. What the records say is for
// the article service to judge.
package archive

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	articlev1 "github.com/skaitykla/skaitykla/proto/skaitykla/article/v1"
)

// maxRecord is the largest record in bytes: an article has at most 256 KiB.
const maxRecord = 4 << 20

// Stats says what went into an archive.
type Stats struct {
	Site      string `json:"site"`
	File      string `json:"file"`
	Articles  int64  `json:"articles"`
	Revisions int64  `json:"revisions"`
	Records   int64  `json:"records"`
	Bytes     int64  `json:"bytes"`
	Checksum  string `json:"checksum"`
}

// Save writes the archive of a site to w and calls progress, which may be nil,
// with the bytes so far. It fails when the archive comes without its end.
func Save(ctx context.Context, articles articlev1.ArticleServiceClient, site string, w io.Writer, progress func(bytes int64)) (Stats, error) {
	stats := Stats{Site: site}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := articles.ExportArticles(ctx, &articlev1.ExportArticlesRequest{Parent: site})
	if err != nil {
		return stats, fmt.Errorf("export %s: %w", site, err)
	}
	out := bufio.NewWriterSize(w, 1<<16)
	marshal := protodelim.MarshalOptions{MarshalOptions: proto.MarshalOptions{Deterministic: true}}
	for {
		m, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return stats, fmt.Errorf("export %s: %w", site, err)
		}
		n, err := marshal.MarshalTo(out, m.GetRecord())
		if err != nil {
			return stats, fmt.Errorf("write the archive: %w", err)
		}
		stats.count(m.GetRecord(), n)
		if progress != nil {
			progress(stats.Bytes)
		}
	}
	if stats.Checksum == "" {
		return stats, fmt.Errorf("export %s: the archive came without its end; export again", site)
	}
	return stats, out.Flush()
}

func (s *Stats) count(r *articlev1.ArchiveRecord, size int) {
	s.Bytes += int64(size)
	s.Records++
	switch {
	case r.GetArticle() != nil:
		s.Articles++
	case r.GetArticleRevision() != nil:
		s.Revisions++
	case r.GetEnd() != nil:
		s.Checksum = r.GetEnd().GetChecksum()
	}
}

// SaveFile is Save to a file, which is there when all of it is, and not before;
// one of that name is replaced then.
func SaveFile(ctx context.Context, articles articlev1.ArticleServiceClient, site, path string, progress func(bytes int64)) (stats Stats, err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".part-*")
	if err != nil {
		return stats, fmt.Errorf("write the archive: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, file.Close(), os.Remove(file.Name()))
		}
	}()
	if stats, err = Save(ctx, articles, site, file, progress); err != nil {
		return stats, err
	}
	stats.File = path
	if err := file.Sync(); err != nil {
		return stats, fmt.Errorf("write the archive: %w", err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return stats, fmt.Errorf("write the archive: %w", err)
	}
	return stats, file.Close()
}

// SiteOf returns the name of the site whose archive a file is; false when the
// file is none.
func SiteOf(path string) (string, bool) {
	file, err := os.Open(path)
	if err != nil {
		return "", false
	}
	defer file.Close()
	first := &articlev1.ArchiveRecord{}
	if err := unmarshal().UnmarshalFrom(bufio.NewReader(file), first); err != nil {
		return "", false
	}
	name := first.GetSite().GetName()
	return name, strings.HasPrefix(name, "sites/")
}

func unmarshal() protodelim.UnmarshalOptions { return protodelim.UnmarshalOptions{MaxSize: maxRecord} }

// Load makes a site out of the archive in r and calls progress, which may be
// nil, with the bytes so far. A request id makes it safe to try again.
func Load(ctx context.Context, articles articlev1.ArticleServiceClient, site, request string, r io.Reader, progress func(bytes int64)) (*articlev1.ImportArticlesResponse, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stream, err := articles.ImportArticles(ctx)
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", site, err)
	}
	in := bufio.NewReaderSize(r, 1<<16)
	done := int64(0)
	m := &articlev1.ImportArticlesRequest{Parent: site, RequestId: request}
	for {
		if err := stream.Send(m); err != nil {
			break // the answer, which CloseAndRecv returns, says why
		}
		record := &articlev1.ArchiveRecord{}
		err := unmarshal().UnmarshalFrom(in, record)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the archive after %d bytes: it is damaged or cut off; nothing was imported: %w", done, err)
		}
		size := proto.Size(record)
		done += int64(size)
		if progress != nil {
			progress(done)
		}
		m = &articlev1.ImportArticlesRequest{Record: record}
	}
	made, err := stream.CloseAndRecv()
	if err != nil {
		return nil, fmt.Errorf("import %s: %w", site, err)
	}
	return made, nil
}
