package suite

import (
	"context"
	"fmt"
	"net"

	"github.com/skaitykla/skaitykla/deploy/skaitykla/internal/ready"
	"github.com/skaitykla/skaitykla/internal/run"
)

// doors are the listeners of the suite. They are opened before anything
// starts, so that each server knows where the others will be.
type doors struct {
	http, article, media, sharing net.Listener
}

func open(ctx context.Context, c Config) (*doors, error) {
	d := &doors{}
	for _, door := range []struct {
		flag, at string
		into     *net.Listener
	}{{"http", c.HTTP, &d.http}, {"article-addr", c.Article, &d.article}, {"media-addr", c.Media, &d.media}, {"sharing-addr", c.Sharing, &d.sharing}} {
		l, err := run.Listen(ctx, door.at)
		if err != nil {
			d.close()
			return nil, fmt.Errorf("--%s: %w", door.flag, err)
		}
		*door.into = l
	}
	return d, nil
}

// close closes what no server has taken over.
func (d *doors) close() {
	for _, l := range []net.Listener{d.http, d.article, d.media, d.sharing} {
		if l != nil {
			_ = l.Close() // a listener that served is closed already
		}
	}
}

func (d *doors) addresses() ready.File {
	return ready.File{
		HTTP: "http://" + reachable(d.http), Article: reachable(d.article), Media: reachable(d.media), Sharing: reachable(d.sharing),
	}
}

// reachable is where this machine reaches a listener: one that listens
// everywhere is reached over loopback.
func reachable(l net.Listener) string {
	at, ok := l.Addr().(*net.TCPAddr)
	if !ok || !at.IP.IsUnspecified() {
		return l.Addr().String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(at.Port))
}
