package bot

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"passeur/intents"
)

// What an usager answers about an appointment: she comes, does not, wants another date, is late, asks when it is.

// onRdv is the rule that does with the appointment she means what an intent says.
func onRdv(act intents.Intent) func(*Turn) {
	return func(t *Turn) {
		if m, ok := t.which(act); ok {
			t.act(act, m, nil)
		}
	}
}

// confirm: she says that she will be there.
func (t *Turn) confirm(m rdv) {
	t.Chat.settle(m.id)
	if m.State == cancelled {
		t.comeBack(m)
		return
	}
	m.State, m.By = confirmed, ""
	m.heard()
	t.saveRdv(m)
	t.Reply(t.visited(m, "rdv.confirme", "rdv.confirme.visite"), m.args())
	t.Tell(m.Owner, m.Subject, "nouvelle.vient", m.args().with("mots", t.moreWords()))
}

// moreWords are the words of an answer that says more than yes.
func (t *Turn) moreWords() string {
	if len(strings.Fields(t.Text)) < 3 {
		return ""
	}
	return "\n" + quote(t.Text)
}

// comeBack: she cancelled, and comes after all, unless the hour was given away, or nobody is there.
func (t *Turn) comeBack(m rdv) {
	switch {
	case m.By != "usager":
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
		t.Reply("rdv.annule-deja", m.args())
	case t.givenAway(m), t.cancelledAt(m.Owner, m.Place, m.At):
		t.passWords(m.Owner, m.Subject, "nouvelle.voudrait-revenir", m.args())
		t.Reply("rdv.place-prise", m.args())
	default:
		t.plan(m)
		m.State, m.By = confirmed, ""
		t.saveRdv(m)
		t.Reply(t.visited(m, "rdv.confirme", "rdv.confirme.visite"), m.args())
		t.Tell(m.Owner, m.Subject, "nouvelle.revient", m.args().with("rappels", t.announceTo(t.reader(m.Owner), m)))
	}
}

// givenAway tells whether the counsellor gave the hour of an appointment to somebody else.
func (t *Turn) givenAway(m rdv) bool {
	others := t.find(Query{Kind: "rdv", Owner: m.Owner, From: m.At, To: m.At.Add(time.Minute)})
	return slices.ContainsFunc(others, func(r Record) bool { return r.ID != m.id && r.State != cancelled })
}

// decline: she says that she will not be there.
func (t *Turn) decline(m rdv) {
	t.Chat.settle(m.id)
	if m.State == cancelled {
		t.Reply("rdv.annule-deja", m.args())
		return
	}
	t.end(m, cancelled, "usager")
	t.report(m, outsideExcused)
	t.Reply(t.visited(m, "rdv.annule", "rdv.annule.visite"), m.args())
	t.passWords(m.Owner, m.Subject, "nouvelle.ne-vient-pas", m.args())
}

// wish: she wants another date. Nothing moves before the counsellor says so.
func (t *Turn) wish(m rdv) {
	t.Chat.settle(m.id)
	if m.Outside != "" || !t.offerTimes(m, "nouvelle.changer-propose") {
		t.wishPassed(m)
	}
}

// wishPassed hands the wish on: no date can be offered.
func (t *Turn) wishPassed(m rdv) {
	t.Chat.settle(m.id)
	t.passWords(m.Owner, m.Subject, "nouvelle.changer", m.args())
	if m.State == cancelled {
		t.Reply("rdv.changer-annule", m.args())
		return
	}
	t.Reply("rdv.changer", m.args())
}

// delay: she comes, but later.
func (t *Turn) delay(m rdv) {
	t.Chat.settle(m.id)
	if m.State == cancelled {
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
		t.Reply("rdv.annule-deja", m.args())
		return
	}
	m.State = confirmed
	m.heard()
	t.saveRdv(m)
	t.passWords(m.Owner, m.Subject, "nouvelle.retard", m.args())
	t.Reply("rdv.retard", m.args())
}

// mine: she asks when and where.
func mine(t *Turn) {
	coming := slices.DeleteFunc(t.rdvs(), func(m rdv) bool { return m.over(t.Now) || m.State == cancelled })
	if len(coming) == 0 {
		t.Reply("rdv.aucun", nil)
		return
	}
	slices.SortFunc(coming, func(a, b rdv) int { return a.At.Compare(b.At) })
	lines := make([]string, len(coming))
	for i, m := range coming {
		lines[i] = t.say("rdv.le-votre", m.args())
	}
	args := Args{"liste": strings.Join(lines, "\n"), "conseiller": coming[0].With}
	if m, ok := t.meant(); ok && !asksWhen(t.Text) {
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
		t.Reply("rdv.les-votres.transmis", args)
		return
	}
	t.Reply("rdv.les-votres", args)
}

// asksWhen tells that a question is answered by the hour and the place; any other ("je viens avec mon fils ?") a person reads too.
func asksWhen(text string) bool {
	words := strings.FieldsFunc(plain(text), func(r rune) bool { return !unicode.IsLetter(r) })
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(whenAndWhere, w) })
}

var whenAndWhere = []string{"quand", "heure", "heures", "h", "ou", "lieu", "adresse", "endroit", "date", "jour", "rdv", "rendez", "rappel", "rappeler"}

// choose takes the numbered appointment that was picked, and does with it what was asked.
func choose(t *Turn) {
	ids := t.Chat.Choices
	if t.Read.Choice != -1 {
		id, ok := t.choice()
		if !ok {
			t.Reply("lequel.hors-liste", Args{"n": number(len(ids))})
			return
		}
		ids = []string{id}
	}
	if t.choosePermanence(ids[0]) {
		return
	}
	act := intents.Intent(t.Chat.Act)
	values := t.Chat.Values
	for _, id := range ids {
		if t.chooseOccasion(act, id) {
			continue
		}
		if m, ok := t.rdv(id); ok && t.may(toChange, m.record()) {
			t.act(act, m, values)
		} else {
			t.Reply(t.gone(), nil)
		}
	}
}

// gone is the text that says that an appointment is there no more, or nobody's to change.
func (t *Turn) gone() string {
	if t.Role == Usager {
		return "rdv.aucun"
	}
	return "rdv.introuvable"
}

// act does with one appointment what an intent says.
func (t *Turn) act(act intents.Intent, m rdv, values map[string]string) {
	if t.Role != Usager {
		t.askAccord(act, m, values)
		return
	}
	switch act {
	case intents.Confirmer:
		t.confirm(m)
	case intents.Annuler:
		t.decline(m)
	case intents.Reporter:
		t.wish(m)
	case intents.Retard:
		t.delay(m)
	}
}
