package ical

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"passeur/bot"
)

// Pace of the polls.
const (
	usualEvery = 15 * time.Minute
	leastEvery = time.Minute
	soon       = time.Minute // when the bot did not take what it was told
	loggedAt   = 3           // failures in a row
)

// Feed is a calendar that is read.
type Feed struct {
	Name  string        // in IDs, in logs and for people: small letters, digits and hyphens, at most 40
	URL   string        // https://, http:// or webcal://, which is https://. A secret
	Every time.Duration // between two polls, at least a minute; 0: 15 minutes
}

var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)

// check says what is wrong with the feed, without its address.
func (f Feed) check() error {
	if !nameForm.MatchString(f.Name) {
		return fmt.Errorf("agenda « %s » : le nom ne doit avoir que des minuscules, des chiffres et des tirets, 40 au plus", clean(f.Name, 40))
	}
	u, err := url.Parse(address(f.URL))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("agenda « %s » : l'adresse doit commencer par https:// ou webcal://, et contenir un nom de serveur", f.Name)
	}
	if f.Every != 0 && f.Every < leastEvery {
		return fmt.Errorf("agenda « %s » : il ne peut pas être lu plus d'une fois par minute ; mettez « 1m » ou plus", f.Name)
	}
	return nil
}

// address is an URL as it is asked for.
func address(u string) string {
	u = strings.TrimSpace(u)
	if scheme, rest, ok := strings.Cut(u, "://"); ok && (strings.EqualFold(scheme, "webcal") || strings.EqualFold(scheme, "webcals")) {
		return "https://" + rest
	}
	return u
}

// FeedStatus is how the reading of a feed goes.
type FeedStatus struct {
	Name     string
	LastRead time.Time // the last time that it could be read, changed or not; zero: never
	Entries  int       // of the last reading
	Problems []Problem // of the last reading
	Err      error     // why it cannot be read now, a French sentence without its address; nil: it can
}

// Network is the network "ical": feeds that are read and, over HTTP, those of the bot that are served. Nobody is reached by it.
type Network struct {
	feeds  []*feed
	zone   *time.Location
	client *http.Client
	log    *slog.Logger
	pages  http.Handler
}

var (
	_ bot.Network  = (*Network)(nil)
	_ http.Handler = (*Network)(nil)
)

// New returns the network of some feeds, whose times without a zone are of zone, which must bear an IANA name. What serve finds is
// served at /ical/<token>.ics; with nil nothing is. Errors are sentences for the operator.
func New(feeds []Feed, zone *time.Location, serve Source, log *slog.Logger) (*Network, error) {
	if name := zone.String(); name == "Local" || load(name) == nil {
		return nil, fmt.Errorf("agendas : « %s » n'est pas un fuseau horaire ; mettez un nom comme Europe/Paris", name)
	}
	n := &Network{zone: zone, client: newClient(), log: log.With("network", "ical"), pages: Handler(serve, log)}
	names := map[string]bool{}
	for _, f := range feeds {
		if err := f.check(); err != nil {
			return nil, err
		}
		if names[f.Name] {
			return nil, fmt.Errorf("deux agendas s'appellent « %s » : donnez à chacun un nom", f.Name)
		}
		names[f.Name] = true
		if f.Every == 0 {
			f.Every = usualEvery
		}
		n.feeds = append(n.feeds, &feed{Feed: f, status: FeedStatus{Name: f.Name}, told: map[string]string{}, said: map[string]bool{}})
	}
	return n, nil
}

// Name returns "ical".
func (n *Network) Name() string { return "ical" }

// ServeHTTP serves the bot's own feeds.
func (n *Network) ServeHTTP(w http.ResponseWriter, r *http.Request) { n.pages.ServeHTTP(w, r) }

// Listen reads all feeds again and again until ctx ends, and then returns nil. Nothing that goes wrong with a feed ends it.
func (n *Network) Listen(ctx context.Context, hear bot.Hear) error {
	var all sync.WaitGroup
	for _, f := range n.feeds {
		all.Go(func() { n.follow(ctx, f, hear) })
	}
	<-ctx.Done()
	all.Wait()
	n.client.CloseIdleConnections()
	return nil
}

// Status says how the reading of each feed goes, in the order of New.
func (n *Network) Status() (all []FeedStatus) {
	for _, f := range n.feeds {
		all = append(all, f.look())
	}
	return all
}

// Check reads each feed once, tells nothing of it, and returns what Status would.
func (n *Network) Check(ctx context.Context) (all []FeedStatus) {
	for _, f := range n.feeds {
		now := time.Now()
		got, _, err := n.fetch(ctx, f.Feed, validators{}, now)
		s := FeedStatus{Name: f.Name, Err: err}
		if err == nil {
			s.LastRead, s.Entries, s.Problems = now, len(got.entries), got.problems
		}
		all = append(all, s)
	}
	return all
}

