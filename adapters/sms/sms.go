// Package sms reaches people by SMS, through a gateway that speaks HTTP.
//
// A gateway is a Provider: three translations (texts to a request, an answer to a fate, a callback to events) without
// any network of their own, so that their tests are files. The Network around it does what is the same for all of
// them: it folds texts into GSM-7, refuses what the gateway would cut in silence, keeps connections alive, tells apart
// "not sent, try again" from "perhaps sent, never again", goes over to a second gateway while the first one fails, and lets
// no callback be heard that did not prove where it comes from. It tries twice by itself only where the gateway takes a text
// once however often it is handed over; otherwise only the scheduler does, because only it remembers.
//
// Incoming calls are answered 200 after the event is kept, never before: gateways repeat what was not taken.
//
// Where to look: sms (Network, settings, the list of gateways), settings, check; send (one text), failover (a gateway that fails three times in a row
// rests a minute, then longer, while the second one sends; the pause of the whole network is the scheduler's), gsm (segments, what is folded); receive (calls),
// number, charset; definition and described (a gateway in a file), hook (its calls); kannel, ovhcloud, mail, log (gateways in Go); optout (lists of STOP).
//
// To add a gateway: a file of definitions/ (see Definition), if its API can be said in one; else one file like kannel.go and one
// line in makers.
package sms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"passeur/bot"
)

// Text is one SMS ready to leave.
type Text struct {
	To       string   // E.164
	Key      string   // the task's key: what receipts give back
	Text     string   // folded
	Encoding Encoding // of Text
}

// Abilities are what a gateway can do.
type Abilities struct {
	Name     string // first part of the path of its callbacks, after /sms/, and of its events' IDs
	Receives bool   // answers come back
	Receipts bool   // delivery receipts come back
	Dedupes  bool   // a text sent twice under one key leaves once
	Fiction  bool   // may be given the numbers kept for fiction: it reaches no operator
	Phone    bool   // it is a phone with a SIM card, which French law keeps for people
	Batch    int    // how many texts one request may carry, at least 1
	MaxParts int    // the most parts that it sends without cutting; 0: no limit
}

// Provider translates between Passeur and one gateway. It opens no connection. Implementations are
// safe for concurrent use.
type Provider interface {
	// Can says what the gateway can do. It never changes.
	Can() Abilities
	// Request writes the texts as one request, with a body (POST) so that no HTTP client repeats it by itself.
	Request(ts ...Text) (*http.Request, error)
	// Sent reads the gateway's answer. An empty id means that the gateway gives none.
	// Its errors are those of bot.Sender.
	Sent(r *http.Response, body []byte) (id string, err error)
	// Received reads a callback. It proves the caller before it reads the body, which is cut at MaxBody. Events
	// without At happened now. Its errors are *Rejection, or any other for a call that makes no sense (400).
	Received(r *http.Request) (events []bot.Event, answer []byte, err error)
}

// clock is the time of a provider whose gateway signs with it, or gives calls none. Tests have it stand still.
type clock struct{ now func() time.Time }

func (c *clock) setClock(now func() time.Time) { c.now = now }

// BalanceReader is a Provider that can be asked how much is left on the account.
type BalanceReader interface {
	// Ask writes the question; nil when the settings do not allow it.
	Ask() *http.Request
	// Left reads the body of an answer with status 200.
	Left(body []byte) (Balance, error)
}

// OptOutList is a Provider that keeps a list of the numbers that said STOP to it, and does not always tell when.
type OptOutList interface {
	// AskStopped writes the question; nil when the settings do not allow it.
	AskStopped() *http.Request
	// Stopped reads the body of an answer with status 200: numbers in E.164.
	Stopped(body []byte) ([]string, error)
}

// Balance is what is left on the account of a gateway, in its own unit: "SMS", "crédits", "€".
type Balance struct {
	Provider string
	Left     float64
	Unit     string
}

