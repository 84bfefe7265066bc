package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxOpenDoors is how many connections the public address holds at once. Gateways and Mattermost use a few.
const maxOpenDoors = 512

// doors is a listener that holds at most so many connections. When one more comes, the one that has asked for nothing
// for the longest time is closed for it: those who open connections and say little, slowly, hold up nobody else. One
// whose request is being answered is never closed; when all are, the new one is. Make it with newDoors.
type doors struct {
	net.Listener
	limit int

	mu   sync.Mutex
	open map[*visitor]struct{}
}

// visitor is an open connection. Its fields are guarded by the mutex of doors.
type visitor struct {
	net.Conn
	doors *doors
	since time.Time // when it came, or got its last answer
	busy  bool      // a handler is at work for it
}

func newDoors(l net.Listener, limit int) *doors {
	return &doors{Listener: l, limit: limit, open: make(map[*visitor]struct{})}
}

// Accept implements net.Listener.
func (d *doors) Accept() (net.Conn, error) {
	for {
		c, err := d.Listener.Accept()
		if err != nil {
			return nil, err
		}
		v := &visitor{Conn: c, doors: d, since: time.Now()}
		if d.admit(v) {
			return v, nil
		}
		_ = c.Close()
	}
}

// admit counts a connection in, once there is room for it.
func (d *doors) admit(v *visitor) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) >= d.limit {
		idlest := d.idlest()
		if idlest == nil {
			return false
		}
		delete(d.open, idlest)
		_ = idlest.Conn.Close()
	}
	d.open[v] = struct{}{}
	return true
}

// idlest is the connection that has had no answer for the longest time; nil when all are being answered.
func (d *doors) idlest() (found *visitor) {
	for v := range d.open {
		if !v.busy && (found == nil || v.since.Before(found.since)) {
			found = v
		}
	}
	return found
}

// Close implements net.Conn.
func (v *visitor) Close() error {
	v.doors.mu.Lock()
	delete(v.doors.open, v)
	v.doors.mu.Unlock()
	return v.Conn.Close()
}

func (v *visitor) answering(busy bool) {
	v.doors.mu.Lock()
	defer v.doors.mu.Unlock()
	v.busy, v.since = busy, time.Now()
}

type visitorKey struct{}

// publicServer serves what anybody may reach. No request may take longer than a gateway's: reading it 30 s, with its
// answer a minute.
func publicServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if v, ok := r.Context().Value(visitorKey{}).(*visitor); ok {
				v.answering(true)
				defer v.answering(false)
			}
			h.ServeHTTP(w, r)
		}),
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			return context.WithValue(ctx, visitorKey{}, c)
		},
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      time.Minute,
		IdleTimeout:       time.Minute,
	}
}

// serveUntil serves until ctx ends, then lets answers under way finish.
func serveUntil(ctx context.Context, srv *http.Server, l net.Listener) error {
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- srv.Shutdown(last)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
