package bot

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// The router: which colleagues are asked a question, and why. It is arithmetic over what is known of them, and nothing else.

// Ring is how far from who asks a colleague is. A question begins in the nearest, and goes on to the next when nobody answers.
type Ring int

// The rings.
const (
	RingTerritory Ring = iota // in one of her départements
	RingHub                   // in one of her hubs
	RingEveryone
	RingUp // the coordinators, who are told at last

	rings = RingUp
)

// MostAsked is how many colleagues are asked at once.
const MostAsked = 3

// Candidate is a peer who may be asked now: at work, not on leave, not already asked.
type Candidate struct {
	ID       string
	Ring     Ring
	Presence Presence
	Free     time.Duration // until she is out of a permanence or an appointment; 0: she is free now
	Peer     *Peer
}

// Pick is a candidate that was chosen, and what spoke for it.
type Pick struct {
	Candidate
	Able   float64 // how likely it is that she can answer
	Chance float64 // how likely it is that she answers, soon
	worth  float64 // Chance, weighed by how much she was asked lately
	gain   float64 // the same, soon or late
}

// Weights of the router; `make sim` tells what they lead to.
const (
	enough     = 0.25             // how likely it should be that somebody answers soon: beyond, nobody more is asked at once, for everybody's budget is small
	patience   = 30 * time.Minute // of who asks: a colleague who is free so much later is worth e times less
	weary      = 0.9              // what each ask of the week leaves of somebody's will to answer
	fairness   = 0.25             // how fast who was asked lately comes later: worth is divided by (1 + fairness × what she was asked)
	fewestGain = 0.025            // of what an ask brings: below, it is only noise,
	spare      = 2                // unless there is nobody better, and she was asked no more often this week
)

// there is how much somebody's presence promises.
var there = map[Presence]float64{PresenceOnline: 1, PresenceUnknown: 0.8, PresenceAway: 0.7, PresenceOffline: 0.5, PresenceBusy: 0}

// weigh says what a candidate promises for a question of some themes.
func (c Candidate) weigh(themes []string, now time.Time) Pick {
	p := Pick{Candidate: c, Able: c.Peer.Able(themes, now)}
	asked := c.Peer.lately(now)
	answers := p.Able * c.Peer.reacts(now) * math.Pow(weary, float64(asked)) * there[c.Presence]
	soon := math.Exp(-float64(c.Free) / float64(patience))
	fair := 1 + fairness*c.Peer.Load.since(now, loadHalf)
	p.Chance, p.worth, p.gain = answers*soon, answers*soon/fair, answers/fair
	return p
}

// askable tells whether a candidate may be asked about some themes at all.
func (c Candidate) askable(themes []string, now time.Time) bool {
	p := c.Peer
	return !p.Off && !p.Pause.After(now) && p.affords(now) && there[c.Presence] > 0 &&
		!slices.ContainsFunc(themes, func(theme string) bool { return slices.Contains(p.Muted, theme) })
}

// Rank puts the candidates who may be asked about some themes in the order in which they should be: those of the rings that are open (up to and
// with ring) who promise enough, by what they promise, the more the less they were asked lately; of equal ones who was asked least recently, then by id.
func Rank(themes []string, ring Ring, now time.Time, all []Candidate) []Pick {
	near := slices.DeleteFunc(slices.Clone(all), func(c Candidate) bool { return c.Ring > ring })
	return slices.DeleteFunc(rankAll(themes, now, near), func(p Pick) bool { return p.gain < fewestGain })
}

// RankSpare is Rank of all who were hardly asked lately, however little they promise: rather somebody who may know, or later, than nobody.
func RankSpare(themes []string, now time.Time, all []Candidate) []Pick {
	return slices.DeleteFunc(rankAll(themes, now, all), func(p Pick) bool { return p.Peer.lately(now) > spare })
}

// rankAll is Rank of all who may be asked at all.
func rankAll(themes []string, now time.Time, all []Candidate) []Pick {
	out := make([]Pick, 0, len(all))
	for _, c := range all {
		if c.askable(themes, now) {
			out = append(out, c.weigh(themes, now))
		}
	}
	slices.SortFunc(out, func(a, b Pick) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), a.Peer.Load.At.Compare(b.Peer.Load.At), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// Choose takes the first of some picks, until it is likely enough that one of them answers: at most MostAsked less those who are being asked already, whose
// chances are in asking.
func Choose(picks []Pick, asking ...float64) []Pick {
	silence := 1.0
	for _, chance := range asking {
		silence *= 1 - chance
	}
	n := 0
	for n < len(picks) && n < MostAsked-len(asking) && 1-silence < enough {
		silence *= 1 - picks[n].Chance
		n++
	}
	return picks[:n]
}
