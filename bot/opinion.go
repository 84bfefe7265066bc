package bot

import (
	"fmt"
	"slices"
	"strings"

	"passeur/intents"
)

// What usagers think: one question of a form by SMS, the day after an appointment to which she came. Only how often each answer was given is kept, and not by whom. It is
// off unless the settings name the form.

// opinionIntent is the wake-up of the day after.
const opinionIntent intents.Intent = "avis"

const (
	opinionTally = "opinion" // by territory and month; dimension "<form>.<field>", value the option

	// opinionRest is how long nobody is asked again.
	opinionRest = 90 * day
	// opinionLife is how long after its hour the question still makes sense.
	opinionLife = 2 * day
)

// CheckOpinions makes sure that the forms which usagers are asked are there, and short enough to be one question.
func CheckOpinions(ids []string, forms map[string]Form) error {
	for _, id := range ids {
		form, ok := forms[id]
		if !ok || form.Keep != KeptInTally {
			return fmt.Errorf("il n'y a pas de formulaire « %s » gardé par « keep: tally »", id)
		}
	}
	return nil
}

// Opinion tells whether a form is one question with two to four answers, as an SMS takes it.
func (f Form) Opinion() bool {
	return len(f.Fields) == 1 && f.Fields[0].Type == OneOf && len(f.Fields[0].Options) <= 4 && !f.Fields[0].Optional
}

func (m rdv) opinion() string { return m.about() + "/avis" }

// planOpinion has who came asked what she thinks, at the first decent hour of the next day.
func (t *Turn) planOpinion(m rdv) {
	t.Drop(m.opinion())
	p, ok := load[Person](t, m.Subject)
	if m.State != seen || !ok || len(t.bot.Settings.Opinions) == 0 || !p.listens() || p.first() == "" || t.At.Sub(p.OpinionAt) < opinionRest {
		return
	}
	hours := t.bot.Settings.Hours
	at := hours.after(hours.Open.on(nextDay(m.At)), m.Place)
	if at.Before(t.At) {
		return
	}
	t.write(Task{Key: m.opinion(), Group: m.opinion(), Subject: m.Subject, Lane: Reminder, Place: m.Place, At: at, NotAfter: at.Add(opinionLife), Intent: opinionIntent})
}

// askOpinion asks her, unless she is being asked something else.
func askOpinion(t *Turn) {
	m, ok := t.rdvOf(t.About)
	if !ok || m.State != seen || len(t.bot.Settings.Opinions) == 0 {
		return
	}
	p, _ := load[Person](t, m.Subject)
	form := t.bot.Forms[t.bot.Settings.Opinions[int(m.At.Unix()/86400)%len(t.bot.Settings.Opinions)]]
	chat, _ := load[Chat](t, string(p.line()))
	busy := chat.awaits(t.At) || len(t.stillToCome(slices.Clone(chat.Rdvs))) > 0 || chat.Invited != "" || chat.Occasion != "" || chat.Talker != ""
	if p.first() == "" || busy || t.At.Sub(p.OpinionAt) < opinionRest {
		return
	}
	chat.close()
	chat.Topic, chat.Asked, chat.Target, chat.Choices = topicOpinion, t.At, m.id, slices.Clone(form.Fields[0].Options)
	chat.Values = map[string]string{"formulaire": form.Ref()}
	t.saveChatOf(p.line(), chat)
	p.OpinionAt = t.At
	t.savePerson(m.Subject, p)
	args := t.usagerArgs(m, p.Language).with("arret", t.howToStop(p), "question", t.sayIn(p.Language, fieldKey(form.ID, form.Fields[0].Name)+".question", nil), "choix", t.numberedOptions(p.Language, form))
	t.write(Task{Key: m.opinion() + "/sms", Group: m.opinion(), To: m.Subject, Network: t.bot.way(p), Lane: Reminder, Purpose: ForRdv, Place: m.Place, At: t.At,
		NotAfter: t.At.Add(opinionLife), Message: &Message{Key: "avis", Args: args, About: m.about()}})
}

