package mattermost

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// roster knows who is in each channel, and tells the bot of everybody who has a role, once and again whenever something
// of her changes. As with posts, the WebSocket is a bell: a notice says where to look, what is true comes from REST. Every ten
// probes, and after every reconnection, everything is read again, since a notice may have been lost.
//
// Who has no role is not told of, unless she had one. What was told is kept in memory only: each start tells it again.
type roster struct {
	*listener
	lists    []*list
	accounts map[string]account  // of those in a list
	told     map[string]standing // of those who have a role, as the bot was told
	whole    bool                // everything was read once
	blind    bool                // who is there could not be read last time, which was said

	ended chan error    // gets one error when a person must mend something
	bell  chan struct{} // something was noticed

	mu      sync.Mutex
	noticed []notice // not looked at yet, each once
}

// list is who is in a channel; in the team when it makes the counsellors.
type list struct {
	teamChannel
	ofTeam  bool
	members map[string]bool // by user id
	fault   error           // why nobody counts as a member at present; nil: no reason
}

type account struct {
	name, locale string
	full         bool
}

// standing is what the bot is told of somebody. The zero standing is nobody's.
type standing struct {
	role                            bot.Role
	name, locale, territories, hubs string
}

// errStillThere: somebody is said to leave, and has not yet: the server says so before it is done.
var errStillThere = errors.New("mattermost: said to leave, and still there")

// untold is of somebody whom the bot knows from an earlier life: like nothing that can be told.
var untold = standing{role: bot.Itself}

// notice says where to look: at one person's place in a list, at her account, at a list, at who is there, or, empty, at everything.
type notice struct {
	user, list string
	left       bool // she is said to leave the team, and may still be in it
	statuses   bool // only whether those who have a role are there
	tries      int
}

// newRoster begins with those whom the bot takes for professionals: who is one no more must be told of.
func newRoster(ctx context.Context, l *listener) (*roster, error) {
	d := &roster{listener: l, accounts: map[string]account{}, told: map[string]standing{}, ended: make(chan error, 1), bell: make(chan struct{}, 1)}
	for _, c := range l.channels {
		d.lists = append(d.lists, &list{teamChannel: c})
	}
	if !l.byChannel() {
		d.lists = append(d.lists, &list{teamChannel: teamChannel{bot.Membership{Role: bot.Conseiller}, l.team}, ofTeam: true})
	}
	if l.cfg.Professionals == nil {
		return d, nil
	}
	known, err := l.cfg.Professionals(ctx)
	if err != nil {
		return nil, fmt.Errorf("mattermost: read who is a professional: %w", err)
	}
	for _, a := range known {
		d.told[a.ID()] = untold
	}
	return d, nil
}

// notice notes where to look; what waits already is not noted twice.
func (d *roster) notice(n notice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.Contains(d.noticed, n) && !slices.Contains(d.noticed, notice{}) {
		d.noticed = append(d.noticed, n)
	}
	select {
	case d.bell <- struct{}{}:
	default:
	}
}

// next waits for a notice; false: ctx ended.
func (d *roster) next(ctx context.Context) (notice, bool) {
	for ctx.Err() == nil {
		if n, ok := d.pop(); ok {
			return n, true
		}
		select {
		case <-d.bell:
		case <-ctx.Done():
		}
	}
	return notice{}, false
}

func (d *roster) pop() (n notice, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.noticed) == 0 {
		return notice{}, false
	}
	n, d.noticed = d.noticed[0], d.noticed[1:]
	return n, true
}

// run looks at what is noticed, one after the other, until ctx ends or a person must mend something.
func (d *roster) run(ctx context.Context) {
	wait := &backoff{first: d.cfg.Pause}
	for {
		n, ok := d.next(ctx)
		if !ok {
			return
		}
		err := d.follow(ctx, n)
		var person *mend
		switch {
		case err == nil:
			wait.reset()
		case errors.As(err, &person):
			d.ended <- err
			return
		case errors.Is(err, errStillThere):
			if n.tries++; n.tries <= patience {
				d.notice(n)
			}
			wait.sleep(ctx, err)
		case ctx.Err() == nil:
			d.log.Warn("mattermost: who is where could not be read, trying again", "failures", wait.tries+1, "error", err)
			d.notice(n)
			wait.sleep(ctx, err)
		}
	}
}

