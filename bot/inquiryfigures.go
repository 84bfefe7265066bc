package bot

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// What coordinators see of the questions of their territories: what waits, what nobody knows, how soon one is answered. Nobody's own figures are shown to
// anybody else.

// The figures of questions: Owner is the territory of who asks, Month that in which she asked. They live on when the questions are erased.
const (
	inquiryTally  = "question"
	byInquiry     = "suite"
	byTheme       = "theme"
	byThemeDone   = "theme-repondu"
	byFirstAnswer = "delai"

	inquiryAsked = "posee"
	inquiryFound = "trouvee" // an answered one did, and nobody was asked
)

// answerSpells are the upper bounds, in minutes of working time, in which first answers are counted: the last has none.
var answerSpells = []int{15, 30, 60, 120, 240, 480, 1440, 0}

func (t *Turn) count(territory string, at time.Time, dimension, value string) {
	t.change.Tally = append(t.change.Tally, Count{Kind: inquiryTally, Owner: territory, Month: monthOf(at), Dimension: dimension, Value: value, N: 1})
}

// countInquiry counts what became of a question.
func (t *Turn) countInquiry(territory, outcome string) { t.count(territory, t.At, byInquiry, outcome) }

// countAsked counts a question that is asked, and its themes.
func (t *Turn) countAsked(q inquiry) {
	place := t.askerPlace(q)
	t.countInquiry(place, inquiryAsked)
	for _, theme := range q.Themes {
		t.count(place, t.At, byTheme, theme)
	}
}

// countFirst counts the first answer to a question, and how much working time it took.
func (t *Turn) countFirst(q inquiry) {
	place := t.askerPlace(q)
	t.count(place, q.Asked, byInquiry, inquiryAnswered)
	for _, theme := range q.Themes {
		t.count(place, q.Asked, byThemeDone, theme)
	}
	minutes := int(t.bot.workedBetween(q.Asked, t.At, place).Minutes())
	t.count(place, q.Asked, byFirstAnswer, number(spellOf(minutes, answerSpells)))
}

// InquirySheet are the figures of the questions of some territories, in three months.
type InquirySheet struct {
	Territories []string
	Since       string // the first month: "2026-10"
	Outcomes    []Figure
	Spells      []Figure // first answers by how much working time they took
	Unanswered  []Figure // themes, by how many of their questions nobody answered, the most first
	NoExpert    []string // the names of themes that were asked and of which nobody there is thought to know much
	Load        []Figure // how many colleagues were asked so often in the last seven days
	Median      string   // the spell in which half of the first answers came; "" there was none
	Waiting     int      // questions that wait for an answer now
}

// Figure is a number with its label, for people.
type Figure struct {
	Label string
	Value int
}

// InquiryFiles begins the names of the files about questions: "questions/<person>.png".
const InquiryFiles = "questions/"

// sheetMonths is how many months a sheet shows, the current one among them.
const sheetMonths = 3

// Inquiries are the figures of the questions of a coordinator's territories, as things stand at a moment, with French labels; ok is false for anybody
// else. It writes nothing.
func (b *Bot) Inquiries(ctx context.Context, person string, at time.Time) (s InquirySheet, ok bool, err error) {
	t := b.looking(ctx, at)
	t.be(person)
	if t.Me.Role != Coordinateur {
		return s, false, t.err
	}
	t.Me.Language = French // whatever she reads
	s = t.inquirySheet()
	return s, true, t.err
}

// inquirySheet is that of her territories.
func (t *Turn) inquirySheet() InquirySheet {
	now := t.At.UTC() // as months are counted
	first := time.Date(now.Year(), now.Month()-sheetMonths+1, 1, 0, 0, 0, 0, time.UTC)
	s := InquirySheet{Territories: t.Me.Territories, Since: monthOf(first), Waiting: len(t.unanswered())}
	cells := t.inquiryCells(s.Since)
	for _, outcome := range []string{inquiryAsked, inquiryFound, inquiryAnswered, inquiryAccepted, inquiryWithdrawn} {
		s.Outcomes = append(s.Outcomes, Figure{t.say("questions.chiffre."+outcome, nil), cells[byInquiry][outcome]})
	}
	s.Spells, s.Median = t.spells(cells[byFirstAnswer])
	peers := t.peersOf(t.Me.Territories)
	for _, theme := range intents.ThemeSlugs() {
		name := t.say("theme."+theme, nil)
		if missed := cells[byTheme][theme] - cells[byThemeDone][theme]; missed > 0 {
			s.Unanswered = append(s.Unanswered, Figure{name, missed})
		}
		if cells[byTheme][theme] > 0 && !slices.ContainsFunc(peers, func(p *Peer) bool { return p.Able([]string{theme}, t.At) >= expert }) {
			s.NoExpert = append(s.NoExpert, name)
		}
	}
	slices.SortStableFunc(s.Unanswered, func(a, b Figure) int { return b.Value - a.Value })
	if len(peers) >= fewestOfLoad {
		s.Load = t.loads(peers)
	}
	return s
}