// Config is what an installation decides about one gateway.
type Config struct {
	Provider    string        // a name of Names
	Definition  *Definition   // of a gateway that is described; nil for the others
	URL         string        // where the gateway takes messages
	Account     string        // whose account, where a gateway has several
	Username    string        // of its API
	Password    string        // of its API
	Token       string        // a second secret
	From        string        // what people see as the sender: a short code, or up to 11 letters and digits; "" the gateway's own
	Secret      string        // what callbacks must show, at least 16 characters of A-Z a-z 0-9 - _; "" nothing is received
	PublicURL   string        // where the gateway reaches Passeur: "https://passeur.example.fr"; "" no receipts
	MaxParts    int           // the most parts of a message; 0: the provider's own limit. It must not exceed the gateway's
	Rate        float64       // texts a second, of a backup; 0: no limit. The first gateway is paced by the scheduler
	Concurrency int           // requests at once, for which connections are kept; 0: 64
	Timeout     time.Duration // of one request; 0: 10 s
}

// setting is the value of a setting under the name that operators use.
func (c *Config) setting(name string) string {
	return map[string]string{"url": c.URL, "account": c.Account, "username": c.Username, "password": c.Password, "token": c.Token,
		"from": c.From, "secret": c.Secret, "public_url": c.PublicURL}[name]
}

// Name is what the gateway is called in the paths of its callbacks and in IDs.
func (c *Config) Name() string {
	if c.Definition != nil {
		return c.Definition.Name
	}
	return c.Provider
}

// Fault is a setting of a gateway that does not do, with a sentence that says so and how to mend it.
type Fault struct {
	Setting string // "url"
	Text    string
}

// Error is the setting and the sentence.
func (f *Fault) Error() string { return f.Setting + " : " + f.Text }

// maker makes one kind of gateway. Its errors are *Fault.
type maker struct {
	needs []string // the settings without which it cannot work
	tried bool     // against the real program
	http  func(Config) (Provider, error)
	own   func(Config, io.Writer) (way, error) // of those that are not spoken to over HTTP
}

// makers lists the gateways that have a file of Go; those of definitions/ have one of their own.
var makers = map[string]maker{
	"log":      {tried: true, own: newPaper},
	"kannel":   {tried: true, needs: []string{"url", "username", "password", "secret", "from"}, http: NewKannel},
	"ovhcloud": {needs: []string{"account", "username", "password", "token"}, http: NewOVHcloud},
	"mail2sms": {needs: []string{"url", "account", "from"}, own: newMail},
}

// Names returns the names of all gateways in alphabetical order: those of Go, the described ones, and "http", which the operator
// describes.
func Names() []string {
	names := append(slices.Collect(maps.Keys(makers)), Described()...)
	names = append(names, "http")
	slices.Sort(names)
	return names
}

// Check says what is wrong with the settings of a gateway; nothing when it can be opened.
func Check(c Config) (faults []Fault) {
	needs := makers[c.Provider].needs
	if c.Definition != nil {
		if err := c.Definition.check(); err != nil {
			return []Fault{{"definition", err.Error()}}
		}
		needs = c.Definition.Needs
	}
	for _, name := range needs {
		if c.setting(name) == "" {
			faults = append(faults, Fault{name, "ce réglage manque, et le fournisseur " + c.Provider + " en a besoin"})
		}
	}
	if len(faults) > 0 {
		return faults
	}
	if _, err := c.open(io.Discard); err != nil {
		if fault, ok := errors.AsType[*Fault](err); ok {
			return []Fault{*fault}
		}
		return []Fault{{"provider", err.Error()}}
	}
	return nil
}

// open makes the way through the gateway that c names. Its errors are *Fault.
func (c Config) open(out io.Writer) (way, error) {
	if err := checkSender(c.From); err != nil && c.Provider != "mail2sms" { // whose sender is a mail address
		return nil, err
	}
	if err := checkSecret(c.Secret); err != nil {
		return nil, err
	}
	m, known := makers[c.Provider]
	var p Provider
	var err error
	switch {
	case c.Definition != nil:
		p, err = newDescribed(c)
	case !known:
		return nil, &Fault{"provider", fmt.Sprintf("fournisseur inconnu « %s » ; choisissez parmi : %s", c.Provider, strings.Join(Names(), ", "))}
	case m.own != nil:
		return m.own(c, out)
	default:
		p, err = m.http(c)
	}
	if err != nil {
		return nil, err
	}
	return &over{Provider: p, client: newClient(orDefault(c.Concurrency, 64)), timeout: orDefault(c.Timeout, 10*time.Second), repeats: newRepeats()}, nil
}

