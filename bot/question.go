package bot

import (
	"time"

	"passeur/intents"
)

// The open question: what it may be, how its answer is read, what is done on a yes.

// The topics of an open question.
const (
	topicDraft      = "brouillon"  // a part of a booking is missing
	topicAccord     = "accord"     // oui or non, for Act on Target
	topicWhich      = "lequel"     // one of Choices, for Act
	topicMeaning    = "sens"       // one of Choices, what the words of Values may mean
	topicErase      = "effacer"    // oui or non
	topicForm       = "formulaire" // a field of Filling
	topicPermanence = "permanence" // a part of Permanence is missing
	topicTimes      = "dates"      // one of Choices, free times for Target
	topicMissed     = "absence"    // another date? after Target, to which she did not come
	topicDirection  = "orienter"   // one of Choices, what Target needs
	topicVenue      = "lieu"       // one of Choices, the words to send to Target
	topicCommune    = "commune"    // where she wants to know of permanences
	topicCampaign   = "campagne"   // how many people Target, a campaign, is to start for
	topicSlots      = "creneaux"   // one of Choices, free times of the counsellor of the invitation Target, "campaign/7/p42"
	topicGathering  = "rencontre"  // a part of Gathering is missing
	topicOpinion    = "avis"       // one of Choices, the answers of a form kept in tallies, after the appointment Target
	topicInquiry    = "demande"    // one of Choices, or what becomes of words for colleagues: see stepAlike
)

// topics are the questions that may be open, by how the reader takes an answer to them.
var topics = map[string]answerKind{
	topicDraft:      answerPart,
	topicAccord:     answerYesNo,
	topicWhich:      answerChoice,
	topicMeaning:    answerChoice,
	topicErase:      answerYesNo,
	topicForm:       answerPart,
	topicPermanence: answerPart,
	topicTimes:      answerChoice,
	topicMissed:     answerYesNo,
	topicDirection:  answerChoice,
	topicVenue:      answerChoice,
	topicCommune:    answerCommune,
	topicCampaign:   answerPart,
	topicSlots:      answerChoice,
	topicGathering:  answerPart,
	topicInquiry:    answerChoice,
	topicOpinion:    answerChoice,
}

// answerKind is what an answer is read as: Open of intents.Context.
type answerKind string

// The kinds of answers.
const (
	answerChoice  answerKind = "choix"   // a number of the list
	answerYesNo   answerKind = "ouinon"  // oui or non
	answerCommune answerKind = "commune" // a place
	answerPart    answerKind = "partie"  // words for a part of what is being put together
	answerRdv     answerKind = "rdv"     // no question is open: of the appointment to come
)

// QuestionLife is how long a question stays open: an "oui" of the day after answers nothing.
const QuestionLife = 12 * time.Hour

// openFor is how long a question stays open.
func openFor(topic string) time.Duration {
	if topic == topicOpinion {
		return opinionLife
	}
	return QuestionLife
}

// Asking is the open question, whatever it is, and all that ends with it; the zero Asking is none.
type Asking struct {
	Topic      string            `json:"topic,omitempty"`   // what is asked: topicAccord…; "" nothing
	Act        string            `json:"act,omitempty"`     // what is done on "oui", or with the one chosen
	Target     string            `json:"target,omitempty"`  // to what
	Values     map[string]string `json:"values,omitempty"`  // with what
	Choices    []string          `json:"choices,omitempty"` // numbered from 1
	Draft      *Draft            `json:"draft,omitempty"`
	Filling    *Filling          `json:"filling,omitempty"`
	Permanence *Permanence       `json:"permanence,omitempty"` // being put together
	Gathering  *Gathering        `json:"gathering,omitempty"`  // the same
	Question   *Question         `json:"question,omitempty"`   // the question as it was shown, when it was asked with buttons
	In         string            `json:"in,omitempty"`         // what the thread is about in which it was asked: "person/7"
	Thread     string            `json:"thread,omitempty"`     // the network's id of that thread's first post
}

// close ends the open question, whatever it is. A form that was begun is kept, to be taken up again.
func (c *Chat) close() {
	if c.Filling != nil {
		c.Paused, c.PausedAt = c.Filling, c.Asked
	}
	c.Asking = Asking{}
}

