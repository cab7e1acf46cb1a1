package shortlinks_test

import (
	"os"
	"path/filepath"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"
)

func TestProf(t *testing.T) {
	log, err := os.Create(filepath.Join(t.TempDir(), "gateway.log"))
	must(t, err)
	r := newRig(t, 20000)
	list := requests(r.codes(), 100000)
	r.startGateway(log)
	bare := serveBare(t)
	load(t, bare, list, 16, time.Second)
	load(t, r.gateway, list, 16, time.Second)
	f, _ := os.Create("/tmp/door.prof")
	var n1, n, c1, c float64
	pprof.StartCPUProfile(f)
	for range 6 {
		c0 := cpu()
		k, _ := load(t, bare, list, 16, 500*time.Millisecond)
		c1 += cpu() - c0
		n1 += float64(k)
		c0 = cpu()
		k, _ = load(t, r.gateway, list, 16, 500*time.Millisecond)
		time.Sleep(1200 * time.Millisecond)
		c += cpu() - c0
		n += float64(k)
	}
	pprof.StopCPUProfile()
	t.Logf("bare %f us, %f/s, ours %f us, %f/s, cpu ratio %f wall %f", c1/n1, n1/3, c/n, n/3, c1/n1/(c/n), n/n1)
}

func cpu() float64 {
	var u syscall.Rusage
	syscall.Getrusage(0, &u)
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1000
}
