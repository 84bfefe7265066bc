// Package mattermost is the network of the counsellors: direct messages with one bot account of a Mattermost server
// (9.4 and later), over its REST API and its WebSocket. With an address that the server can call its messages have buttons;
// without one everything is done in words.
//
// Where to look: socket (the connection), listen (what a frame sets off), attend (while another process listens), history and conversation (words that are heard); people, channels, roster, named
// (who is who), presence (who is there); calls, press, dialog, reaction (buttons, the command, forms); marks (which questions go to colleagues); send, text,
// split (what is said); files (what comes and goes with words); wire, pause (patience with the server); install, check, self (setting it up).
//
// # Listening
//
// The WebSocket is a bell, never a source. A frame that announces a post in a direct channel only says "read that
// channel"; what is heard comes from the REST API, in the channel's order, from the last post heard. So a post that was
// written during a cut, a restart of either side or a full buffer takes the same path as any other, edits and
// deletions are never mistaken for words, and a forged or damaged frame cannot say anything. One request for each message is
// the price. After every (re)connection, and every ten probes, all direct channels in which something moved are read.
//
// The protocol has a "reliable" resume: a client that comes back with its connection's id and the last number it saw is sent
// what it missed. It is not used, because it would not do: the server keeps 128 frames for five minutes, in the memory of the
// node that held the connection. A crowd, a longer cut, a restart or another node of a cluster end in a new connection id, which
// means "read everything again"; and that reading must then be right in all cases, so it is the only way there is.
//
// A connection can die without a word: it is pinged, and one that stays silent is given up, with the idle connections of its
// time.
//
// Each channel has its own reader, at most eight of them at work at once. When its words are not taken (hear returns an
// error) it waits and reads again from the same place, while the others go on.
//
// # Where reading begins
//
//   - With a cursor, after that post, also when it was deleted. Posts of the five seconds before it that this process has
//     not heard are heard too: the server orders posts by the millisecond in which it began to write them, so one can
//     appear behind another that is already read. The bot handles an ID once.
//   - With a cursor that the server has forgotten altogether (data retention), with the posts of the last 30 days (horizon):
//     the bot remembers IDs for longer, so that nothing is done twice.
//   - Without a cursor nothing of that channel was ever taken: a counsellor may have written first, while the bot was
//     down. What people wrote in the last 30 days is heard, but only since the bot's own newest post there that is more
//     than 15 minutes older than this start: what stands before that post was answered in an earlier life of the account.
//     The 15 minutes keep a message that the bot sends while it starts, or a replica while another takes over, from hiding
//     words that nobody has heard.
//
// # People
//
// Nobody registers. Who is a counsellor or a coordinator, and of which territory, is read off the channels that people are in
// (channels.go), asked afresh for each reading of a channel and each call. The bot is told of everybody who has a role, and of
// what changes, so that it knows people before they write (roster.go).
//
// # Sending
//
// A post carries the task's key and what it is about in its properties (passeur_key, passeur_about), so a later attempt
// can ask the server whether an earlier one arrived, and a reply in its thread is known to be about that. The post that has the file of a
// message says so too (passeur_file).
//
// A server that limits the rate (429) is obeyed by everything that asks it anything; see wire.
package mattermost

import (
	"cmp"
	"context"
	"errors"
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

	"github.com/mattermost/mattermost/server/public/model"
)

// timeout is how long the server has for an answer.
const timeout = 30 * time.Second

// name is the network's, and the first part of its addresses, event IDs and cursors.
const name = "mattermost"

// The properties of the bot's posts.
const (
	propKey   = "passeur_key"
	propAbout = "passeur_about"
)

// Config says where the server is and who the bot is there.
type Config struct {
	URL      string           // "https://mattermost.example.org", with a path when the server has one
	Token    string           // access token of a bot account
	Team     string           // short name of the team whose members are counsellors; "" every full account is one
	Channels []bot.Membership // of Team, and what being in each means; with one that makes counsellors, being in the team does not
	// Professionals are the addresses of those whom the bot takes for professionals as Listen begins: who is one no more is told
	// of. nil: nobody.
	Professionals func(ctx context.Context) ([]bot.Address, error)
	// Hold waits for a name that one process holds, as bot.Cluster has it: of several that run beside each other one hears what is posted, all hear
	// calls. Two at once do no harm. nil: this process is alone.
	Hold         func(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error)
	PublicURL    string // where the server reaches Passeur, "https://passeur.example.fr"; "", or of this machine alone while the server is elsewhere: no buttons, words only
	ProofKey     []byte // 32 bytes that prove that a button is Passeur's own
	CommandToken string // of the slash command, as the server gave it; "" there is none
	// Say gives a sentence of the catalogue ("mattermost.…") in the language of a locale ("en"); nil: the key itself.
	Say       func(locale, key string) string
	Attach    bot.Attach    // makes what goes with a message; nil: nothing does
	AskEmoji  string        // below a post of a channel it asks that its question be put to colleagues: "sos"; "" none does
	SwapNames bool          // the server's first names are family names, as a provisioning script of 2021 wrote them
	Probe     time.Duration // between two proofs that the token still holds; 0: one minute
	Pause     time.Duration // before the first new try after a failure, doubled up to 30 times as long; 0: one second
	Timeout   time.Duration // for one answer of the server; 0: 30 s
	Silence   time.Duration // a WebSocket on which nothing comes for so long is dead, though nobody closed it; 0: 75 s
}

// Cursors returns the stored cursors of this network: the last post id heard, by "mattermost:<channel id>".
type Cursors func(ctx context.Context) (map[string]string, error)