// follow looks, tells what changed, and then says what a person must mend. Before everything was read once nobody's standing is known.
func (d *roster) follow(ctx context.Context, n notice) error {
	if n.statuses {
		d.seeWhoIsThere(ctx)
		return nil
	}
	if err := d.look(ctx, n); err != nil {
		return err
	}
	if d.whole = d.whole || n == (notice{}); !d.whole {
		return nil
	}
	if err := d.tell(ctx); err != nil {
		return err
	}
	if n == (notice{}) {
		d.seeWhoIsThere(ctx)
	}
	return d.fault()
}

// fault is why a list that gives a role gives none; that another list cannot be read is only logged.
func (d *roster) fault() error {
	for _, l := range d.lists {
		if l.Role != bot.Anyone && l.fault != nil {
			return l.fault
		}
	}
	return nil
}

func (d *roster) look(ctx context.Context, n notice) error {
	if n.user != "" {
		return d.lookAt(ctx, n)
	}
	for _, l := range d.lists {
		if n.list != "" && n.list != l.id {
			continue
		}
		if err := d.read(ctx, l); err != nil {
			return err
		}
	}
	return nil
}

// read reads a whole list. One that cannot be trusted, or that the bot does not see, is empty.
func (d *roster) read(ctx context.Context, l *list) error {
	members, err := d.members(ctx, l)
	var person *mend
	if err != nil && !errors.As(err, &person) {
		return err
	}
	if l.members, l.fault = members, err; err != nil {
		d.log.Warn("mattermost: nobody counts as a member of a channel", "channel", l.id, "error", err)
	}
	return nil
}

// members asks the server for a list, page after page.
func (d *roster) members(ctx context.Context, l *list) (map[string]bool, error) {
	if err := d.examine(ctx, l); err != nil {
		return nil, err
	}
	out := map[string]bool{}
	for page := 0; ; page++ {
		users, resp, err := d.page(ctx, l, page)
		if gone(resp) && !l.ofTeam {
			return nil, d.unseen(l.Membership, err)
		}
		if err != nil {
			return nil, fmt.Errorf("mattermost: list the members: %w", err)
		}
		for _, u := range users {
			out[u.Id] = true
			d.accounts[u.Id] = d.accountOf(u)
		}
		if len(users) < pageSize {
			return out, nil
		}
	}
}

func (d *roster) page(ctx context.Context, l *list, page int) ([]*model.User, *model.Response, error) {
	if l.ofTeam {
		return d.api.GetUsersInTeam(ctx, l.id, page, pageSize, "")
	}
	return d.api.GetUsersInChannel(ctx, l.id, page, pageSize, "")
}

// examine makes sure that a channel is still there, and still gives what the settings say. Its errors that last are mend errors.
func (d *roster) examine(ctx context.Context, l *list) error {
	if l.ofTeam {
		return nil
	}
	c, resp, err := d.api.GetChannel(ctx, l.id)
	switch {
	case gone(resp) || err == nil && c.DeleteAt > 0:
		return d.unseen(l.Membership, err)
	case err != nil:
		return fmt.Errorf("mattermost: read a channel: %w", err)
	}
	return vouches(l.Membership, c)
}

// lookAt asks for one person: her places, as far as the notice is about them, and her account.
func (d *roster) lookAt(ctx context.Context, n notice) error {
	somewhere := false
	for _, l := range d.lists {
		if l.concerned(n) {
			in, err := d.isMember(ctx, l, n.user)
			if errors.Is(err, errUnseen) {
				return d.read(ctx, l)
			}
			if err != nil {
				return err
			}
			if in && n.left {
				return errStillThere
			}
			l.put(n.user, in)
		}
		somewhere = somewhere || l.members[n.user]
	}
	if !somewhere {
		delete(d.accounts, n.user)
		return nil
	}
	u, resp, err := d.api.GetUser(ctx, n.user, "")
	switch {
	case gone(resp):
		delete(d.accounts, n.user)
	case err != nil:
		return fmt.Errorf("mattermost: read an account: %w", err)
	default:
		d.accounts[n.user] = d.accountOf(u)
	}
	return nil
}

// concerned says whether a notice about a person tells something of her place in the list. Who enters any channel may have just
// entered the team.
func (l *list) concerned(n notice) bool {
	switch {
	case l.fault != nil || n.left:
		return l.members[n.user]
	case l.ofTeam:
		return n.list != "" && !l.members[n.user]
	}
	return n.list == l.id
}

func (l *list) put(user string, in bool) {
	if l.members == nil {
		l.members = map[string]bool{}
	}
	if in {
		l.members[user] = true
	} else {
		delete(l.members, user)
	}
}