// follow polls one feed until ctx ends.
func (n *Network) follow(ctx context.Context, f *feed, hear bot.Hear) {
	for {
		wait := f.Every
		if n.poll(ctx, f, hear) != nil {
			wait = soon
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// poll reads a feed once and tells what is new. Its error is that of hear: a feed that cannot be read is noted in its status.
func (n *Network) poll(ctx context.Context, f *feed, hear bot.Hear) error {
	now := time.Now()
	got, fresh, err := n.fetch(ctx, f.Feed, f.validators, now)
	if ctx.Err() != nil {
		return nil
	}
	f.note(n.log, got, now, err)
	if err != nil || got == nil {
		return nil
	}
	f.validators = validators{} // a poll that is given up is read again, whole
	if err := f.tell(ctx, hear, got, now); err != nil {
		if !f.untaken && ctx.Err() == nil {
			n.log.Warn("what a calendar tells was not taken; trying again each minute", "feed", f.Name, "error", err)
		}
		f.untaken = true
		return err
	}
	f.validators, f.untaken = fresh, false
	return nil
}

// feed is a feed and what is known of it. All but the status is touched by its own goroutine only.
type feed struct {
	Feed
	validators validators
	told       map[string]string // the digest of each entry, by its key, as the bot knows it
	said       map[string]bool   // digests that were told since the start
	uids       string            // the digest of the UIDs that were told; "" before the first reading
	untaken    bool              // the bot did not take the last poll

	mu     sync.Mutex
	status FeedStatus
	failed int // times in a row
}

func (f *feed) look() FeedStatus {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.status
	s.Problems = slices.Clone(s.Problems)
	return s
}

// note keeps how a poll went. The third failure in a row is logged, and the end of it.
func (f *feed) note(log *slog.Logger, got *found, now time.Time, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.status.Err = err
	if err != nil {
		if f.failed++; f.failed == loggedAt {
			log.Warn("a calendar cannot be read", "feed", f.Name, "error", err)
		}
		return
	}
	if f.failed >= loggedAt {
		log.Info("a calendar is read again", "feed", f.Name)
	}
	f.failed, f.status.LastRead = 0, now
	if got != nil {
		f.status.Entries, f.status.Problems = len(got.entries), got.problems
	}
}

// mostSaid bounds feed.said.
const mostSaid = 20 * MaxEntries

// tell hands over what differs from what was told, then the UIDs if they do. What was taken before an error stays told.
func (f *feed) tell(ctx context.Context, hear bot.Hear, got *found, now time.Time) error {
	uids := slices.Clone(got.unread)
	present, unread := map[string]bool{}, map[string]bool{}
	for _, uid := range uids {
		unread[uid] = true
	}
	for _, e := range got.entries {
		e.Feed = f.Name
		uids = append(uids, e.UID)
		present[key(e)] = true
		if err := f.tellEntry(ctx, hear, e, now); err != nil {
			return err
		}
	}
	slices.Sort(uids)
	uids = slices.Compact(uids)
	if err := f.tellState(ctx, hear, uids, now); err != nil {
		return err
	}
	for key := range f.told { // what comes back is told again
		uid, _, _ := strings.Cut(key, "\x00")
		if !present[key] && !unread[uid] {
			delete(f.told, key)
		}
	}
	return nil
}

func (f *feed) tellEntry(ctx context.Context, hear bot.Hear, e bot.FeedEntry, now time.Time) error {
	body, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("entry of %s: %w", f.Name, err)
	}
	hash := digest(string(body))
	if f.told[key(e)] == hash {
		return nil
	}
	id := "ical/" + f.Name + "/" + hash
	if f.said[hash] || len(f.said) >= mostSaid { // changed, or erased, and changed back: that is news as well
		id = fmt.Sprintf("%s/%d", id, now.Unix())
	}
	event := bot.Event{ID: id, At: now, Role: bot.Itself, Intent: bot.FeedEntryIntent,
		About: "agenda/" + f.Name + "/" + digest(e.UID), Values: map[string]string{bot.OutsideValue: string(body)}}
	if _, err := hear(ctx, event); err != nil {
		return err
	}
	f.told[key(e)], f.said[hash] = hash, true
	return nil
}

func (f *feed) tellState(ctx context.Context, hear bot.Hear, uids []string, now time.Time) error {
	hash := digest(uids...)
	if hash == f.uids {
		return nil
	}
	body, err := json.Marshal(bot.FeedState{Feed: f.Name, UIDs: uids})
	if err != nil {
		return fmt.Errorf("state of %s: %w", f.Name, err)
	}
	event := bot.Event{ID: fmt.Sprintf("ical/%s/etat/%s/%d", f.Name, hash, now.Unix()), At: now, Role: bot.Itself,
		Intent: bot.FeedStateIntent, About: "agenda/" + f.Name, Values: map[string]string{bot.OutsideValue: string(body)}}
	if _, err := hear(ctx, event); err != nil {
		return err
	}
	f.uids = hash
	return nil
}
