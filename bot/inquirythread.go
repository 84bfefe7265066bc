package bot

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/dates"
	"passeur/intents/phones"
)

// Which question words are about: that of the thread in which they are written, the one that they name, or one that waits. In the thread of a question words are
// for whom it is with: a colleague's are an answer, those of who asks go to who answered.

// inquiryThread is the question in whose thread a professional writes.
func (t *Turn) inquiryThread() (inquiry, bool) {
	if !t.Role.IsPro() || !strings.HasPrefix(t.About, inquiryAbout) {
		return inquiry{}, false
	}
	q, ok := t.inquiryOf(t.About)
	return q, ok && (t.standsFor(q.Owner) || q.askOf(t.MeID) >= 0)
}

// readInThread reads words in the thread of a question: what is said of the question itself, or of a card by its number, is an order, and anything else is for
// whom it is with, whatever it speaks of.
func (t *Turn) readInThread() {
	q, here := t.inquiryThread()
	if !here || t.topic() != "" && !t.rewordsHere(q) {
		return
	}
	o, ok := intents.ReadInquiry(t.Text)
	hers := t.standsFor(q.Owner)
	said := intents.ReadAsked(t.Text)
	if hers {
		said = intents.ReadAsker(t.Text)
	}
	if hers && q.AskedBack && q.State != inquiryAnswered && said != intents.RetirerQuestion {
		said = "" // it answers a colleague
	}
	switch {
	case ok && t.ordersHere(q, o):
	case said == intents.CaRepond || said == intents.NeRepondPas || hers && said == "" && t.idle(q):
		t.Read.Intent = standingIntent
		if q.State == inquiryAnswered {
			t.Read.Intent = verdictIntent
		}
	case said != "":
		t.Read.Intent = said
	case len(strings.Fields(t.Text)) <= 2 && intents.Command(t.Text): // "mes rdv", "aide": nobody answers so
	case t.Read.Intent != intents.Merci:
		t.Read.Intent = wordsIntent
	}
}

// ordersHere tells whether what reads like an order is one in the thread of a question.
func (t *Turn) ordersHere(q inquiry, o intents.InquiryOrder) bool {
	switch o.Act {
	case intents.AutreCollegue:
		return t.namesColleague(o.Rest)
	case intents.PlusDeQuestions: // of who was asked; who asks has no more of them
		i := q.askOf(t.MeID)
		return i >= 0 && q.Asks[i].State != AskAnswered && !intents.AsksBack(t.Text)
	case intents.CorrigerFiche, intents.RetirerFiche, intents.SignalerFiche, intents.FicheVraie:
		return o.Number > 0
	}
	return o.InThread()
}

// mostIdle is how many words of who asks may say nothing of the matter: more are for her colleagues.
const mostIdle = 4

// idle tells that words of who asks say nothing that her colleagues could need.
func (t *Turn) idle(q inquiry) bool {
	return !q.over() && !(q.AskedBack && q.State != inquiryAnswered) && t.Read.Intent != intents.Merci && len(strings.Fields(t.Text)) <= mostIdle && intents.SaysNothing(t.Text) &&
		!intents.Command(t.Text) && len(dates.Mentioned(t.Text, t.Now)) == 0
}

// whereItStands tells who asks how her question stands, when she says nothing that would help; she may have it passed on all the same.
func whereItStands(t *Turn) {
	t.known()
	q, _ := t.inquiryThread()
	if q.over() {
		speakInInquiry(t)
		return
	}
	t.offerAddition(q, "question.ou-en-est", t.inquiryArgs(q).with("etat", t.stateOfInquiry(q)), t.shortcut("retirer question "+q.id, "bouton.retirer-question", nil))
}

// offerAddition says something about words of who asks, which she may have passed on all the same.
func (t *Turn) offerAddition(q inquiry, key string, args Args, choices ...Choice) {
	t.Chat.close()
	t.step(stepAddition, map[string]string{"texte": strings.TrimSpace(t.Text)})
	t.Chat.Target = q.about()
	t.Offer(key, args, append(choices, t.offered(yes, "bouton.envoyer-quand-meme", nil))...)
}