func (d *roster) isMember(ctx context.Context, l *list, user string) (bool, error) {
	if l.ofTeam {
		return d.isInTeam(ctx, l.id, user)
	}
	return d.isIn(ctx, l.id, user)
}

// accountOf keeps what matters of an account; from now on what is said to its holder at once is in her language.
func (d *roster) accountOf(u *model.User) account {
	d.locales.Store(u.Id, u.Locale)
	return account{name: callName(u, d.cfg.SwapNames), locale: u.Locale, full: fullAccount(u)}
}

// standing is what somebody is now, as the lists say.
func (d *roster) standing(user string) standing {
	a := d.accounts[user]
	if !a.full {
		return standing{}
	}
	var role bot.Role
	var territories, hubs []string
	for _, l := range d.lists {
		if !l.members[user] {
			continue
		}
		if l.Role.Above(role) {
			role = l.Role
		}
		territories, hubs = with(territories, l.Territory), with(hubs, l.Hub)
	}
	if role == bot.Anyone {
		return standing{}
	}
	return standing{role, a.name, a.locale, strings.Join(territories, bot.TerritorySeparator), strings.Join(hubs, bot.HubSeparator)}
}

func with(list []string, item string) []string {
	if item == "" || slices.Contains(list, item) {
		return list
	}
	return append(list, item)
}

// tell has the bot hear of everybody whose standing is not the one that it was told.
func (d *roster) tell(ctx context.Context) error {
	users := slices.Concat(slices.Collect(maps.Keys(d.accounts)), slices.Collect(maps.Keys(d.told)))
	slices.Sort(users)
	for _, user := range slices.Compact(users) {
		now := d.standing(user)
		if now == d.told[user] {
			continue
		}
		if d.quiet {
			d.told[user] = now
			continue
		}
		if sure, err := d.sure(ctx, user, now); err != nil || !sure {
			if err != nil {
				return err
			}
			continue
		}
		if _, err := d.hear(ctx, member(user, now, time.Now().UTC())); err != nil {
			return fmt.Errorf("mattermost: news of a member not taken: %w", err)
		}
		if d.told[user] = now; now == (standing{}) {
			delete(d.told, user)
		}
	}
	return nil
}

// sure asks about somebody alone before she loses her role: while the pages of a list were read, one may have slipped from one
// page to the next.
func (d *roster) sure(ctx context.Context, user string, now standing) (bool, error) {
	if now.role != bot.Anyone || d.fault() != nil {
		return true, nil
	}
	who := &person{listener: d.listener, id: user}
	err := who.ask(ctx)
	return who.role == bot.Anyone, err
}

// member is the event that tells of somebody.
func member(user string, s standing, at time.Time) bot.Event {
	values := map[string]string{"name": s.name, "locale": s.locale, "territories": s.territories, "hubs": s.hubs}
	maps.DeleteFunc(values, func(_, v string) bool { return v == "" })
	return bot.Event{ID: fmt.Sprintf("%s/member/%s/%d", name, user, at.UnixMilli()), At: at, From: bot.Address(name + ":" + user), Role: s.role,
		Intent: bot.MemberIntent, Values: values}
}

// news reads a frame that says that somebody's place may have changed, or what a channel is.
func news(e *model.WebSocketEvent, team string) (n notice, ok bool) {
	if e == nil {
		return notice{}, false
	}
	data := func(key string) string { s, _ := e.GetData()[key].(string); return s }
	channel := data("channel_id")
	if b := e.GetBroadcast(); b != nil {
		channel = cmp.Or(channel, b.ChannelId)
	}
	switch e.EventType() {
	case model.WebsocketEventUserAdded, model.WebsocketEventUserRemoved:
		n = notice{user: data("user_id"), list: channel}
		return n, model.IsValidId(n.user) && model.IsValidId(n.list)
	case model.WebsocketEventLeaveTeam:
		n = notice{user: data("user_id"), left: true}
		return n, model.IsValidId(n.user) && data("team_id") == team
	case model.WebsocketEventUserUpdated:
		if u, _ := e.GetData()["user"].(*model.User); u != nil { // the client makes it one
			n.user = u.Id
		}
		return n, model.IsValidId(n.user)
	case model.WebsocketEventChannelConverted, model.WebsocketEventChannelUpdated, model.WebsocketEventChannelDeleted, model.WebsocketEventChannelRestored:
		return notice{list: channel}, model.IsValidId(channel)
	}
	return notice{}, false
}
