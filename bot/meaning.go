package bot

import (
	"slices"
	"strings"

	"passeur/intents"
)

// When it is not sure what somebody wants, the bot says what it takes the words for and lets her choose. It asks once: what is not
// understood then, a person reads.

// meaningIntent is that a text may mean several things: those of Read.Intent and Read.Others that can be offered.
const meaningIntent intents.Intent = "sens"

// offeredMeanings are the intents that are offered as a choice, by the role of who writes; each has a text "sens.<intent>".
var offeredMeanings = map[Role][]intents.Intent{
	Usager: {intents.Confirmer, intents.Annuler, intents.Reporter, intents.Retard, intents.MonRdv, intents.Permanence, intents.Identite, intents.Objection,
		intents.Effacement},
	Conseiller: {intents.MesRdv, intents.NouveauRdv, intents.Orienter, intents.Aide},
}

// meanings are the intents that a doubtful text may mean, as far as a rule fits them now: the likeliest first, at most three. There are none when
// the likeliest is nothing that can be offered: a person reads it.
func (t *Turn) meanings() (out []string) {
	if !slices.Contains(offeredMeanings[t.Role.voice()], t.Read.Intent) {
		return nil
	}
	for _, i := range append([]intents.Intent{t.Read.Intent}, t.Read.Others[:]...) {
		if slices.Contains(offeredMeanings[t.Role.voice()], i) && !slices.Contains(out, string(i)) && t.possible(i) && !t.settledAlready(i) {
			out = append(out, string(i))
		}
	}
	return out
}

// settledAlready tells that an appointment is cancelled, so that nobody need say that she comes, is late or does not come.
func (t *Turn) settledAlready(i intents.Intent) bool {
	m, ok := t.meant()
	return ok && t.Role == Usager && m.State == cancelled && slices.Contains([]intents.Intent{intents.Confirmer, intents.Annuler, intents.Retard}, i)
}

// askMeaning offers what a text may mean. What she wrote reaches her counsellor all the same.
func askMeaning(t *Turn) {
	t.known()
	found, open := t.found, t.readingContext().Open
	if m, ok := t.meant(); ok && t.Role == Usager {
		t.passWords(m.Owner, m.Subject, "nouvelle.message", m.args())
	} else if owner, subject := t.readerHere(); t.Role == Usager && owner != "" {
		t.passWords(owner, subject, "nouvelle.message", Args{"prenom": t.name()})
	}
	t.Chat.close()
	t.ask(topicMeaning)
	t.Chat.Listed, t.Chat.Choices, t.Chat.Values = true, found, map[string]string{"texte": t.Text, "contexte": open}
	lines, choices := make([]string, len(found)), make([]Choice, len(found))
	for i, intent := range found {
		label := t.say("sens."+intent, nil)
		lines[i] = t.say("sens.ligne", Args{"n": number(i + 1), "sens": label})
		choices[i] = Choice{Words: number(i + 1), Label: label}
	}
	t.Offer("sens", Args{"liste": strings.Join(lines, "\n")}, choices...)
}

// chooseMeaning does what was chosen with the words that were written first.
func chooseMeaning(t *Turn) {
	picked, ok := t.choice()
	if !ok {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	t.keepCorrected(picked)
	t.Text, t.Chat.Listed = t.Chat.Values["texte"], false
	t.Chat.close()
	t.Read = intents.Reading{Intent: intents.Intent(picked), Confidence: 1, Decision: intents.Act}
	if rule := t.bot.match(t); rule != nil {
		rule.Do(t)
	}
}
