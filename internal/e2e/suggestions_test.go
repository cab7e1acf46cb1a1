package e2e_test

import (
	"encoding/binary"
	"encoding/json"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/skaitykla/skaitykla/internal/e2e"
)

// acceptSuggestions adds a photo whose file says something of itself: nothing of
// it is in the record until a person takes it over.
func acceptSuggestions(t *testing.T, suite *e2e.Suite) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.jpg")
	write(t, file, string(describedFile(noisy(t, 40))))
	report := add(t, suite, 0, file)
	if len(report.Files) != 1 {
		t.Fatalf("added %v", report)
	}
	photo := filepath.Base(report.Files[0].Photo)
	type record struct {
		Alts        map[string]string
		Credit      string
		Suggestions struct{ Alt, Credit string }
	}
	shown := func() (r record) {
		t.Helper()
		out, exit := suite.Run(t, "photos", "show", photo)
		if err := json.Unmarshal([]byte(out), &r); err != nil || exit != 0 {
			t.Fatalf("photos show: exit %d, %v\n%s", exit, err, out)
		}
		return r
	}
	want := record{}
	want.Suggestions.Alt, want.Suggestions.Credit = "Medinis namelis su knygomis", "Ona Onaitė"
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("before (-want +got):\n%s", diff)
	}
	expect(t, suite, 1, []string{"source: the file says nothing of it"}, "photos", "accept", photo, "alt", "source")
	expect(t, suite, 1, []string{`"gps" is no field`}, "photos", "accept", photo, "gps")
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("after what was refused (-want +got):\n%s", diff)
	}
	expect(t, suite, 0, nil, "photos", "accept", photo, "alt", "credit")
	expect(t, suite, 0, nil, "photos", "accept", photo, "alt", "--language", "da")
	want.Credit, want.Alts = want.Suggestions.Credit, map[string]string{"lt": want.Suggestions.Alt, "da": want.Suggestions.Alt}
	if diff := cmp.Diff(want, shown()); diff != "" {
		t.Errorf("after it was accepted (-want +got):\n%s", diff)
	}
}

// describedFile puts IPTC properties into a JPEG, as XMP.
func describedFile(file []byte) []byte {
	const packet = "http://ns.adobe.com/xap/1.0/\x00" + `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF` +
		` xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""` +
		` xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" photoshop:Credit="Ona Onaitė"` +
		` xmlns:core="http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/"><core:AltTextAccessibility><rdf:Alt>` +
		`<rdf:li xml:lang="x-default">Medinis namelis su knygomis</rdf:li></rdf:Alt></core:AltTextAccessibility>` +
		`</rdf:Description></rdf:RDF></x:xmpmeta>`
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(packet)+2))
	return slices.Concat(file[:2], segment, []byte(packet), file[2:])
}
