// Package rdv hears what RDV Service Public knows of appointments, and tells it what people answered. RDV Solidarités and
// RDV Aide Numérique are the same program under other names, and do as well.
//
// # What is heard
//
// The service calls a webhook for each record that is made, changed or erased, and repeats what was not taken, some twenty times in
// eight days, with the same bytes. So nothing is kept here: a call is answered 200 when its event is kept, 503 until then, and its ID
// is a hash of its bytes. Calls come in any order; the bot drops what is older than what it heard last (bot.OutsideRdv.Written), and
// events of one appointment wait for each other (bot.Event.About).
//
// A call carries birth dates, addresses, numbers of allocations, notes. None of it has a field to be read into (payload.go): what
// leaves this package is a bot.OutsideRdv and nothing else. Of somebody who is visited at home, not even the street is read.
//
// The bytes of a call prove where it comes from: X-Lapin-Signature is their HMAC-SHA256 under a secret that both sides know.
// They are therefore read before they are proven, but never more than MaxBody of them, and never without a signature to compare.
//
// # What is asked
//
// With access to the API (OAuth 2, as an agent) the appointments to come are read at the start and every hour, page by page, and told
// as if they had just been changed. That makes up for calls that were lost while nobody listened for more than eight days, or
// before the webhook was made. There is no cursor: the bot drops what it knows.
//
// # What is sent
//
// The address "rdv:<participation>" takes the status of one participation: excused, revoked, seen, noshow. Writing it twice changes
// nothing, so that no failure leaves doubt: whatever the service did not confirm is tried again.
package rdv

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"passeur/bot"
)

// name is the network's, and the first part of its addresses and event IDs.
const name = "rdv"

// Config is what an installation decides about the service.
type Config struct {
	Secret        string        // of the webhook, at least 8 characters; "" with API alone: no call is heard
	Organisations []string      // ids of those that are heard; empty: all
	Relay         bool          // reminders that are turned off there are Passeur's to send; else whom the service does not remind nobody does
	API           string        // "https://rdv.anct.gouv.fr"; "" nothing is asked and nothing sent
	ClientID      string        // of the OAuth application, with API
	ClientSecret  string        // of the OAuth application, with API
	Tokens        TokenStore    // holds the refresh token, with API
	Timeout       time.Duration // of one request to the API; 0: 10 s
}

// Fault is a setting that does not do, with a French sentence that says so and how to mend it.
type Fault struct {
	Setting string // "secret", as operators write it
	Text    string
}

// Error is the setting and the sentence.
func (f *Fault) Error() string { return f.Setting + " : " + f.Text }

// Check says what is wrong with the settings; nothing when New takes them. It opens no connection and reads no token.
func Check(c Config) (faults []Fault) {
	fault := func(wrong bool, setting, text string) {
		if wrong {
			faults = append(faults, Fault{setting, text})
		}
	}
	fault(c.Secret == "" && c.API == "", "secret", "ce réglage manque : recopiez le secret donné au webhook de RDV Service Public")
	fault(c.Secret != "" && len(c.Secret) < 8, "secret", "il faut au moins 8 caractères ; « openssl rand -hex 32 » en donne un bon, à recopier dans le webhook")
	for _, id := range c.Organisations {
		fault(!plainID(id), "organisations", fmt.Sprintf("« %s » n'est pas le numéro d'une organisation ; il se lit dans l'adresse de sa page : /organisations/7", id))
	}
	if c.API == "" {
		return faults
	}
	fault(!apiAddress(c.API), "api", "il faut l'adresse du service, en https et sans chemin : https://rdv.anct.gouv.fr")
	fault(c.ClientID == "", "client_id", "ce réglage manque, et l'API en a besoin : demandez une application OAuth à support@rdv-service-public.fr")
	fault(c.ClientSecret == "", "client_secret", "ce réglage manque, et l'API en a besoin : il est donné avec client_id")
	fault(c.Tokens == nil, "tokens", "il faut un fichier qui contient le jeton de renouvellement (refresh token)")
	return faults
}

// apiAddress: https, a host, nothing behind it. Plain http does within this machine.
func apiAddress(api string) bool {
	u, err := url.Parse(api)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// plainID: up to 64 letters, digits and dashes. The service numbers its records; what else it might use some day does not break a
// path or an event's ID.
func plainID(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '-' {
			return false
		}
	}
	return id != "" && len(id) <= 64
}

// Network is the service as the bot sees it: a bot.Network, a bot.Sender and, for its webhook, an http.Handler at /rdv/. It is safe
// for concurrent use, but for Listen, which runs once at a time.
type Network struct {
	secret        []byte
	organisations map[string]bool // empty: all
	relay         bool            // Config.Relay
	asked         []string        // organisations whose appointments are read; one "" for all
	api           *api            // nil without access
	log           *slog.Logger
	forged        atomic.Uint64
	foreign       atomic.Uint64
	strangers     sync.Map // ids of organisations that were logged as foreign
	ear           bot.Ear  // open while Listen runs
}

var (
	_ bot.Network  = (*Network)(nil)
	_ bot.Sender   = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// New returns the network. Its error is a *Fault: the first that Check finds.
func New(c Config, log *slog.Logger) (*Network, error) {
	if faults := Check(c); len(faults) > 0 {
		return nil, &faults[0]
	}
	n := &Network{secret: []byte(c.Secret), organisations: map[string]bool{}, relay: c.Relay, asked: c.Organisations, log: log.With("network", name)}
	for _, id := range c.Organisations {
		n.organisations[id] = true
	}
	if len(n.asked) == 0 {
		n.asked = []string{""}
	}
	if c.API != "" {
		n.api = newAPI(c)
	}
	return n, nil
}

// Name returns "rdv".
func (n *Network) Name() string { return name }

// Forged returns how many calls were turned away because they did not prove where they come from.
func (n *Network) Forged() uint64 { return n.forged.Load() }

// Foreign returns how many appointments were left out because their organisation is not among Config.Organisations.
func (n *Network) Foreign() uint64 { return n.foreign.Load() }

// Listen has the calls that ServeHTTP gets heard until ctx ends, and reads the appointments to come, if there is an API. Before and
// after, calls are answered 503, so that the service repeats them. When Listen returns, nothing is being heard any more. It never
// returns an error: an API that refuses is logged, and the webhook goes on.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	n.ear.Open(hear)
	defer n.ear.Close()
	if n.api == nil {
		<-ctx.Done()
		return nil
	}
	defer n.api.client.CloseIdleConnections()
	tick := time.NewTicker(time.Hour)
	defer tick.Stop()
	for {
		n.catchUp(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
