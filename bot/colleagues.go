package bot

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"
)

// The colleagues whom the router may ask, in memory: a question must not wait until thousands of records were read. What is decided is decided on
// records that the turn loads (see Turn.solicit); here stands who is worth looking at, and that may be a little old.

// colleagues are all professionals. Reading them again reads what changed since.
type colleagues struct {
	mu     sync.Mutex
	people map[string]*colleague
	places map[string]map[string]bool // who is in a territory or a hub, by id
	upto   time.Time                  // of the newest record that was read
}

// colleague is a professional and what is known of her as a peer; neither is ever changed, only replaced.
type colleague struct {
	id     string
	person *Person
	peer   *Peer
}

// lookBack is how far behind the newest record one looks again: clocks of replicas differ, and what a network told late is dated back.
const lookBack = 2 * time.Minute

// refresh reads what changed since the last time.
func (c *colleagues) refresh(t *Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.people == nil {
		c.people, c.places = map[string]*colleague{}, map[string]map[string]bool{}
	}
	from := c.upto
	if !from.IsZero() {
		from = from.Add(-lookBack)
	}
	for _, role := range ProRoles() {
		for _, rec := range t.findAll(Query{Kind: "person", State: string(role), From: from}) {
			p := new(Person)
			if decode(rec, p) == nil {
				who := c.at(rec)
				c.move(who.id, who.person, p)
				who.person = p
			}
		}
	}
	for _, rec := range t.findAll(Query{Kind: "peer", From: from}) {
		p := new(Peer)
		if decode(rec, p) == nil {
			c.at(rec).peer = p
		}
	}
}

// rewind has the next reading begin early enough for a record that was written with an older date: what a network told late.
func (c *colleagues) rewind(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.upto = minTime(c.upto, at)
}

// at is the entry of a record's person, which is a new one.
func (c *colleagues) at(rec Record) *colleague {
	c.upto = maxTime(c.upto, rec.At)
	was := c.people[rec.ID]
	if was == nil {
		was = &colleague{id: rec.ID}
	}
	now := *was
	c.people[rec.ID] = &now
	return &now
}

// move notes in which places somebody is, and in which no more.
func (c *colleagues) move(id string, from, to *Person) {
	if from != nil {
		for _, place := range slices.Concat(from.Territories, from.Hubs) {
			delete(c.places[place], id)
		}
	}
	for _, place := range slices.Concat(to.Territories, to.Hubs) {
		if c.places[place] == nil {
			c.places[place] = map[string]bool{}
		}
		c.places[place][id] = true
	}
}

// all are those of everywhere.
func (c *colleagues) all() []*colleague {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make([]*colleague, 0, len(c.people))
	for _, who := range c.people {
		if who.person != nil {
			out = append(out, who)
		}
	}
	return out
}

// of are those of some territories and hubs.
func (c *colleagues) of(places ...string) (out []*colleague) {
	c.mu.Lock()
	defer c.mu.Unlock()
	in := map[string]bool{}
	for _, place := range places {
		maps.Copy(in, c.places[place])
	}
	for id := range in {
		if who := c.people[id]; who != nil {
			out = append(out, who)
		}
	}
	return out
}

// near are those in the rings of somebody, up to one.
func (c *colleagues) near(asker *Person, ring Ring) []*colleague {
	switch ring {
	case RingTerritory:
		return c.of(asker.Territories...)
	case RingHub:
		return c.of(slices.Concat(asker.Territories, asker.Hubs)...)
	}
	return c.all()
}

// forget leaves somebody out who is no professional any more.
func (c *colleagues) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if who := c.people[id]; who != nil && who.person != nil {
		c.move(id, who.person, &Person{})
	}
	delete(c.people, id)
}

// askables are those who may be asked now, in the rings that a question has come to. Whether they are in a permanence is looked up for the likeliest
// ones, and nobody else is one.
func (t *Turn) askables(q inquiry) []Candidate {
	asker, _ := load[Person](t, q.Owner)
	clocks := wallClocks{bot: t.bot, at: t.At}
	var all []Candidate
	for _, who := range t.bot.colleagues.near(asker, q.Ring) {
		ring := ringOf(asker, who.person)
		if ring > q.Ring || who.id == q.Owner || q.askOf(who.id) >= 0 || who.person.first() == "" {
			continue
		}
		peer := cmp.Or(who.peer, &nobodyYet)
		if clocks.atWork(who.person, peer) {
			all = append(all, Candidate{ID: who.id, Ring: ring, Presence: t.bot.presence(who.person.first()), Peer: peer})
		}
	}
	return t.unoccupied(q, all)
}

// nobodyYet is what is known of who was never asked and said nothing of herself.
var nobodyYet Peer

// looked is of how many likely colleagues the agenda is looked at, at most.
const looked = 10

// unoccupied are the likeliest candidates, with how long they are in what they are in now. Once enough of them are free, who promises less is not better.
func (t *Turn) unoccupied(q inquiry, all []Candidate) []Candidate {
	picks := rankAll(q.Themes, t.At, all)
	out := make([]Candidate, 0, looked)
	free := 0
	for _, p := range picks[:min(looked, len(picks))] {
		if free == MostAsked {
			break
		}
		if p.Free = t.occupied(p.ID); p.Free == 0 {
			free++
		}
		out = append(out, p.Candidate)
	}
	return out
}

// ringOf is how far one professional is from another.
func ringOf(from, to *Person) Ring {
	switch {
	case share(from.Territories, to.Territories):
		return RingTerritory
	case share(from.Hubs, to.Hubs):
		return RingHub
	}
	return RingEveryone
}

// share tells whether two short lists have something in common.
func share(a, b []string) bool {
	for _, s := range a {
		if slices.Contains(b, s) {
			return true
		}
	}
	return false
}

// occupied is how long a professional is in the permanence or the appointment that runs now.
func (t *Turn) occupied(id string) (left time.Duration) {
	until := func(end time.Time) { left = max(left, end.Sub(t.At)) }
	for _, rec := range t.find(Query{Kind: "permanence", Owner: id, State: permanenceOpen}) {
		var p Permanence // not loaded: the turn must not depend on what she does meanwhile
		if decode(rec, &p) != nil {
			continue
		}
		p.Owner = "" // of leave nothing needs to be known: who is on leave is not asked
		for _, s := range t.sessions(permanence{rec.ID, &p}, t.At, t.At.Add(time.Minute), 1) {
			if !s.Start.After(t.At) {
				until(s.End)
			}
		}
	}
	for _, rec := range t.find(Query{Kind: "rdv", Owner: id, From: t.At.Add(-longestRdv), To: t.At.Add(time.Minute)}) {
		var m Rdv
		if rec.State != cancelled && decode(rec, &m) == nil {
			until(m.At.Add(rdv{rec.ID, &m}.lasts()))
		}
	}
	return left
}
