package bot

import (
	"slices"
	"time"
)

// Inquiry is a question that a counsellor asks her colleagues.
type Inquiry struct {
	V      int      `json:"v"`
	Themes []string `json:"themes,omitempty"`
	Ring   Ring     `json:"ring,omitempty"` // the widest in which somebody was asked
	Asks   []Ask    `json:"asks,omitempty"` // in the order in which they were made, each colleague once
}

// Ask is that one colleague was asked, and what she did. Who passed is told to nobody.
type Ask struct {
	Peer   string    `json:"peer"`
	Ring   Ring      `json:"ring,omitempty"`
	At     time.Time `json:"at"`
	State  AskState  `json:"state"`
	Chance float64   `json:"chance"` // that she answers, as it was when she was asked
}

// AskState is what became of an ask.
type AskState string

// The states of an ask.
const (
	AskOpen     AskState = "open"     // she has said nothing yet
	AskTaken    AskState = "taken"    // she will answer
	AskPassed   AskState = "passed"   // not her, or not now
	AskAnswered AskState = "answered" // at least once
	AskLate     AskState = "late"     // her time was over before she said anything; she may still answer
)

// RingWait is how much working time a ring has, after its first ask, before the next one is asked.
const RingWait = 45 * time.Minute

// Next are those who should be asked now, of all who might be: enough of those in the rings that are open, besides those who are being asked and have
// said nothing yet. It is nobody while somebody has taken the question.
func (q *Inquiry) Next(all []Candidate, now time.Time) []Pick {
	var asking []float64
	asked := map[string]bool{}
	for _, a := range q.Asks {
		asked[a.Peer] = true
		switch a.State {
		case AskTaken:
			return nil
		case AskOpen:
			asking = append(asking, a.Chance)
		}
	}
	all = slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return asked[c.ID] })
	return Choose(Rank(q.Themes, q.Ring, now, all), asking...)
}

// Ask notes that a colleague is asked. It returns false, and notes nothing, when her budget is used up.
func (q *Inquiry) Ask(p Pick, now time.Time) bool {
	if !p.Peer.Ask(now) {
		return false
	}
	q.Asks = append(q.Asks, Ask{Peer: p.ID, Ring: p.Ring, At: now, State: AskOpen, Chance: p.Chance})
	return true
}

// Heard notes what a colleague who was asked did, and what that tells of her.
func (q *Inquiry) Heard(i int, state AskState, p *Peer, now time.Time) {
	was := q.Asks[i].State
	q.Asks[i].State = state
	if was == AskOpen || was == AskLate {
		p.heed(true, now)
	}
	switch state {
	case AskAnswered:
		if was != AskAnswered {
			p.learn(q.Themes, swayAnswered, now)
		}
	case AskPassed:
		p.learn(q.Themes, swayPassed, now)
	}
}

// Widen opens the next ring, and tells whether there was one. Those of whom nothing was heard, whose records are those that peer gives, are late: they
// are waited for no longer.
func (q *Inquiry) Widen(peer func(id string) *Peer, now time.Time) bool {
	for i := range q.Asks {
		if q.Asks[i].State == AskOpen {
			q.Asks[i].State = AskLate
			peer(q.Asks[i].Peer).heed(false, now)
		}
	}
	if q.Ring+1 >= rings {
		return false
	}
	q.Ring++
	return true
}