// Network is the network. It implements bot.Network and bot.Sender and is safe for concurrent use, but for Listen, which
// runs once at a time.
type Network struct {
	cfg     Config
	api     *model.Client4
	wire    *wire // of api; the WebSocket asks it too when it may connect
	cursors Cursors
	log     *slog.Logger

	mu     sync.Mutex
	me     string            // the bot's user id, once known
	major  int               // of the server's version, as its hello said; 0: not known yet
	minor  int               //
	direct map[string]opened // by user id

	locales sync.Map // by user id: the locale of professionals, and of who spoke

	forgeries atomic.Uint64 // calls that proved nothing

	there whoIsThere // for Presence

	ear bot.Ear // hears calls, while Listen is connected or connects again
}

// New returns the adapter; it connects to nothing yet.
func New(cfg Config, cursors Cursors, log *slog.Logger) *Network {
	cfg.URL, cfg.PublicURL = strings.TrimRight(cfg.URL, "/"), strings.TrimRight(cfg.PublicURL, "/")
	cfg.Probe = cmp.Or(cfg.Probe, time.Minute)
	cfg.Pause = cmp.Or(cfg.Pause, time.Second)
	cfg.Timeout, cfg.Silence = cmp.Or(cfg.Timeout, timeout), cmp.Or(cfg.Silence, silence)
	if onLoopback(cfg.PublicURL) && !onLoopback(cfg.URL) {
		cfg.PublicURL = "" // an address for a gateway beside Passeur: a server elsewhere cannot call it
	}
	api, wire := newClient(cfg.URL, cfg.Token, cfg.Timeout)
	return &Network{cfg: cfg, api: api, wire: wire, cursors: cursors, log: log, direct: map[string]opened{}}
}

// say is a sentence for a person, in her language.
func (a *Network) say(user, key string) string {
	if a.cfg.Say == nil {
		return key
	}
	locale, _ := a.locales.Load(user)
	s, _ := locale.(string)
	return a.cfg.Say(s, key)
}

// onLoopback tells that an address is that of its own machine.
func onLoopback(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Hostname() == "localhost" || net.ParseIP(u.Hostname()).IsLoopback())
}

// Abilities says that answers come back, that questions are answered at a touch (by buttons, or by reactions without an address
// that the server can call), whether files go with messages, and whether forms open.
func (a *Network) Abilities() bot.Abilities {
	return bot.Abilities{Receives: true, AnyHour: true, Buttons: true, Files: a.cfg.Attach != nil, Forms: a.cfg.PublicURL != ""}
}

// Name returns "mattermost".
func (a *Network) Name() string { return name }

// mend is an error that only a person can end. Its sentence is French and says how.
type mend struct {
	sentence string
	cause    error
}

func (e *mend) Error() string { return e.sentence }
func (e *mend) Unwrap() error { return e.cause }

// checkURL refuses an address that no server can have.
func (a *Network) checkURL() error { return checkAddress(a.cfg.URL) }

func checkAddress(address string) error {
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return nil
	}
	return &mend{"L'adresse du serveur Mattermost n'est pas valable : " + address +
		". Écrivez-la en entier dans les réglages, par exemple https://mattermost.exemple.fr", err}
}

// since tells that the server is at least of a version; one that has not said is old.
func (a *Network) since(major, minor int) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.major > major || a.major == major && a.minor >= minor
}

// whoami asks the server whose token this is. A refused token is a mend error; any other error may pass.
func (a *Network) whoami(ctx context.Context) (*model.User, *model.Response, error) {
	u, resp, err := a.api.GetMe(ctx, "")
	if err != nil {
		return nil, resp, a.explain(ctx, resp, err)
	}
	a.mu.Lock()
	a.me = u.Id
	a.mu.Unlock()
	return u, resp, nil
}

// explain tells a refused token from a server in trouble: with its database away, Mattermost answers 401 to every
// token. Only a server that says it is well is believed.
func (a *Network) explain(ctx context.Context, resp *model.Response, err error) error {
	var said *model.AppError
	if status(resp) != http.StatusUnauthorized || !errors.As(err, &said) {
		return fmt.Errorf("mattermost: who am I: %w", err)
	}
	_, resp, ping := a.api.GetPingWithOptions(ctx, model.SystemPingOptions{FullStatus: true})
	if ping != nil || status(resp) != http.StatusOK {
		return fmt.Errorf("mattermost: who am I: %w", err)
	}
	return &mend{"Mattermost refuse le jeton du bot : il a été révoqué, ou le compte du bot est désactivé. Dans Mattermost, " +
		"ouvrez Intégrations > Comptes de bot, vérifiez que le bot est actif, créez un nouveau jeton et mettez-le dans les réglages", err}
}

// myself returns the bot's user id, asked for once.
func (a *Network) myself(ctx context.Context) (string, error) {
	a.mu.Lock()
	me := a.me
	a.mu.Unlock()
	if me != "" {
		return me, nil
	}
	u, _, err := a.whoami(ctx)
	if err != nil {
		return "", err
	}
	return u.Id, nil
}

// status returns the HTTP status of an answer, 0 when there was none.
func status(resp *model.Response) int {
	if resp == nil {
		return 0
	}
	return resp.StatusCode
}

// gone says that the server knows no such thing, or does not show it to the bot.
func gone(resp *model.Response) bool {
	s := status(resp)
	return s == http.StatusNotFound || s == http.StatusForbidden
}

var (
	_ bot.Network = (*Network)(nil)
	_ bot.Sender  = (*Network)(nil)
)
