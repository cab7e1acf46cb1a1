package gateway

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"regexp"
)

// errorLog puts what net/http complains of, such as broken handshakes, into our
// log, without the addresses of clients: which address a broken connection was
// to ask for nobody knows, and of who opens short links none is written down.
func errorLog(to *slog.Logger) *log.Logger {
	return log.New(&nameless{to: to, address: addresses()}, "", 0)
}

// addresses finds addresses with or without port: of IPv4, and of IPv6 with and
// without brackets.
func addresses() *regexp.Regexp {
	return regexp.MustCompile(
		`(?:\[[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?:%[^\]\s]*)?\]|\b\d{1,3}(?:\.\d{1,3}){3}\b|[0-9A-Fa-f]*(?::[0-9A-Fa-f]*){2,}[0-9A-Fa-f.]*(?:%\S*)?)(?::\d{1,5}\b)?`)
}

// nameless is a writer of lines into a log.
type nameless struct {
	to      *slog.Logger
	address *regexp.Regexp
}

// Write implements io.Writer.
func (n *nameless) Write(line []byte) (int, error) {
	clean := n.address.ReplaceAll(bytes.TrimSpace(line), []byte("(address)"))
	n.to.LogAttrs(context.Background(), slog.LevelDebug, "http server", slog.String("text", string(clean)))
	return len(line), nil
}
