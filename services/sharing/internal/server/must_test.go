package server_test

import (
	"testing"

	"github.com/skaitykla/skaitykla/internal/rpc"
)

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func rpcConfig() rpc.Config { return rpc.Config{} }
