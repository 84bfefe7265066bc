package bot

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Peer is a professional as somebody who may be asked what her colleagues do not know: what she said of herself, and what became of what she was
// asked. Nothing else is known of her, and nothing is read out of her other messages. Its id is the person's.
type Peer struct {
	V        int                  `json:"v"`
	Off      bool                 `json:"off,omitempty"`      // she wants no questions
	Muted    []string             `json:"muted,omitempty"`    // themes of which she wants none
	Declared []string             `json:"declared,omitempty"` // themes that she says she knows
	Pause    time.Time            `json:"pause,omitzero"`     // "pas maintenant": none before
	Work     WorkHours            `json:"work,omitzero"`      // the zero value: those of the installation
	Budget   int                  `json:"budget,omitempty"`   // how often she may be asked in seven days; 0: WeeklyBudget
	Asked    []time.Time          `json:"asked,omitempty"`    // when she was asked, in the budget's last days, the oldest first
	Load     Amount               `json:"load,omitzero"`      // how much she was asked lately
	Known    map[string]Knowledge `json:"known,omitempty"`    // what her answers showed, by theme
	Silent   Knowledge            `json:"silent,omitzero"`    // Yes: asks that she answered, took or passed; No: those that she left
	Open     []string             `json:"open,omitempty"`     // the questions that she was asked and that wait for her, the oldest first
}

// How much a professional is asked, and how long what is learnt of her counts.
const (
	// WeeklyBudget is how often a professional is asked in any seven days, at most, unless she says otherwise.
	WeeklyBudget = 5
	budgetSpan   = 7 * day
	// knowledgeHalf is how long it takes until what an answer showed counts half: laws and screens change.
	knowledgeHalf = 180 * day
	// loadHalf is the same of how much somebody was asked.
	loadHalf = 28 * day
)

// Amount is a number that halves with time: N at At.
type Amount struct {
	N  float64   `json:"n"`
	At time.Time `json:"at"`
}

// since is what is left of it.
func (a Amount) since(now time.Time, half time.Duration) float64 {
	if a.N == 0 || !now.After(a.At) {
		return a.N
	}
	return a.N * math.Exp2(-float64(now.Sub(a.At))/float64(half))
}

// Knowledge is what speaks for and against that somebody can answer, as it stood at a moment: it fades.
type Knowledge struct {
	Yes     float64   `json:"yes,omitempty"`
	No      float64   `json:"no,omitempty"`
	Answers int       `json:"answers,omitempty"` // how many answers she gave: what people are told, which does not fade
	At      time.Time `json:"at,omitzero"`
}

// faded is the same at another moment.
func (k Knowledge) faded(now time.Time) Knowledge {
	k.Yes, k.No, k.At = Amount{k.Yes, k.At}.since(now, knowledgeHalf), Amount{k.No, k.At}.since(now, knowledgeHalf), now
	return k
}

// sway is what something that a peer did says of what she knows.
type sway struct {
	yes, no float64
	answers int
}

// What is learnt, and how much of it: an answer that helped says more than one that was only given; somebody who names a colleague knows her.
var (
	swayAnswered = sway{yes: 1, answers: 1}
	swayAccepted = sway{yes: 1.5} // beside having answered
	swayThanked  = sway{yes: 0.5} // the same
	swayNoHelp   = sway{no: 1}
	swayPassed   = sway{no: 1}
	swayNamed    = sway{yes: 1.5} // a colleague said that she knows
)

// learn notes what something says of what a peer knows of some themes.
func (p *Peer) learn(themes []string, s sway, now time.Time) {
	if p.Known == nil {
		p.Known = map[string]Knowledge{}
	}
	for _, theme := range themes {
		k := p.Known[theme].faded(now)
		p.Known[theme] = Knowledge{k.Yes + s.yes, k.No + s.no, k.Answers + s.answers, now}
	}
}

// heed notes whether she reacted to what she was asked.
func (p *Peer) heed(reacted bool, now time.Time) {
	k := p.Silent.faded(now)
	if reacted {
		k.Yes++
	} else {
		k.No++
	}
	p.Silent = k
}

// What is supposed of who has shown nothing yet, as if so many asks had told it.
const (
	supposedYes, supposedNo = 0.35, 1.65 // one colleague in six can answer
	declaredYes, declaredNo = 2.4, 0.6   // four in five of those who say so
	heedYes, heedNo         = 8, 2       // four asks in five get some reaction
)

// Able is how likely it is that she can answer a question of some themes: from what she says she knows, and what her answers showed. Of several
// themes it is the middle.
func (p *Peer) Able(themes []string, now time.Time) float64 {
	if len(themes) == 0 {
		themes = []string{""}
	}
	sum := 0.0
	for _, theme := range themes {
		yes, no := supposedYes, supposedNo
		if slices.Contains(p.Declared, theme) {
			yes, no = declaredYes, declaredNo
		}
		k := p.Known[theme].faded(now)
		sum += (yes + k.Yes) / (yes + no + k.Yes + k.No)
	}
	return sum / float64(len(themes))
}

// reacts is how likely it is that she does something with what she is asked.
func (p *Peer) reacts(now time.Time) float64 {
	k := p.Silent.faded(now)
	return (heedYes + k.Yes) / (heedYes + heedNo + k.Yes + k.No)
}

// lately is how often she was asked in the budget's days before a moment.
func (p *Peer) lately(now time.Time) (n int) {
	for _, at := range p.Asked {
		if now.Sub(at) < budgetSpan {
			n++
		}
	}
	return n
}

// affords tells whether her budget has room for one more ask.
func (p *Peer) affords(now time.Time) bool { return p.lately(now) < cmp.Or(p.Budget, WeeklyBudget) }

// Ask notes that she is asked something now, unless her budget is used up: then it returns false, and notes nothing.
func (p *Peer) Ask(now time.Time) bool {
	if !p.affords(now) {
		return false
	}
	p.Asked = append(slices.DeleteFunc(p.Asked, func(at time.Time) bool { return now.Sub(at) >= budgetSpan }), now)
	p.Load = Amount{p.Load.since(now, loadHalf) + 1, now}
	return true
}

// unask takes back that she was asked, of somebody who was never reached.
func (p *Peer) unask(a Ask) {
	if a.Ring == RingUp {
		return
	}
	if i := slices.IndexFunc(p.Asked, func(at time.Time) bool { return at.Equal(a.At) }); i >= 0 {
		p.Asked = slices.Delete(p.Asked, i, i+1)
		p.Load.N = max(0, p.Load.N-1)
	}
	if a.State == AskLate {
		p.Silent.No = max(0, p.Silent.No-1)
	}
}
