package sim

import (
	"slices"
	"strconv"
	"time"

	"passeur/bot"
)

// inChannel posts each question in the channel of the asker's département.
func inChannel(w *world) Outcome {
	return run(w, func(p *play, q, now int) {
		asker := p.questions[q].asker
		for who := range p.people {
			if who == asker || p.people[who].departement != p.people[asker].departement {
				continue
			}
			p.at(p.looks(who, now, delayed(p.ChannelLookMinutes, p.drawn(q, who, "channel"))), func(now int) {
				if p.able(q, who) && p.willing(q, who, now, p.ChannelAnswers) {
					p.answer(q, now)
				}
			})
		}
	}, never)
}

func never(int) bool { return false }

// toExpert asks the best expert of the theme who is at work, always the same one.
func toExpert(w *world) Outcome {
	return run(w, func(p *play, q, now int) {
		best := -1
		for who := range p.people {
			if who == p.questions[q].asker || p.onLeave(who, now) {
				continue
			}
			if theme := p.questions[q].theme; best < 0 || p.people[who].able[theme] > p.people[best].able[theme] {
				best = who
			}
		}
		p.inPrivate(q, best, now, func(now int, did reaction) {
			if did == answers {
				p.answer(q, now)
			}
		})
	}, never)
}

// reaction is what somebody does with what she is asked.
type reaction int

const (
	answers reaction = iota
	passes
)

// inPrivate asks somebody, and tells what she does; of what she ignores nothing is ever heard.
func (p *play) inPrivate(q, who, now int, tell func(now int, did reaction)) {
	p.asked[who] = append(p.asked[who], now)
	if p.drawn(q, who, "ignores").Float64() < p.Ignored {
		return
	}
	p.at(p.looks(who, now, delayed(p.AskLookMinutes, p.drawn(q, who, "looks"))), func(now int) {
		switch {
		case !p.able(q, who):
			tell(now, passes)
		case p.willing(q, who, now, 1):
			tell(now, answers)
		}
	})
}

// routed is the product's own way.
type routed struct {
	*play
	peers     []*bot.Peer
	inquiries []*bot.Inquiry
	told      []bool // the coordinator was
}

// byRouter asks as the bot does.
func byRouter(w *world) Outcome {
	r := &routed{inquiries: make([]*bot.Inquiry, len(w.questions)), told: make([]bool, len(w.questions))}
	for range w.people {
		r.peers = append(r.peers, &bot.Peer{Budget: w.Budget})
	}
	return run(w, func(p *play, q, now int) {
		r.play = p
		r.inquiries[q] = &bot.Inquiry{Themes: []string{strconv.Itoa(p.questions[q].theme)}}
		r.ask(q, now)
	}, func(q int) bool { return !r.told[q] })
}

// candidates are the colleagues of an asker who are at work: what a directory, an agenda and a list of leaves tell.
func (r *routed) candidates(q, now int) (all []bot.Candidate) {
	asker := &r.people[r.questions[q].asker]
	for who := range r.people {
		p := &r.people[who]
		if who == r.questions[q].asker || r.onLeave(who, now) {
			continue
		}
		c := bot.Candidate{ID: strconv.Itoa(who), Ring: bot.RingEveryone, Presence: bot.PresenceOnline, Peer: r.peers[who],
			Free: time.Duration(r.busyUntil(who, now)-now) * time.Minute}
		switch {
		case p.departement == asker.departement:
			c.Ring = bot.RingTerritory
		case p.hub == asker.hub:
			c.Ring = bot.RingHub
		}
		all = append(all, c)
	}
	return all
}

// ask asks whom the router names, in wider rings where nearer ones have nobody, and at last the coordinator.
func (r *routed) ask(q, now int) {
	inquiry, at := r.inquiries[q], r.clock(now)
	for {
		from := len(inquiry.Asks)
		for _, pick := range inquiry.Next(r.candidates(q, now), at) {
			inquiry.Ask(pick, at)
		}
		r.put(q, now, from)
		switch {
		case inquiry.Waited() > 0:
			return
		case !inquiry.Widen():
			r.told[q] = true
			return
		}
	}
}

// put puts the question to those who are asked from an index on, and looks again when their time is over.
func (r *routed) put(q, now, from int) {
	asks := r.inquiries[q].Asks
	due := now + int(r.inquiries[q].Wait(from).Minutes())
	for i := from; i < len(asks); i++ {
		asks[i].Due = r.clock(due)
		who, _ := strconv.Atoi(asks[i].Peer)
		r.inPrivate(q, who, now, func(now int, did reaction) { r.hears(q, who, now, did) })
	}
	if len(asks) > from {
		r.at(due, func(now int) { r.look(q, now) })
	}
}

// hears takes what a colleague does. Who sees that others answered meanwhile has nothing left to do.
func (r *routed) hears(q, who, now int, did reaction) {
	if r.answered[q] >= 0 {
		return
	}
	i := slices.IndexFunc(r.inquiries[q].Asks, func(a bot.Ask) bool { return a.Peer == strconv.Itoa(who) })
	if did == answers {
		r.answer(q, now)
		r.inquiries[q].Heard(i, bot.AskAnswered, r.peers[who], r.clock(now))
		return
	}
	r.inquiries[q].Heard(i, bot.AskPassed, r.peers[who], r.clock(now))
	if !r.told[q] {
		r.ask(q, now)
	}
}

// look goes on to the next ring when the time of all who were asked is over, and at last to the coordinator.
func (r *routed) look(q, now int) {
	inquiry := r.inquiries[q]
	if r.answered[q] >= 0 || r.told[q] || !inquiry.Expire(r.peerOf, r.clock(now)) {
		return
	}
	if inquiry.Waited() == 0 && !inquiry.Widen() {
		r.told[q] = true
		return
	}
	r.ask(q, now)
}

func (r *routed) peerOf(id string) *bot.Peer {
	who, _ := strconv.Atoi(id)
	return r.peers[who]
}
