// Package sms reaches people by SMS, through a gateway that speaks HTTP.
//
// A gateway is a Provider: three translations (texts to a request, an answer to a fate, a callback to events) without
// any network of their own, so that their tests are files. The Network around it does what is the same for all of
// them: it folds texts into GSM-7, refuses what the gateway would cut in silence, keeps connections alive, tells apart
// "not sent, try again" from "perhaps sent, never again", and lets no callback be heard that did not prove where it
// comes from. It never tries twice by itself: only the scheduler does, because only it remembers.
//
// Incoming calls are answered 200 after the event is kept, never before: gateways repeat what was not taken.
//
// To add a gateway: one file like kannel.go and one line in Providers.
package sms

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"passeur/bot"
	"passeur/intents"
)

// Receipt is the intent of a delivery receipt. Its event is the gateway's own word (bot.Itself) and carries two
// values: "receipt", one of Delivered, Failed, Rejected, and "task", the key of the task that was sent.
const Receipt intents.Intent = "accuse"

// The final states of a message. Passing ones (handed over, buffered) are not told.
const (
	Delivered = "delivered" // it is on the phone
	Failed    = "failed"    // the operator gave up: number gone, phone off too long
	Rejected  = "rejected"  // the operator refused it at once
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
	Batch    int    // how many texts one request may carry, at least 1
	MaxParts int    // the most parts that it sends without cutting; 0: no limit
}

// Provider translates between Passeur and one gateway. It reads no clock and opens no connection. Implementations are
// safe for concurrent use.
type Provider interface {
	// Can says what the gateway can do. It never changes.
	Can() Abilities
	// Request writes the texts as one request, with a body (POST) so that no HTTP client repeats it by itself.
	Request(ts ...Text) (*http.Request, error)
	// Sent reads the gateway's answer. An empty id means that the gateway gives none: the task's key stands for it.
	// Its errors are those of bot.Sender.
	Sent(r *http.Response, body []byte) (id string, err error)
	// Received reads a callback. It proves the caller before it reads the body, which is cut at MaxBody. Events
	// without At happened now. Its errors are *Rejection, or any other for a call that makes no sense (400).
	Received(r *http.Request) (events []bot.Event, answer []byte, err error)
}

// Config is what an installation decides about its gateway.
type Config struct {
	Provider    string        // a name of Providers
	URL         string        // where the gateway takes messages
	Username    string        //
	Password    string        //
	From        string        // what people see as the sender: a short code, or up to 11 letters and digits; "" the gateway's own
	Secret      string        // what callbacks must show, at least 16 characters of A-Z a-z 0-9 - _; "" nothing is received
	PublicURL   string        // where the gateway reaches Passeur: "https://passeur.example.fr"; "" no receipts
	MaxParts    int           // the most parts of a message; 0: 8. It must not exceed the gateway's own limit
	Concurrency int           // requests at once, for which connections are kept; 0: 64
	Timeout     time.Duration // of one request; 0: 10 s
}

// Providers lists the gateways there are.
var Providers = map[string]func(Config) (Provider, error){
	"kannel": NewKannel,
}

// Names returns the names of Providers in alphabetical order.
func Names() []string {
	names := make([]string, 0, len(Providers))
	for name := range Providers {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Open returns the network for the gateway that c names. Its errors are sentences for the operator.
func Open(c Config, log *slog.Logger) (*Network, error) {
	open, ok := Providers[c.Provider]
	if !ok {
		return nil, fmt.Errorf("passerelle SMS inconnue : %q ; choisir parmi : %s", c.Provider, strings.Join(Names(), ", "))
	}
	p, err := open(c)
	if err != nil {
		return nil, fmt.Errorf("passerelle SMS %s : %w", c.Provider, err)
	}
	return New(p, c, log), nil
}

// Network is SMS as the bot sees it: a bot.Network, a bot.Sender and, for callbacks, an http.Handler at /sms/.
type Network struct {
	provider Provider
	can      Abilities
	client   *http.Client
	timeout  time.Duration
	log      *slog.Logger
	forged   atomic.Uint64

	hearing sync.RWMutex // held for reading while an event is heard
	hear    bot.Hear     // nil: nobody listens
}

var (
	_ bot.Network  = (*Network)(nil)
	_ bot.Sender   = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// New returns the network over one gateway. Of c it reads Concurrency, Timeout and From.
func New(p Provider, c Config, log *slog.Logger) *Network {
	if strings.HasPrefix(normalise(c.From), "+33") && isMobile(normalise(c.From)) {
		// ARCEP decisions 2018-0881 and 2022-1583: 06 and 07 numbers are for people.
		log.Warn("un numéro en 06 ou 07 est interdit comme expéditeur d'un automate (ARCEP) : essais seulement")
	}
	return &Network{
		provider: p,
		can:      p.Can(),
		client:   newClient(orDefault(c.Concurrency, 64)),
		timeout:  orDefault(c.Timeout, 10*time.Second),
		log:      log.With("network", "sms", "provider", p.Can().Name),
	}
}

func orDefault[T int | time.Duration](value, otherwise T) T {
	if value > 0 {
		return value
	}
	return otherwise
}

// Name returns "sms".
func (n *Network) Name() string { return "sms" }

// Abilities tells the gate what can be said by SMS. Parts counts a text as it leaves, folded.
func (n *Network) Abilities() bot.Abilities {
	return bot.Abilities{
		Receives: n.can.Receives,
		MaxParts: n.can.MaxParts,
		Parts:    func(text string) int { return Segments(Fold(text)).Parts },
		Fold:     Fold,
	}
}

// Forged returns how many callbacks were turned away because they did not prove where they come from.
func (n *Network) Forged() uint64 { return n.forged.Load() }

// Listen has the callbacks that ServeHTTP gets heard until ctx ends. Before and after they are answered 503, so that
// the gateway repeats them. When Listen returns, nothing is being heard any more. One Listen at a time.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	n.listen(hear)
	<-ctx.Done()
	n.listen(nil)
	n.client.CloseIdleConnections()
	return nil
}

func (n *Network) listen(hear bot.Hear) {
	n.hearing.Lock()
	defer n.hearing.Unlock()
	n.hear = hear
}
