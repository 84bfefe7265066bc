package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"passeur/intents"
	"passeur/intents/mask"
)

// A counsellor asks: what colleagues answered already is shown first, to her alone; what could tell who an usager is is shown before anybody else
// reads it; then colleagues are asked.

// What of an inquiry is open, in Values["etape"], besides the "texte", and of a marked post its "canal" and "racine".
const (
	stepAlike      = "semblables" // answered ones were shown, by Choices: does one do, or are colleagues to be asked?
	stepIdentities = "identites"  // something in it leads to a person: masked, or as it is?
	stepSure       = "sur"        // is it a question to colleagues at all?
	stepAnswer     = "reponse"    // the same as stepIdentities, of an answer to Target; or is it one at all?
	stepAddition   = "ajout"      // the same, of what who asks adds to it
	stepAccept     = "choisir"    // which of the answers to Target, by Choices, is the right one?
	stepWhich      = "laquelle"   // which of the questions that wait, by Choices, is it an answer to?
)

// longestInquiry is how long a question or an answer may be, in characters: what a form takes.
const longestInquiry = longestParagraph

// fewestWords is how many words make a question.
const fewestWords = 3

// askInquiry takes a question to colleagues: in a command, or in words that a question was seen in.
func askInquiry(t *Turn) {
	t.known()
	o, said := intents.ReadInquiry(t.Text)
	text := o.Rest
	if !said {
		text = strings.TrimSpace(t.Text)
	}
	if len(strings.Fields(text)) < fewestWords || !said && announces(text) {
		t.openForm("question", "", nil)
		return
	}
	sure := no
	if said && t.subject() == "" { // in the thread of an usager it may be for her
		sure = yes
	}
	t.consider(map[string]string{"texte": text, "sur": sure})
}

// announces tells that words only say that a question is to come: "j'ai une question", "je voudrais poser une question aux collègues".
func announces(text string) bool {
	return !strings.Contains(text, "?") && strings.Contains(plain(text), "question") && len(allThemesOf(text)) == 0
}

// askMarked takes the post of a channel that she marked as a question.
func askMarked(t *Turn) {
	t.known()
	values := map[string]string{"texte": strings.TrimSpace(t.Text), "sur": yes, "canal": t.Values["channel"], "racine": t.Values["root"]}
	if _, marked := load[Mark](t, values["racine"]); marked {
		t.Reply("question.deja-marquee", nil)
		return
	}
	if len(strings.Fields(values["texte"])) < fewestWords {
		t.Reply("question.courte", nil)
		return
	}
	t.consider(values)
}

// inquiryForm takes the question of a form.
func inquiryForm(t *Turn, _ string, values map[string]string) map[string]string {
	if len(strings.Fields(values[askInquiryText])) < fewestWords {
		return map[string]string{askInquiryText: t.say("question.champ-court", nil)}
	}
	sure := yes
	if t.Read.Intent != FormIntent && !strings.Contains(values[askInquiryText], "?") { // typed, perhaps hours later, about something else
		sure = no
	}
	t.consider(map[string]string{"texte": values[askInquiryText], "sur": sure})
	return nil
}

// askInquiryText is the field of the form "question".
const askInquiryText = "question"

