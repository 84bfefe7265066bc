// Package telegram reaches usagers who chose it, through a bot account of Telegram and its Bot API. It is off unless the settings name an account.
//
// # What the library does and what is added
//
// Requests are those of github.com/go-telegram/bot; its own poller, its handlers and its webhook handler are not used, because they confirm an update
// before it is kept, and answer 200 to what proves nothing. Here:
//
//   - An update is heard before it is confirmed. The poller asks for the next ones only when all that it was given are handled and committed; the webhook
//     answers 200 after the commit. Who dies in between is given them again, and the bot handles an ID once ("telegram/<update_id>"). No place has to be
//     stored: an update stays with Telegram until it is confirmed, for 24 hours.
//   - What one person wrote is heard in order, whoever else is being heard at the same time. Of a webhook it is Telegram that keeps this order.
//   - One process polls: it holds the lease "telegram". A webhook needs none.
//   - A call proves itself first: POST only, the secret compared in constant time, then 1 MiB of body at most.
//
// # Sending
//
// A chat gets a message a second, a group 18 a minute, all together 25 a second (the scheduler's pace): below what Telegram counts. 429 pauses the
// network as long as it says. 403 means that she blocked the account: the message goes another way. After a 5xx, an answer that cannot be read or a request
// that may have been seen nobody knows whether the message arrived: it is not sent again. Texts are plain: nothing in them is read as markup.
//
// # Who is who
//
// An address is the id of a private chat, which is the person's. Groups are not heard. A shared contact is her own only if Telegram says so.
//
// Where to look: telegram (settings), update (what an update says), listen (polling), webhook, send, client (requests and what their failures mean), check.
package telegram

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	tg "github.com/go-telegram/bot"

	"passeur/bot"
)

// name is the network's, and the first part of its addresses and of its events' IDs.
const name = "telegram"

// publicAPI is Telegram's own server.
const publicAPI = "https://api.telegram.org"

// Config is what an installation decides, and what the house lends.
type Config struct {
	Token     string // of the bot account, as BotFather gave it
	Account   string // its name: "PasseurMancheBot"
	Secret    string // what Telegram shows when it calls: 16 to 256 of A-Z a-z 0-9 _ -; "": it is polled
	PublicURL string // where Telegram reaches Passeur, with a Secret: "https://passeur.example.fr"
	URL       string // of the Bot API server; "" Telegram's own

	// Hold waits for a name that one process holds; Take is the pace that all of them share, as bot.Cluster has both.
	Hold func(ctx context.Context, name string, ttl time.Duration) (bot.Lease, error)
	Take func(ctx context.Context, key string, rate bot.Rate, n int, now time.Time) (int, time.Duration, error)
	// KeyOf finds the key of the task whose message has this id, as bot.Store does.
	KeyOf func(ctx context.Context, ref string) (key string, err error)

	Pause time.Duration // before the first new try after a failure, doubled up to 30 times as long; 0: one second
	Poll  time.Duration // how long an empty answer is waited for, in whole seconds; 0: 50 s
}

// Network is the network. It is a bot.Network, a bot.Sender and, for webhooks, an http.Handler at /telegram/. It is safe for concurrent use, but for
// Listen, which runs once at a time.
type Network struct {
	cfg    Config
	api    *tg.Bot
	client *client
	log    *slog.Logger
	ear    bot.Ear // hears calls, while Listen runs
	forged atomic.Uint64
}

var (
	_ bot.Network  = (*Network)(nil)
	_ bot.Sender   = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// New returns the adapter; it connects to nothing yet. It fails on an empty token alone.
func New(cfg Config, log *slog.Logger) (*Network, error) {
	cfg.URL = strings.TrimRight(cmp.Or(cfg.URL, publicAPI), "/")
	cfg.PublicURL = strings.TrimRight(cfg.PublicURL, "/")
	cfg.Pause, cfg.Poll = cmp.Or(cfg.Pause, time.Second), cmp.Or(cfg.Poll, 50*time.Second)
	c := newClient(cfg.URL, cfg.Token)
	api, err := tg.New(cfg.Token, tg.WithSkipGetMe(), tg.WithServerURL(cfg.URL), tg.WithHTTPClient(cfg.Poll, c),
		tg.WithErrorsHandler(func(error) {})) // they come back from each call too, and may hold a text
	if err != nil {
		return nil, err
	}
	return &Network{cfg: cfg, api: api, client: c, log: log.With("network", name)}, nil
}

// Name returns "telegram".
func (n *Network) Name() string { return name }

// Abilities says that answers come back and that questions have buttons.
func (n *Network) Abilities() bot.Abilities {
	return bot.Abilities{Receives: true, Buttons: true, Pace: Rate.PerSecond}
}

// Rate is the pace of all messages together: Telegram takes about 30 a second.
var Rate = bot.Rate{PerSecond: 25, Burst: 2}

// Forged returns how many calls and contacts were turned away because they did not prove whose they are.
func (n *Network) Forged() uint64 { return n.forged.Load() }

// Link is what opens the account in Telegram and carries a word there, of at most 64 characters of A-Z a-z 0-9 _ -.
func Link(account, carried string) string { return "https://t.me/" + account + "?start=" + carried }

// called tells that Telegram calls, instead of being polled.
func (n *Network) called() bool { return n.cfg.Secret != "" && n.cfg.PublicURL != "" }
