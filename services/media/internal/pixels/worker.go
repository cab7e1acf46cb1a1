package pixels

import (
	"io"

	"github.com/skaitykla/skaitykla/services/media/internal/pixels/worker"
)

// WorkerMain is the other half of a [Processor]: the process that decodes.
// A binary calls it first thing in main with os.Args and its standard streams.
// When args[1] is the worker's hidden name it does the work of one photo and
// returns handled, and the binary exits with the given code at once; otherwise
// it touches nothing and the binary goes on.
func WorkerMain(args []string, stdin io.Reader, stdout, stderr io.Writer) (exit int, handled bool) {
	if len(args) < 2 || args[1] != worker.Name {
		return 0, false
	}
	return worker.Main(stdin, stdout, stderr), true
}
