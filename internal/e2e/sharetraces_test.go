package e2e_test

import (
	"bytes"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// traces are what somebody could leave behind, in every form in which a program
// may have kept it, by the last 8 bytes: the first of some are zeros, which files
// are full of.
type traces map[uint64][]trace

// trace is one form of something that must not be kept.
type trace struct {
	what  string
	bytes []byte
}

// add adds something in one form. Shorter forms than 8 bytes would be found by
// chance, so there are none.
func (t traces) add(tb testing.TB, what string, form []byte) {
	tb.Helper()
	if len(form) < 8 {
		tb.Fatalf("%s is too short to look for", what)
	}
	key := binary.LittleEndian.Uint64(form[len(form)-8:])
	t[key] = append(t[key], trace{what, bytes.Clone(form)})
}

// text adds a text, also in base64 and hexadecimal, and what hides nothing: its
// common digests.
func (t traces) text(tb testing.TB, what, text string) {
	tb.Helper()
	t.add(tb, what, []byte(text))
	if upper := strings.ToUpper(text); upper != text {
		t.add(tb, what+" in capitals", []byte(upper))
	}
	t.add(tb, what+" in hexadecimal", []byte(hex.EncodeToString([]byte(text))))
	t.add(tb, what+" in base64", []byte(base64.RawStdEncoding.EncodeToString([]byte(text))))
	five, one, two := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text))
	for name, sum := range map[string][]byte{"MD5": five[:], "SHA-1": one[:], "SHA-256": two[:]} {
		t.add(tb, name+" of "+what, sum)
		t.add(tb, name+" of "+what+" in hexadecimal", []byte(hex.EncodeToString(sum)))
		t.add(tb, name+" of "+what+" in base64", []byte(base64.RawStdEncoding.EncodeToString(sum)))
	}
}

// address adds an address. Four bytes are found by chance everywhere, so that
// of an IPv4 address there is no binary form but the one among those of IPv6.
func (t traces) address(tb testing.TB, address string) {
	tb.Helper()
	ip := netip.MustParseAddr(address)
	t.text(tb, "the address "+address, ip.String())
	mapped := ip.As16()
	t.add(tb, "the address "+address+" in binary", mapped[:])
	if ip.Is6() {
		t.text(tb, "the address "+address+" in full", ip.StringExpanded())
		t.add(tb, "the network of "+address, mapped[:8])
		t.text(tb, "the network of "+address+" in full", ip.StringExpanded()[:19])
	} else {
		t.text(tb, "the network of "+address, address[:strings.LastIndexByte(address, '.')+1])
	}
}

// in returns what is found in some bytes, each once.
func (t traces) in(data []byte) []string {
	var found []string
	seen := make(map[string]bool)
	for i := 0; i+8 <= len(data); i++ {
		for _, trace := range t[binary.LittleEndian.Uint64(data[i:])] {
			if bytes.HasSuffix(data[:i+8], trace.bytes) && !seen[trace.what] {
				seen[trace.what] = true
				found = append(found, trace.what)
			}
		}
	}
	return found
}

// inFolder returns what is found in the files of a folder, by path, and how many
// bytes were looked at. Names of files count as well.
func (t traces) inFolder(tb testing.TB, dir string) (found map[string][]string, size int) {
	tb.Helper()
	found = make(map[string][]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		size += len(data)
		if traces := append(t.in([]byte(name)), t.in(data)...); len(traces) > 0 {
			found[name] = traces
		}
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return found, size
}

// TestTraces plants everything that is looked for among other bytes, and looks
// for it: who finds nothing elsewhere could have found it.
func TestTraces(t *testing.T) {
	traces := make(traces)
	traces.text(t, "a marker", "zebras-7431")
	traces.address(t, "198.51.100.77")
	traces.address(t, "2001:db8:77:1:aaaa:0:31:9")
	dir := t.TempDir()
	n := 0
	for _, forms := range traces {
		for _, form := range forms {
			n++
			data := bytes.Repeat([]byte{0, 0xff, 'x', ':', '.'}, 5000+n)
			copy(data[100*n:], form.bytes)
			if err := os.WriteFile(filepath.Join(dir, "file"), data, 0o600); err != nil {
				t.Fatal(err)
			}
			found, size := traces.inFolder(t, dir)
			if size != len(data) || len(found["file"]) == 0 {
				t.Errorf("%s is not found", form.what)
			}
		}
	}
	if n < 50 {
		t.Errorf("only %d forms are looked for", n)
	}
}
