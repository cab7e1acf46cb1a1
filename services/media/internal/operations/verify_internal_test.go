package operations

import (
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	mediav1 "github.com/skaitykla/skaitykla/proto/skaitykla/media/v1"
	recordv1 "github.com/skaitykla/skaitykla/services/media/internal/record/v1"
)

// TestProblemsFitIntoARow finds more orphans than are listed, with keys of an
// ordinary length and with the longest that S3 has.
func TestProblemsFitIntoARow(t *testing.T) {
	for length, want := range map[int]int{100: maxProblems, 1024: 500} {
		j := &job{op: &recordv1.Operation{Found: &mediav1.VerifyPhotosResponse{}}}
		for range 2000 {
			found := &mediav1.VerifyPhotosResponse{}
			note(found, mediav1.ObjectProblem_KIND_ORPHAN, "", "")
			found.Problems[0].ObjectKey = strings.Repeat("x", length)
			j.add(found)
		}
		listed := len(j.op.GetFound().GetProblems())
		if size := proto.Size(j.op); size > 1<<19+1<<10 || listed < want || listed > maxProblems || j.op.GetFound().GetOrphanCount() != 2000 {
			t.Errorf("with keys of %d bytes %d of %d are listed in %d bytes", length, listed, j.op.GetFound().GetOrphanCount(), size)
		}
	}
}
