package playground

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// policy is what a browser may do with the page: load what comes from here, and be in nobody's frame.
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// guard refuses what does not come from the page itself.
func (p *Playground) guard(next http.Handler) http.Handler {
	origins := http.NewCrossOriginProtection() // Sec-Fetch-Site, or Origin against Host
	origins.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		refuse(w, http.StatusForbidden, "Cette demande vient d'un autre site : elle est refusée. Rechargez la page.")
	}))
	checked := origins.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !p.isHere(r) {
			refuse(w, http.StatusForbidden, "Cette page ne s'ouvre que depuis cette machine, à l'adresse donnée au démarrage.")
			return
		}
		checked.ServeHTTP(w, r)
	})
}

// isHere says whether the request was made to a name of this machine, and not to a foreign name that was pointed at
// it. An address in digits cannot be pointed elsewhere, so the one that the server listens on is good too.
func (p *Playground) isHere(r *http.Request) bool {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if host == "localhost" || p.hosts[host] {
		return true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	return ip.IsLoopback() || ip.Unmap() == localAddress(r)
}

// localAddress is the address of this machine to which the request came.
func localAddress(r *http.Request) netip.Addr {
	addr, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
