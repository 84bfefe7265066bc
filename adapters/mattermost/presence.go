package mattermost

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"passeur/bot"

	"github.com/mattermost/mattermost/server/public/model"
)

// Presence: which professionals are there now. By the WebSocket the server tells a change of somebody's status to herself alone. So the
// statuses of all who have a role are read, by the roster, each time that it has read everything and at each probe. They are kept in memory
// only, and believed for some minutes: then they are nobody's any more.

const (
	statusesAtOnce = 200             // of one request; the server sets no limit but that of a body (300 kB: some 10,000 ids)
	statusesKept   = 5 * time.Minute // after the last reading that succeeded
)

// presences are what statuses say. Who is out of office is not there.
var presences = map[string]bot.Presence{
	model.StatusOnline:      bot.PresenceOnline,
	model.StatusAway:        bot.PresenceAway,
	model.StatusDnd:         bot.PresenceBusy,
	model.StatusOffline:     bot.PresenceOffline,
	model.StatusOutOfOffice: bot.PresenceOffline,
}

// whoIsThere is what was read last.
type whoIsThere struct {
	mu sync.Mutex
	at time.Time
	of map[string]bot.Presence // by user id
}

// Presence tells whether a professional is there, as her status in Mattermost said when it was read last: when listening began or at a
// probe, hence about a minute ago. It asks nobody and never waits. It is bot.PresenceUnknown for who has no role, without Config.Team, when
// the server keeps no statuses, and when none could be read for five minutes.
func (a *Network) Presence(addr bot.Address) bot.Presence {
	a.there.mu.Lock()
	defer a.there.mu.Unlock()
	if addr.Network() != name || time.Since(a.there.at) > statusesKept {
		return bot.PresenceUnknown
	}
	return a.there.of[addr.ID()]
}

// readStatuses asks for the statuses of these users, and has Presence tell them, and nobody else's, from now on.
func (a *Network) readStatuses(ctx context.Context, users []string) error {
	read := map[string]bot.Presence{}
	for some := range slices.Chunk(users, statusesAtOnce) {
		statuses, _, err := a.api.GetUsersStatusesByIds(ctx, some)
		if err != nil {
			return fmt.Errorf("mattermost: read the statuses: %w", err)
		}
		for _, s := range statuses {
			read[s.UserId] = presences[s.Status]
		}
	}
	a.there.mu.Lock()
	defer a.there.mu.Unlock()
	a.there.at, a.there.of = time.Now(), read
	return nil
}

// seeWhoIsThere reads the statuses of all who have a role. That it fails is said once, until it succeeds again: nothing else depends on it.
func (d *roster) seeWhoIsThere(ctx context.Context) {
	var users []string
	for user, s := range d.told {
		if s.role.IsPro() {
			users = append(users, user)
		}
	}
	err := d.readStatuses(ctx, users)
	if err != nil && !d.blind && ctx.Err() == nil {
		d.log.Warn("mattermost: who is there could not be read", "error", err)
	}
	d.blind = err != nil
}
