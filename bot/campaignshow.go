package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"passeur/intents"
)

// What a coordinator approves: the texts as they will leave, to how many people, at what price.

// showCampaign shows what a campaign will do and asks for the number of people, typed: nobody starts one by a slip of the finger.
func (t *Turn) showCampaign(c campaign) {
	if c.broadcast() {
		t.Chat.close()
		t.showBroadcast(c, "")
		return
	}
	c.Shown = t.bot.estimate(c)
	t.saveCampaign(c)
	t.Chat.close()
	t.ask(topicCampaign)
	t.Chat.Target, t.Chat.Values = c.id, map[string]string{approved: c.fingerprint()}
	n := t.indexOfCampaign(c)
	t.Offer("campagne.apercu", t.shownArgs(c).with("textes", t.shownTexts(c), "numero", number(n), "dates", t.datesWarning(c)),
		t.shortcut(fmt.Sprintf("corriger campagne %d", n), "bouton.corriger", nil))
}

// datesWarning is a line that says that who wants an appointment will be offered dates elsewhere, or none; "" she will be offered dates there, or nobody
// can answer.
func (t *Turn) datesWarning(c campaign) string {
	if !t.bot.Abilities["sms"].Receives {
		return ""
	}
	free := t.freeTimes(rdv{"", &Rdv{Owner: c.With, Place: c.Place}}, time.Time{})
	key := "campagne.dates-ailleurs"
	switch {
	case len(free) == 0:
		key = "campagne.sans-dates"
	case slices.ContainsFunc(free, func(f freeTime) bool { return f.Place == c.Place }):
		return ""
	}
	return lineBefore(t.say(key, Args{"conseiller": c.WithName, "lieu": c.Where}))
}

// shownArgs are what all texts about a campaign may use.
func (t *Turn) shownArgs(c campaign) Args {
	args := Args{"titre": c.title(), "n": number(c.Shown.People), "sms": number(c.Shown.SMS), "conseiller": c.WithName, "lieu": c.Where,
		"information": c.Notice, "prix": "", "duree": "", placeArg: c.Place, "base": ""}
	if c.Basis != "" {
		args["base"] = t.say(optionKey(c.form(), askBasis, basisOption(c.Basis)), nil)
	}
	if c.Shown.Euros > 0 {
		args["prix"] = t.say("campagne.prix", Args{"prix": euros(c.Shown.Euros)})
	}
	if pace := t.bot.Abilities["sms"].Pace; pace > 0 {
		if d := time.Duration(float64(c.Shown.People) / (pace * broadcastShare) * float64(time.Second)); d > time.Hour {
			args["duree"] = t.say("campagne.duree", Args{"heures": number(int(d.Hours()) + 1)})
		}
	}
	return args
}

// euros writes a price for people: "1234,50 €".
func euros(amount float64) string {
	return strings.Replace(strconv.FormatFloat(amount, 'f', 2, 64), ".", ",", 1) + " €"
}

// shownTexts are the texts as somebody of the list will read them, each with its day and its SMS.
func (t *Turn) shownTexts(c campaign) string {
	able := t.bot.Abilities["sms"]
	var lines []string
	days := 0
	for i := range c.Texts {
		text := able.fold(c.text(i, "Jeanne"))
		key := "campagne.text-suivant"
		if i == 0 {
			key = "campagne.text-premier"
		}
		lines = append(lines, t.say(key, Args{"rang": number(i + 1), "jours": number(days), "sms": number(able.parts(text)), "texte": cite(text)}))
		days += c.Waits[i]
	}
	return strings.Join(append(lines, t.say("campagne.puis-appels", Args{"jours": number(days)})), "\n")
}

