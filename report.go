package main

import (
	"fmt"
	"io"
	"net/netip"
	"net/url"
)

// report prints findings and counts what must be mended.
type report struct {
	out    io.Writer
	broken int
}

func (r *report) ok(format string, args ...any)   { fmt.Fprintf(r.out, "✓ "+format+"\n", args...) }
func (r *report) warn(format string, args ...any) { fmt.Fprintf(r.out, "! "+format+"\n", args...) }

func (r *report) bad(format string, args ...any) {
	r.broken++
	fmt.Fprintf(r.out, "✗ "+format+"\n", args...)
}

// say prints what a network found about itself; mind is for what works and should be known.
func (r *report) say(network string, ok, mind bool, text string) {
	line := r.ok
	switch {
	case !ok:
		line = r.bad
	case mind:
		line = r.warn
	}
	line("%s : %s", network, text)
}

// onlyHere tells that an address reaches Passeur from this machine alone, or that there is none.
func onlyHere(public string) bool {
	u, err := url.Parse(public)
	if err != nil || public == "" {
		return true
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}
