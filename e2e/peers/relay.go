package peers

import (
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
)

// Relay stands between a program and a server on the loopback, as a network does, and fails when it is told to.
type Relay struct {
	URL string // of the server, by way of the relay

	target string
	mu     sync.Mutex
	lines  map[*relayed]struct{}
}

// relayed is one connection: from who came, and on to the server.
type relayed struct {
	in, out net.Conn
	deaf    atomic.Bool
}

// StartRelay opens a relay to the server at an address ("http://127.0.0.1:8065"), until the test ends.
func StartRelay(t testing.TB, server string) *Relay {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Relay{URL: "http://" + door.Addr().String(), target: u.Host, lines: map[*relayed]struct{}{}}
	var all sync.WaitGroup
	all.Go(func() {
		for in, err := door.Accept(); err == nil; in, err = door.Accept() {
			all.Go(func() { r.carry(in) })
		}
	})
	t.Cleanup(func() { _ = door.Close(); r.Cut(); all.Wait() })
	return r
}

// Cut closes all connections. New ones work.
func (r *Relay) Cut() {
	r.each(func(l *relayed) { l.close() })
}

// Swallow loses, from now on, all that comes on the connections there are, in both directions, and tells nobody. New ones work.
func (r *Relay) Swallow() {
	r.each(func(l *relayed) { l.deaf.Store(true) })
}

func (r *Relay) each(do func(*relayed)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for l := range r.lines {
		do(l)
	}
}

func (r *Relay) carry(in net.Conn) {
	out, err := net.Dial("tcp", r.target)
	if err != nil {
		_ = in.Close()
		return
	}
	l := &relayed{in: in, out: out}
	r.mu.Lock()
	r.lines[l] = struct{}{}
	r.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { l.pump(out, in) })
	both.Go(func() { l.pump(in, out) })
	both.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.lines, l)
}

// pump carries one direction until an end closes.
func (l *relayed) pump(to, from net.Conn) {
	defer l.close()
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if err != nil {
			return
		}
		if l.deaf.Load() {
			continue
		}
		if _, err := to.Write(buf[:n]); err != nil {
			return
		}
	}
}

func (l *relayed) close() {
	_ = l.in.Close()
	_ = l.out.Close()
}