// tryCampaign sends the texts of the campaign that was shown to a phone of the coordinator's own.
func tryCampaign(t *Turn) {
	t.known()
	c, ok := t.shownCampaign()
	if !ok {
		return
	}
	order, _ := intents.ReadCampaign(t.Text)
	phone, problem, args := t.readPhone(Field{}, order.Rest)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	to := t.personAt(phone)
	p, _ := load[Person](t, to)
	if _, listed := load[Invitee](t, inviteeID(c.id, smsAddress(phone))); listed || p.Name != "" || t.onList(smsAddress(phone)) { // nobody is tried on
		t.Reply("campagne.essai-connu", Args{"numero": FrenchPhone(phone)})
		return
	}
	key, leaves := "campagne.essai", t.At
	for i := range c.Texts {
		text := t.bot.Abilities["sms"].fold(c.text(i, "Jeanne"))
		task := Task{To: to, Network: "sms", Lane: Reminder, Purpose: ForOutreach, Place: c.Place, At: t.At.Add(time.Duration(i) * time.Second),
			NotAfter: t.At.Add(day), Message: &Message{Text: text, Asks: asksAnswer(text)}}
		switch v := t.bot.Gate(&task, p, t.At); v.Act {
		case Never:
			t.Reply("campagne.essai-refuse", Args{"numero": FrenchPhone(phone), "raison": t.reason(t.MeID, v.Reason)})
			return
		case Later:
			key, leaves = "campagne.essai-plus-tard", v.At
		}
		t.write(task)
	}
	t.Reply(key, Args{"numero": FrenchPhone(phone), "n": number(len(c.Texts)), "debut": leaves.Format(time.RFC3339), placeArg: c.Place})
}

// personAt is somebody who is reached at a number; a stranger when nobody is yet.
func (t *Turn) personAt(phone string) (id string) {
	a := smsAddress(phone)
	if people := t.peopleAt(a); len(people) > 0 {
		return people[0]
	}
	id = t.newID("p", string(a))
	p, _ := load[Person](t, id)
	p.Addresses = []Address{a}
	t.savePerson(id, p)
	t.hold(a, id)
	return id
}

// startCampaign begins the campaign that was shown, for as many people as it was shown for.
func startCampaign(t *Turn) {
	t.known()
	c, ok := t.shownCampaign()
	if !ok {
		return
	}
	order, _ := intents.ReadCampaign(t.Text)
	switch now := t.bot.estimate(c); {
	case now.moved(c.Shown), t.Chat.Values[approved] != c.fingerprint(): // another has changed it since
		t.showCampaign(c)
		return
	case order.Number != c.Shown.People:
		t.Reply("campagne.nombre", Args{"n": number(c.Shown.People)})
		return
	case c.broadcast():
		t.gatherAgain(c)
		return
	}
	t.Chat.close()
	t.launch(c)
}

// launch has a campaign begin.
func (t *Turn) launch(c campaign) {
	c.State, c.Started = campaignRunning, t.At
	t.planWave(c, t.At)
	t.Reply("campagne.demarree", t.shownArgs(c).with("numero", number(t.indexOfCampaign(c)), "debut", t.firstWave(c).Format(time.RFC3339)))
}

// approved is the value of the open question that holds what its reader was shown.
const approved = "vu"

// fingerprint stands for all that a coordinator approves of a campaign, beside to how many it goes.
func (c campaign) fingerprint() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %v %q %q %q %q %q %q", c.Texts, c.Waits, c.With, c.Where, c.Basis, c.Notice, c.Audience.Of, c.Audience.Typed)
	return hex.EncodeToString(h.Sum(nil))
}

// whichCampaign: nothing is shown that could be tried or started. The only one of hers that waits for it is shown again.
func whichCampaign(t *Turn) {
	t.known()
	var ready []campaign
	for _, rec := range t.findAll(Query{Kind: "campaign", Owner: t.MeID, State: campaignReady}) {
		if c, ok := t.campaign(rec.ID); ok && t.may(toChange, rec) {
			ready = append(ready, c)
		}
	}
	if len(ready) != 1 {
		t.Reply("campagne.laquelle", nil)
		return
	}
	t.showCampaign(ready[0])
}

// shownCampaign is the campaign that was shown last and waits for its start; without one that is said.
func (t *Turn) shownCampaign() (campaign, bool) {
	c, ok := t.campaign(t.Chat.Target)
	if !ok || c.State != campaignReady || !t.may(toChange, c.record()) {
		t.Reply("campagne.laquelle", nil)
		return c, false
	}
	return c, true
}