// way is how a text leaves: a gateway over HTTP, mail, or the paper of a dry run.
type way interface {
	Can() Abilities
	// hand hands one text over; its errors are those of bot.Sender.
	hand(ctx context.Context, t Text) (id string, err error)
}

// Open returns the network for the gateway that c names and, unless backup is nil, for one that takes over while it fails. A dry run
// (provider log) writes to out. Errors are sentences for the operator.
func Open(c Config, backup *Config, out io.Writer, log *slog.Logger) (*Network, error) {
	n := &Network{log: log.With("network", "sms")}
	all := []Config{c}
	if backup != nil {
		all = append(all, *backup)
	}
	for i, one := range all {
		w, err := one.open(out)
		if err != nil {
			return nil, fmt.Errorf("fournisseur de SMS %s : %w", one.Provider, err)
		}
		r := &route{way: w, config: one, log: n.log.With("provider", w.Can().Name)}
		if i > 0 && one.Rate > 0 {
			r.pace = rate.NewLimiter(rate.Limit(one.Rate), max(1, int(one.Rate/20)))
		}
		n.routes = append(n.routes, r)
	}
	for _, warning := range n.Warnings() {
		log.Warn(warning)
	}
	return n, nil
}

// Network is SMS as the bot sees it: a bot.Network, a bot.Sender and, for callbacks, an http.Handler at /sms/.
type Network struct {
	routes []*route // the first one is used while it does well
	log    *slog.Logger
	forged atomic.Uint64
	ear    bot.Ear // open while Listen runs
}

var (
	_ bot.Network  = (*Network)(nil)
	_ bot.Sender   = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// Warnings are sentences for the operator about what works and should not last.
func (n *Network) Warnings() (out []string) {
	for _, r := range n.routes {
		// ARCEP decisions 2018-0881 and 2022-1583: 06 and 07 numbers are for people.
		if number := normalise(r.config.From); r.Can().Phone || strings.HasPrefix(number, "+33") && isMobile(number) {
			out = append(out, "SMS ("+r.config.Provider+") : un numéro en 06 ou 07 est interdit comme expéditeur d'un automate (ARCEP, décisions 2018-0881 et 2022-1583) : pour un essai seulement")
		}
		if d := r.config.Definition; d != nil && d.Checked == "" || d == nil && !makers[r.config.Provider].tried {
			out = append(out, "SMS ("+r.config.Name()+") : écrit d'après sa documentation, jamais vérifié contre le vrai service : envoyez-vous un message d'abord")
		}
	}
	return out
}

func orDefault[T int | time.Duration](value, otherwise T) T {
	if value > 0 {
		return value
	}
	return otherwise
}

// Name returns "sms".
func (n *Network) Name() string { return "sms" }

// Abilities tells the gate what can be said by SMS, whichever gateway it leaves through. Parts counts a text as it leaves, folded.
func (n *Network) Abilities() bot.Abilities {
	able := bot.Abilities{Parts: func(text string) int { return Segments(Fold(text)).Parts }, Fold: Fold}
	for _, r := range n.routes {
		can := r.Can()
		able.Receives, able.OneWay = able.Receives || r.hears(), able.OneWay || !r.hears()
		if can.MaxParts > 0 && (able.MaxParts == 0 || can.MaxParts < able.MaxParts) {
			able.MaxParts = can.MaxParts
		}
	}
	return able
}

// Forged returns how many callbacks were turned away because they did not prove where they come from.
func (n *Network) Forged() uint64 { return n.forged.Load() }

// Listen has the callbacks that ServeHTTP gets heard until ctx ends. Before and after they are answered 503, so that
// the gateway repeats them. When Listen returns, nothing is being heard any more. One Listen at a time.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	n.ear.Open(hear)
	n.watchStopped(ctx)
	n.ear.Close()
	for _, r := range n.routes {
		if o, ok := r.way.(*over); ok {
			o.client.CloseIdleConnections()
		}
	}
	return nil
}