// rewordsHere tells whether words for a question wait to be let through, chosen for or written anew, and these are no answer to that.
func (t *Turn) rewordsHere(q inquiry) bool {
	if t.topic() != topicInquiry || t.Read.Intent == intents.TelleQuelle || t.Chat.Target != q.about() && t.Chat.step() != stepWhich {
		return false
	}
	_, isNumber := bareNumber(t.Text)
	if t.Chat.step() == stepWhich {
		return !isNumber && !intents.SaysNothing(t.Text)
	}
	return isNumber || !intents.SaysNothing(t.Text) || t.Read.Intent != intents.Non && intents.ReadAsked(t.Text) != ""
}

// closeOffer ends what was asked about words for a question, once it is settled otherwise.
func (t *Turn) closeOffer(q inquiry) {
	if t.Chat != nil && t.topic() == topicInquiry && (t.Chat.Target == q.about() || t.Chat.step() == stepWhich) {
		t.Chat.close()
	}
}

// verdict: she says in passing whether an answer helps: one tap makes it sure, since it ends the question or has others asked.
func verdict(t *Turn) {
	t.known()
	q, _ := t.inquiryThread()
	t.offerAddition(q, "question.alors", t.inquiryArgs(q), t.answerChoices(q, t.Me.Language)...)
}

// longestColleague is how many words the name of a colleague has, at most.
const longestColleague = 3

// namesColleague tells whether words behind "plutôt", "demander à" or "voir avec" are somebody's name, and not the beginning of an answer: "demander à la préfecture".
func (t *Turn) namesColleague(words string) bool {
	name := strings.TrimRight(words, " .!?")
	if name == "" || strings.HasPrefix(name, "@") {
		return true
	}
	if _, problem, _ := t.colleagueIn(name); problem == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(name)
	said := plain(strings.TrimSpace(t.Text))
	return unicode.IsUpper(first) && len(strings.Fields(name)) <= longestColleague && (strings.HasPrefix(said, "plutot") || strings.HasPrefix(said, "demande"))
}

// colleagueIn finds the colleague with whose name words begin: "Zoé Petit, elle connaît". A name does not end before a word with a capital: "France Travail".
func (t *Turn) colleagueIn(words string) (id, problem string, args Args) {
	fields := strings.Fields(words)
	for n := min(longestColleague, len(fields)); n > 0; n-- {
		if n < len(fields) && !strings.ContainsAny(fields[n-1], ",;:.") {
			if next, _ := utf8.DecodeRuneInString(fields[n]); unicode.IsUpper(next) {
				continue
			}
		}
		name := strings.TrimRight(strings.Join(fields[:n], " "), " ,;:.!?")
		found, wrong, of := t.readColleague(Field{}, name)
		if wrong == "" {
			return found, "", nil
		}
		if problem == "" || n == 1 && wrong != "champ.collegue" {
			problem, args = wrong, of
		}
	}
	if problem == "" {
		problem, args = "champ.collegue", Args{"nom": words}
	}
	return "", problem, args
}

// inquiryMeant is the question that an order is about: the one it names, that of its thread, or the only one that it can be about. In the thread of a question
// the number of an answer is none of a question.
func (t *Turn) inquiryMeant() (inquiry, bool) {
	here, inThread := t.inquiryThread()
	o, _ := intents.ReadInquiry(t.Text)
	ofAnswer := inThread && (o.Act == intents.CaRepond || o.Act == intents.NeRepondPas)
	if o.Number > 0 && !ofAnswer {
		q, ok := t.inquiry(number(o.Number))
		return q, ok && (q.askOf(t.MeID) >= 0 || t.may(toSee, q.record(t.askerPlace(q))))
	}
	if inThread {
		return here, true
	}
	all := t.inquiriesFor(o.Act)
	if len(all) != 1 {
		return inquiry{}, false
	}
	return all[0], true
}

// inquiriesFor are the open questions that an order can be about: who asked says whether an answer helps, of those that have one if there are any; who was asked
// says whether she answers.
func (t *Turn) inquiriesFor(act intents.Intent) []inquiry {
	all := t.openInquiries()
	switch act {
	case intents.CaRepond, intents.NeRepondPas, intents.RetirerQuestion, intents.RelancerQuestion:
		all = slices.DeleteFunc(all, func(q inquiry) bool { return q.Owner != t.MeID })
		answered := slices.DeleteFunc(slices.Clone(all), func(q inquiry) bool { return q.State != inquiryAnswered })
		if (act == intents.CaRepond || act == intents.NeRepondPas) && len(answered) > 0 {
			return answered
		}
	case intents.JeReponds, intents.PasMoi, intents.AutreCollegue:
		all = slices.DeleteFunc(all, func(q inquiry) bool { return q.Owner == t.MeID })
	}
	return all
}

