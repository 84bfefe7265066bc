package store

import (
	"path/filepath"
	"testing"
	"time"

	"passeur/bot"
	"passeur/store/storetest"
)

// benchNow is the instant at which tests and benchmarks begin.
var benchNow = time.Date(2026, 12, 3, 9, 0, 0, 0, time.UTC)

var testKey = []byte("0123456789abcdef0123456789abcdef")

func openAt(t testing.TB, path string, o Options) *DB {
	t.Helper()
	if o.Key == nil && o.KeyFile == "" {
		o.Key = testKey
	}
	d, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func openTemp(t testing.TB) *DB {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "passeur.db"), Options{})
}

func TestContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T) bot.Store { return openTemp(t) })
}
