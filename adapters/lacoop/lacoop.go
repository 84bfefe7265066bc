// Package lacoop speaks to La Coop de la médiation numérique, the national tool in which counsellors report what they did.
//
// No service takes a report from outside: the API of La Coop only reads, and its forms are saved by whoever is logged in. But its forms open filled in from an
// address, so a report that was kept here becomes a link (Links): open, check, save. It becomes rows under the titles of La Coop's own export (Table), for an
// employer; and what La Coop has can be read and held against what is here (Client, Compare).
//
// What La Coop is called with is what its code said on 2026-06-30 (inclusion-numerique/coop-mediation-numerique at 46aa33b: identifiers and short labels, no
// code). The state of its forms is an internal contract that may change without a word: it has a version here (Format), and whoever shows a link also shows the
// report as text.
//
// No link and no table holds the name of somebody who was helped: a bot.Report has no field for one. Free text of other fields than the notes goes through as
// it was kept, so what takes it keeps names out.
//
// The values of all enumerations stand in values.tsv.
package lacoop

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Site is where La Coop is.
const Site = "https://coop-numerique.anct.gouv.fr"

// siteOf reads the address of an instance of La Coop: https, or http on this machine; "" is Site.
func siteOf(base string) (*url.URL, error) {
	if base == "" {
		base = Site
	}
	u, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.Scheme != "https" && (u.Scheme != "http" || !local(u.Hostname())) {
		return nil, fmt.Errorf("l'adresse de La Coop s'écrit comme %s", Site) // what was given may hold a password
	}
	return u, nil
}

// local tells whether a host is this machine.
func local(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