// numberedOptions are the answers as an SMS offers them: "1 oui, 2 un peu, 3 non".
func (t *Turn) numberedOptions(language string, form Form) string {
	f := form.Fields[0]
	parts := make([]string, len(f.Options))
	for i, o := range f.Options {
		parts[i] = number(i+1) + " " + t.sayIn(language, f.optionKey(form.ID, o), nil)
	}
	return strings.Join(parts, ", ")
}

// answersOpinion takes words that are one of the answers for it.
func (t *Turn) answersOpinion() {
	if t.topic() != topicOpinion || t.Read.Urgent || t.Read.Intent == intents.Stop || t.Read.Intent == intents.Choix {
		return
	}
	form, ok := t.bot.form(t.Chat.Values["formulaire"])
	if !ok || len(form.Fields) != 1 {
		return
	}
	if option := t.bareOpinion(form); option != "" {
		t.Read.Intent, t.Read.Choice, t.Read.Worrying = intents.Choix, 1+slices.Index(t.Chat.Choices, option), false // nobody reads it
	}
}

// bareOpinion is the answer that a text is, if it is nothing else but courtesy: any other words are for somebody.
func (t *Turn) bareOpinion(form Form) string {
	said := strings.Join(slices.DeleteFunc(wordsIn(t.Text), func(w string) bool { return opinionCourtesy[w] }), " ")
	f := form.Fields[0]
	for _, o := range f.Options {
		for _, words := range append([]string{t.say(f.optionKey(form.ID, o), nil)}, f.Keywords[o]...) {
			if said != "" && said == strings.Join(wordsIn(words), " ") {
				return o
			}
		}
	}
	return ""
}

// opinionCourtesy are folded words that change nothing of an answer.
var opinionCourtesy = map[string]bool{"merci": true, "bonjour": true, "bonsoir": true, "c": true, "etait": true, "svp": true, "cordialement": true}

// takeOpinion counts an answer.
func takeOpinion(t *Turn) {
	n := t.Read.Choice
	form, ok := t.bot.form(t.Chat.Values["formulaire"])
	if n < 1 || n > len(t.Chat.Choices) {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	if t.Chat.Values["compte"] != "" { // it is not known any more which answer was hers
		t.Reply("avis.deja", nil)
		return
	}
	option, m := t.Chat.Choices[n-1], t.Chat.Target
	t.Chat.Values = map[string]string{"formulaire": form.Ref(), "compte": yes}
	if r, known := t.rdv(m); ok && known {
		t.change.Tally = append(t.change.Tally, Count{Kind: opinionTally, Owner: territory(r.Place), Month: t.At.In(t.bot.Zone(r.Place)).Format(monthOnly),
			Dimension: form.ID + "." + form.Fields[0].Name, Value: option, N: 1})
	}
	t.Reply("avis.merci", nil)
}

// opinionGroups are the answers of a territory, by form.
func (t *Turn) opinionGroups(s BilanSheet, owners []string, p intents.Period) (out []FigureGroup) {
	cells := t.cellsOf(opinionTally, owners, p)
	for _, id := range t.bot.tallied() {
		form := t.bot.Forms[id]
		f := form.Fields[0]
		var figures []BilanFigure
		for _, o := range f.Options {
			if n := cells[id+"."+f.Name][o]; n > 0 {
				figures = append(figures, BilanFigure{Label: t.say(f.optionKey(id, o), nil), Value: n})
			}
		}
		if len(figures) > 0 {
			out = append(out, FigureGroup{t.say("form."+id+".title", nil), s.mask(figures)})
		}
	}
	return out
}

// tallied are the forms of which only tallies are kept.
func (b *Bot) tallied() (ids []string) {
	for id, f := range b.Forms {
		if f.Keep == KeptInTally && !strings.Contains(id, "@") {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}