// openInquiries are the questions that she asked, or was asked, and that are not settled.
func (t *Turn) openInquiries() (all []inquiry) {
	if t.MeID == "" {
		return nil
	}
	all = t.waitingForHer()
	for _, state := range []string{inquiryOpen, inquiryUp, inquiryAnswered} {
		for _, rec := range t.find(Query{Kind: "inquiry", Owner: t.MeID, State: state}) {
			if q, ok := t.inquiry(rec.ID); ok {
				all = append(all, q)
			}
		}
	}
	return all
}

// waitingForHer are the questions that she was asked, and that wait for her.
func (t *Turn) waitingForHer() (all []inquiry) {
	if t.MeID == "" {
		return nil
	}
	for _, id := range t.peer(t.MeID).Open {
		if q, ok := t.inquiry(id); ok && !q.over() && q.askOf(t.MeID) >= 0 {
			all = append(all, q)
		}
	}
	return all
}

// askedOf is the question that an order of a colleague who was asked is about, and what was asked of her; it answers when there is none.
func (t *Turn) askedOf() (q inquiry, i int, ok bool) {
	t.known()
	if q, ok = t.inquiryMeant(); ok {
		i = t.joins(q)
	}
	switch {
	case !ok || i < 0:
		t.Reply("question.laquelle", nil)
		return q, -1, false
	case q.over():
		t.Reply("question.close", Args{"n": q.id})
		return q, i, false
	}
	return q, i, true
}

// answersElsewhere reads words outside any thread as an answer to what waits for her, unless they are surely something else: she is asked.
func (t *Turn) answersElsewhere() {
	if !t.Role.IsPro() || t.topic() != "" || t.About != "" || t.subject() != "" || len(strings.Fields(t.Text)) < fewestOfAnswer {
		return
	}
	if o, ok := intents.ReadInquiry(t.Text); ok && t.Read.Intent == intents.AutreCollegue && !t.namesColleague(o.Rest) {
		t.Read.Intent = intents.Inconnu // "voir avec la mairie"
	}
	if !slices.Contains(loosely, t.Read.Intent) || intents.Command(t.Text) && t.Read.Intent != intents.Inconnu {
		return
	}
	waiting := t.waitingForHer()
	if found, err := phones.Find(t.Text); len(waiting) == 0 || len(found) > 0 || err != nil || len(dates.Mentioned(t.Text, t.Now)) > 0 {
		return
	}
	spokenOf := slices.ContainsFunc(waiting, func(q inquiry) bool { return sharesWord(q.whole(), t.Text) })
	if t.Read.Intent == intents.Inconnu || spokenOf || intents.TellsHow(t.Text) {
		t.Read.Intent = elsewhereIntent
	}
}

// loosely are the intents that an answer to a colleague is easily taken for: it speaks of the same things.
var loosely = []intents.Intent{intents.Inconnu, meaningIntent, intents.Aide, intents.Orienter, intents.Ressource, intents.Retablir, intents.NouveauRdv, intents.Annuler, intents.Permanence,
	intents.Reglages, intents.MesRdv, intents.MesPermanences, intents.Territoire, intents.Affiche}

// mostWaiting is how many questions are shown to choose from.
const mostWaiting = 5

// askWhich asks which question an answer is for that was written outside its thread.
func askWhich(t *Turn) {
	t.known()
	t.offerWhich(strings.TrimSpace(t.Text))
}

// offerWhich lists the questions that wait, by their own numbers, for an answer.
func (t *Turn) offerWhich(text string) {
	all := t.waitingForHer()
	if len(all) == 1 {
		t.askWhetherAnswer(all[0], text)
		return
	}
	t.Chat.close()
	t.step(stepWhich, map[string]string{"texte": text})
	var lines []string
	var choices []Choice
	for _, q := range all[:min(mostWaiting, len(all))] {
		lines = append(lines, t.say("question.pour-laquelle-ligne", Args{"n": q.id, "texte": plainWords.Replace(oneLine(cutAt(q.Text, 80)))}))
		t.Chat.Choices = append(t.Chat.Choices, q.id)
		choices = append(choices, t.offered(q.id, "bouton.question", Args{"n": q.id}))
	}
	t.Offer("question.pour-laquelle", Args{"texte": cite(text), "liste": strings.Join(lines, "\n")}, choices...)
}