// fewestOfLoad is how many colleagues there must be for their load to be shown: of fewer it tells one's own.
const fewestOfLoad = 5

// expert is how likely it must be that somebody can answer for her to be counted as one who knows.
const expert = 0.5

// inquiryCells are the tallies of her territories since a month, by dimension and value.
func (t *Turn) inquiryCells(since string) map[string]map[string]int {
	out := map[string]map[string]int{byInquiry: {}, byTheme: {}, byThemeDone: {}, byFirstAnswer: {}}
	for _, territory := range t.Me.Territories {
		if t.err != nil {
			break
		}
		cells, err := t.bot.Store.Tally(t.ctx, TallyQuery{Kind: inquiryTally, Owner: territory, From: since})
		if err != nil {
			t.err = storeFault{err}
		}
		for _, c := range cells {
			if of := out[c.Dimension]; of != nil {
				of[c.Value] += int(c.N)
			}
		}
	}
	return out
}

// spells are the first answers by how long they took, and the spell in which half of them had come.
func (t *Turn) spells(cells map[string]int) (out []Figure, median string) {
	all, so := 0, 0
	for _, n := range cells {
		all += n
	}
	for _, most := range answerSpells {
		n := cells[strconv.Itoa(most)]
		label := t.say("questions.delai."+number(most), nil)
		so += n
		if median == "" && all > 0 && 2*so >= all {
			median = label
		}
		if n > 0 {
			out = append(out, Figure{label, n})
		}
	}
	return out, median
}

// peersOf is what is known of the professionals of some territories.
func (t *Turn) peersOf(territories []string) (all []*Peer) {
	t.bot.colleagues.refresh(t)
	for _, who := range t.bot.colleagues.of(territories...) {
		all = append(all, cmp.Or(who.peer, &nobodyYet))
	}
	return all
}

// loads are how many colleagues were asked so often in the last seven days: how the load is spread, and nobody's name.
func (t *Turn) loads(peers []*Peer) (out []Figure) {
	by := map[int]int{}
	most := 0
	for _, p := range peers {
		n := p.lately(t.At)
		by[n]++
		most = max(most, n)
	}
	for n := 0; n <= most && len(peers) > 0; n++ {
		out = append(out, Figure{t.say("questions.charge", Args{"n": number(n)}), by[n]})
	}
	return out
}

// inquiriesReport tells a coordinator how questions stand in her territories, with a picture.
func inquiriesReport(t *Turn) {
	t.known()
	if len(t.Me.Territories) == 0 {
		t.Reply("territoire.aucun", nil)
		return
	}
	s := t.inquirySheet()
	args := Args{"ou": t.and(s.Territories), "attente": number(s.Waiting), "mediane": t.say("questions.mediane", Args{"delai": s.Median}), "liste": figureLines(s.Outcomes)}
	if s.Median == "" {
		args["mediane"] = t.say("questions.sans-delai", nil)
	}
	args["sans-expert"] = t.say("questions.themes-connus", nil)
	if len(s.NoExpert) > 0 {
		args["sans-expert"] = t.say("questions.themes-inconnus", Args{"themes": strings.Join(s.NoExpert, ", ")})
	}
	t.answer(ForTalk, &Message{Key: "questions.bilan", Args: args, File: InquiryFiles + t.MeID + ".png"})
}

func figureLines(figures []Figure) string {
	lines := make([]string, len(figures))
	for i, f := range figures {
		lines[i] = "- " + f.Label + " : " + number(f.Value)
	}
	return strings.Join(lines, "\n")
}