// endForm ends a form for good: it was filled, or is dropped.
func (c *Chat) endForm() {
	c.Filling = nil
	c.close()
}

// agreement is what is done on a yes.
type agreement struct {
	do          func(t *Turn, q Asking) // q is the question, which is open no more
	aboutPerson bool                    // Target is a person: what is asked is erased with her
	seen        bool                    // only for who can have seen the question
}

// agreements is what is done on "oui" to an accord, by Act. (The yes of other topics is a row of the rules.)
func agreements() map[intents.Intent]agreement {
	return map[intents.Intent]agreement{
		intents.NouveauRdv:         {do: func(t *Turn, q Asking) { t.keepBooking(q.Draft) }},
		intents.Annuler:            {do: withRdv(func(t *Turn, m rdv, _ map[string]string) { t.cancelRdv(m) })},
		intents.DeplacerRdv:        {do: withRdv((*Turn).moveRdv)},
		intents.Repondre:           {do: func(t *Turn, q Asking) { t.sendWords(q.Target, q.Values["text"]) }, aboutPerson: true, seen: true},
		intents.Mandat:             {do: func(t *Turn, q Asking) { t.keepMandate(q.Target, q.Values) }, aboutPerson: true},
		intents.NouvellePermanence: {do: func(t *Turn, q Asking) { t.keepPermanence(q.Permanence) }},
		intents.AnnulerPermanence:  {do: withPermanence((*Turn).dropSession)},
		intents.DeplacerPermanence: {do: withPermanence((*Turn).applyMove)},
		intents.AnnulerCampagne:    {do: func(t *Turn, q Asking) { t.cancelCampaign(q.Target) }},
		intents.ArreterPermanence:  {do: withPermanence((*Turn).endPermanence)},
		intents.NouvelleRencontre:  {do: func(t *Turn, q Asking) { t.keepGathering(q.Gathering) }},
		intents.ChangerRencontre:   {do: withOccasion((*Turn).applyChange)},
		intents.AnnulerRencontre:   {do: withOccasion((*Turn).dropOccasion)},
		intents.ArreterRencontre:   {do: withOccasion((*Turn).endGathering)},
		intents.InviterRencontre:   {do: func(t *Turn, q Asking) { t.keepInvite(q) }},
	}
}

// withRdv does something with the appointment that a question is about, if she still may.
func withRdv(do func(*Turn, rdv, map[string]string)) func(*Turn, Asking) {
	return func(t *Turn, q Asking) {
		m, ok := t.rdv(q.Target)
		if !ok || !t.may(toChange, m.record()) {
			t.Reply("rdv.introuvable", nil)
			return
		}
		do(t, m, q.Values)
	}
}

// withPermanence is withRdv for a permanence.
func withPermanence(do func(*Turn, permanence, map[string]string)) func(*Turn, Asking) {
	return func(t *Turn, q Asking) {
		p, ok := t.permanence(q.Target)
		if !ok || !t.may(toChange, p.record()) {
			t.Reply("permanence.introuvable", nil)
			return
		}
		do(t, p, q.Values)
	}
}

// agreed does what was proposed.
func agreed(t *Turn) {
	t.known()
	q := t.Chat.Asking
	agreement, ok := agreements()[intents.Intent(q.Act)]
	if agreement.seen && !t.shown() {
		t.Reply("repondre.pas-encore-montre", nil)
		return
	}
	t.Chat.close()
	if !ok { // of another release
		t.Reply("question-fermee", nil)
		return
	}
	agreement.do(t, q)
}

// abandon leaves everything as it was.
func abandon(t *Turn) {
	t.Chat.endForm()
	t.Reply("abandon", nil)
}

// complete adds to what is being put together, a booking, a permanence, a mandate, or corrects it, with what the answer holds.
func complete(t *Turn) {
	t.known()
	switch {
	case t.Chat.Permanence != nil:
		completePermanence(t)
		return
	case t.Chat.Gathering != nil:
		completeGathering(t)
		return
	}
	if t.correctMandate() {
		return
	}
	if t.Chat.Draft == nil {
		t.Reply("accord.oui-ou-non", nil)
		return
	}
	t.fillDraft()
}