// reword takes other words for a question that is being asked.
func reword(t *Turn) {
	t.known()
	values := t.Chat.Values
	if toPass[values["etape"]] {
		t.passWordsOn(values["etape"], strings.TrimSpace(t.Text), (*Turn).tryAnswer, (*Turn).tryToAdd)
		return
	}
	if values["etape"] == stepWhich {
		t.chooseInWords(values["texte"])
		return
	}
	if values["etape"] == stepAccept {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	said := intents.ReadAsker(t.Text)
	switch alike := values["etape"] == stepAlike; {
	case said == intents.RetirerQuestion:
		abandon(t)
	case alike && said == intents.NeRepondPas:
		t.Chat.close()
		values["sur"] = yes
		t.clear(values)
	case alike && (said == intents.CaRepond || t.Read.Intent == intents.Merci):
		alikeDoes(t)
	case intents.SaysNothing(t.Text) || len(strings.Fields(t.Text)) < fewestWords:
		t.askStepAgain(values)
	default:
		if !sharesWord(values["texte"], t.Text) { // it may be no question at all
			values["sur"] = no
		}
		values["texte"] = strings.TrimSpace(t.Text)
		t.consider(values)
	}
}

// sharesWord tells whether two texts have a word in common that says something.
func sharesWord(a, b string) bool {
	words := wordsIn(a)
	return slices.ContainsFunc(wordsIn(b), func(w string) bool { return len(w) > 3 && !intents.SaysNothing(w) && slices.Contains(words, w) })
}

// askStepAgain asks anew what an answer did not settle.
func (t *Turn) askStepAgain(values map[string]string) {
	choices := t.Chat.Choices
	t.Chat.close()
	t.step(values["etape"], values)
	t.Chat.Choices = choices
	key := "question.oui-ou-autrement"
	if values["etape"] == stepAlike {
		key = "question.oui-ou-numero"
	}
	t.Offer(key, Args{"texte": cite(t.withoutPeople(values["texte"]))}, t.offered(yes, "bouton.demander", nil), t.offered(no, "bouton.non", nil))
}

// consider shows what colleagues answered to what was asked like this; where there is nothing, the question goes on.
func (t *Turn) consider(values map[string]string) {
	t.Chat.close()
	if utf8.RuneCountInString(values["texte"]) > longestInquiry {
		t.Reply("question.longue", Args{"n": number(longestInquiry)})
		return
	}
	if q, asked := t.askedAlready(values["texte"]); asked {
		t.Reply("question.deja-posee", Args{"n": q.id})
		return
	}
	found := t.alike(values["texte"])
	if len(found) == 0 {
		t.clear(values)
		return
	}
	lines := make([]string, len(found))
	choices := make([]Choice, 0, len(found)+1)
	t.step(stepAlike, values)
	for i, c := range found {
		lines[i] = t.cardLine(i+1, c)
		t.Chat.Choices = append(t.Chat.Choices, c.ref)
		choices = append(choices, t.offered(number(i+1), "bouton.repond", Args{"n": number(i + 1)}))
	}
	t.Offer("question.semblables", Args{"liste": strings.Join(lines, "\n")}, append(choices, t.offered(yes, "bouton.demander", nil))...)
}

// askedAlready is the question of hers that waits for an answer in the same words.
func (t *Turn) askedAlready(text string) (inquiry, bool) {
	words := wordsIn(text)
	for _, q := range t.openInquiries() {
		if q.Owner == t.MeID && slices.Equal(wordsIn(q.Text), words) {
			return q, true
		}
	}
	return inquiry{}, false
}

// step is what of an inquiry is open.
func (c *Chat) step() string { return c.Values["etape"] }

// step opens a step of asking.
func (t *Turn) step(step string, values map[string]string) {
	t.ask(topicInquiry)
	t.Chat.Act, t.Chat.Values = string(intents.Question), values
	values["etape"] = step
}

// clear asks what becomes of what leads to a person, if there is anything; else the question is asked.
func (t *Turn) clear(values map[string]string) {
	if found := t.identities(values["texte"]); len(found) > 0 {
		t.step(stepIdentities, values)
		t.offerMasked("question.identites", "bouton.masquer", values["texte"], found)
		return
	}
	if values["sur"] != yes {
		t.step(stepSure, values)
		t.Offer("question.propose", Args{"texte": cite(values["texte"]), "themes": t.themeNames(t.Me.Language, themesOf(values["texte"]))},
			t.offered(yes, "bouton.demander", nil), t.offered(no, "bouton.non", nil))
		return
	}
	t.publish(values)
}

// identities are what in a text leads to a person: an usager whom she knows, or any other.
func (t *Turn) identities(text string) []mask.Identity {
	return mask.Identities(text, t.namesAround(), t.bot.Gazetteer)
}

// offerMasked shows what leads to a person in a text, and the text without it.
func (t *Turn) offerMasked(key, yesLabel, text string, found []mask.Identity) {
	t.Offer(key, Args{"trouve": t.namedIdentities(text, found), "texte": cite(mask.Without(text, found))},
		t.offered(yes, yesLabel, nil), t.offered(asIsWord, "bouton.telle-quelle", nil), t.offered(no, "bouton.non", nil))
}

// asIsWord leaves a text as it was written.
const asIsWord = "telle quelle"

// namedIdentities says what in a text leads to a person, each thing once.
func (t *Turn) namedIdentities(text string, found []mask.Identity) string {
	var parts []string
	for _, f := range found {
		part := t.say("identite."+string(f.Kind), Args{"texte": cut(text[f.Start:f.End])})
		if !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// goOnAsking is a yes to what was shown: ask colleagues all the same, or with what leads to a person masked.
func goOnAsking(t *Turn) {
	t.known()
	values := t.Chat.Values
	switch values["etape"] {
	case stepAlike:
		if !asksAllTheSame(t.Text) {
			reword(t)
			return
		}
		t.Chat.close()
		values["sur"] = yes
		t.clear(values)
	case stepWhich, stepAccept:
		reword(t)
	case stepIdentities:
		text := values["texte"]
		values["texte"] = mask.Without(text, t.identities(text))
		t.goWith(values)
	case stepAnswer, stepAddition: // as they were shown
		q, _ := t.inquiryOf(t.Chat.Target)
		text := values["texte"]
		values["texte"] = mask.Without(text, t.identitiesFor(q, text))
		t.goWith(values)
	default:
		t.goWith(values)
	}
}

// asksAllTheSame tells whether a yes is one to asking colleagues: "oui", "demander"; "super merci" is none.
func asksAllTheSame(text string) bool {
	words := strings.Join(wordsIn(text), " ")
	return slices.ContainsFunc([]string{"oui", "ouais", "yes", "d accord", "vas y", "ok vas y", "allez", "go"}, func(yes string) bool { return strings.HasPrefix(words+" ", yes+" ") }) ||
		strings.Contains(words, "demand")
}

// asItStands is that nothing in a text leads to a usager, whatever it looks like.
func asItStands(t *Turn) {
	t.known()
	if step := t.Chat.Values["etape"]; step != stepIdentities && !toPass[step] {
		t.Reply("accord.oui-ou-non", nil)
		return
	}
	t.goWith(t.Chat.Values)
}

// goWith asks, or answers, with a text that was agreed to.
func (t *Turn) goWith(values map[string]string) {
	if toPass[values["etape"]] {
		t.passWordsOn(values["etape"], values["texte"], (*Turn).giveOrAskBack, (*Turn).addToInquiry)
		return
	}
	t.Chat.close()
	t.publish(values)
}

// toPass are the steps at which words for a colleague wait.
var toPass = map[string]bool{stepAnswer: true, stepAddition: true}

// passWordsOn does with words for a colleague what their step says.
func (t *Turn) passWordsOn(step, text string, answer, add func(*Turn, inquiry, string)) {
	q, ok := t.inquiryOf(t.Chat.Target)
	t.Chat.close()
	switch {
	case !ok:
		t.Reply("question.laquelle", nil)
	case step == stepAnswer:
		answer(t, q, text)
	default:
		add(t, q, text)
	}
}

// alikeDoes is that one of the answered questions is what she was looking for: nobody is asked.
func alikeDoes(t *Turn) {
	t.known()
	ref, ok := t.choice()
	switch t.Chat.step() {
	case stepWhich:
		t.answerChosen(number(t.Read.Choice))
		return
	case stepAccept:
		t.acceptChosen()
		return
	}
	if !ok && t.Read.Intent != intents.Choix && len(t.Chat.Choices) == 1 {
		ref, ok = t.Chat.Choices[0], true
	}
	if t.Read.Intent == intents.Choix && !ok {
		t.Reply("lequel.hors-liste", Args{"n": number(len(t.Chat.Choices))})
		return
	}
	t.Chat.close()
	t.countInquiry(homeOf(t.Me), inquiryFound)
	k, known := t.answeredOf(ref)
	if !ok || !known {
		t.Reply("question.trouvee", nil)
		return
	}
	t.helped(ref)
	t.Reply("question.trouvee.fiche", Args{"fiche": t.cardLine(1, k)}) // in the place of the list, which had it
}

// chooseInWords reads which question an answer is for, in words: "la n° 2", "celle sur la tablette".
func (t *Turn) chooseInWords(text string) {
	var meant []string
	for _, id := range t.Chat.Choices {
		if q, ok := t.inquiry(id); ok && (slices.Contains(wordsIn(t.Text), id) || sharesWord(q.whole(), t.Text)) {
			meant = append(meant, id)
		}
	}
	if len(meant) == 1 {
		t.answerChosen(meant[0])
		return
	}
	t.offerWhich(text)
}

// answerChosen gives an answer to the question that was chosen for it.
func (t *Turn) answerChosen(id string) {
	q, known := t.inquiry(id)
	text := t.Chat.Values["texte"]
	if !known || !slices.Contains(t.Chat.Choices, id) {
		t.offerWhich(text)
		return
	}
	t.Chat.close()
	if found := t.identitiesFor(q, text); len(found) > 0 {
		t.askToPass(q, stepAnswer, text, found)
		return
	}
	t.giveOrAskBack(q, text)
}

// Mark is the question that a post of a channel became. Its id is the post's.
type Mark struct {
	V       int    `json:"v"`
	Inquiry string `json:"inquiry"`
}

// publish asks colleagues.
func (t *Turn) publish(values map[string]string) {
	if _, marked := load[Mark](t, values["racine"]); marked && values["canal"] != "" {
		t.Reply("question.deja-marquee", nil)
		return
	}
	id := number(t.nextNumber("question"))
	q, _ := t.inquiry(id)
	*q.Inquiry = Inquiry{ID: id, Owner: t.MeID, Text: values["texte"], Themes: themesOf(values["texte"]), Asked: t.At, State: inquiryOpen}
	if values["canal"] != "" {
		q.Channel, q.Root = Address(t.From.Network()+":#"+values["canal"]), values["racine"]
		m, _ := load[Mark](t, q.Root)
		*m = Mark{V: 1, Inquiry: id}
		t.save("mark", q.Root, func(r *Record) { r.Owner, r.Subject, r.At = t.MeID, t.MeID, t.At })
	}
	t.countAsked(q)
	q.Post, _ = t.answer(ForTalk, &Message{Key: "question.notee", Args: t.inquiryArgs(q).with("themes", t.themeNames(t.Me.Language, q.Themes)), About: q.about()})
	q.Tells = tellsPosted
	t.wake(q, t.At)
	t.saveInquiry(q)
}
