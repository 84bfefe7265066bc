package bot

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"

	"passeur/intents"
	"passeur/intents/dates"
)

// Broadcasts: one text to people who are known already, those of a commune or the regulars of a permanence. A broadcast is a campaign whose list is
// not given but gathered (audience.go), whose people are done once they were written to, and to which nobody need answer.

// broadcastSort is Campaign.Sort of broadcasts.
const broadcastSort = "diffusion"

func (c campaign) broadcast() bool { return c.Sort == broadcastSort }

// form is the form that a campaign is prepared by.
func (c campaign) form() string {
	if c.broadcast() {
		return "diffusion"
	}
	return "campagne"
}

// broadcastTexts are what is said of a broadcast in the place of what is said of outreach.
var broadcastTexts = map[string]string{
	"campagnes.ligne":     "diffusion.ligne",
	"campagne.a-preparer": "diffusion.a-preparer",
	"campagne.bilan":      "diffusion.bilan",
	"campagne.finie":      "diffusion.finie",
	"campagne.annulee":    "diffusion.annulee",

	"campagne.personnes.silence": "diffusion.personnes.silence",
}

// saying is the key of what is said of a campaign, or of the same of a broadcast.
func (c campaign) saying(key string) string {
	if c.broadcast() {
		return cmp.Or(broadcastTexts[key], key)
	}
	return key
}

// Fields of the form of a broadcast, beside those that it shares with a campaign's.
const (
	askAudience = "public"
	askWhose    = "lequel"
	askText     = "texte"
)

// broadcastToUsagers opens the form of a new broadcast; the order may say whom it is for.
func broadcastToUsagers(t *Turn) {
	t.known()
	known := map[string]string{}
	order, _ := intents.ReadCampaign(t.Text)
	if sort := t.audienceSort(order.Rest); sort != "" {
		known[askAudience], known[askWhose] = sort, order.Rest
	}
	if t.opens() { // in words, what is known is not asked
		known[askText] = t.sayIn(French, "diffusion.texte", Args{"prenom": braces[0], "conseiller": braces[1]})
	}
	t.openForm("diffusion", "", known)
}

// audienceSort is the sort of audience that words are the name of; "" when they are none's.
func (t *Turn) audienceSort(typed string) string {
	for _, sort := range slices.Sorted(maps.Keys(audiences)) {
		if a, problem, _ := audiences[sort].find(t, typed); typed != "" && problem == "" && a.Name != "" {
			return sort
		}
	}
	return ""
}

// correctBroadcast opens the form of a broadcast that has not begun; where it is asked in words, everything is asked again.
func (t *Turn) correctBroadcast(c campaign) {
	known := map[string]string{askAudience: c.Audience.Of, askWhose: c.Audience.Typed, askWith: c.With, askBasis: basisOption(c.Basis), askNotice: c.Notice}
	if len(c.Texts) > 0 {
		known[askText] = c.Texts[0]
	}
	if !t.opens() {
		known = nil
	}
	t.openForm("diffusion", c.about(), known)
}

// broadcastForm takes the form of a broadcast, and has its audience gathered.
func broadcastForm(t *Turn, about string, values map[string]string) map[string]string {
	if t.Role != Coordinateur {
		t.Reply("diffusion.coordination", nil)
		return nil
	}
	c, there := t.campaignOf(about)
	switch {
	case about == "":
		c, _ = t.campaign(t.newID("c"))
	case !t.prepares(c, there):
		return nil
	}
	next := *c.Campaign
	if about == "" {
		next = Campaign{Sort: broadcastSort, Owner: t.MeID, Noted: t.At}
	}
	if wrong := t.fillBroadcast(&next, values); len(wrong) > 0 {
		return wrong
	}
	*c.Campaign = next
	c.Audience.Checking = false
	t.collect(c)
	t.Reply("diffusion.lecture", Args{"public": t.audienceText(c)})
	return nil
}

// checkNewBroadcast says what is wrong in the form of a broadcast so far.
func checkNewBroadcast(t *Turn, _ string, values map[string]string) map[string]string {
	return t.fillBroadcast(&Campaign{}, values)
}

// fillBroadcast takes the values of the form, and says which of them cannot be.
func (t *Turn) fillBroadcast(c *Campaign, values map[string]string) map[string]string {
	wrong := map[string]string{}
	note := func(field, problem string, args Args) {
		if problem != "" && wrong[field] == "" {
			wrong[field] = t.say(problem, args)
		}
	}
	audience, problem, args := audiences[values[askAudience]].find(t, values[askWhose])
	if problem == "" && !slices.Contains(t.Me.Territories, territory(audience.Place)) {
		problem = "campagne.pas-son-territoire"
	}
	note(askWhose, problem, args)
	text := strings.TrimSpace(values[askText])
	problem, args = t.checkText(text, false)
	note(askText, problem, args)
	problem, args = t.checkBroadcast(text)
	note(askText, problem, args)
	if strings.Contains(text, braces[2]) && shames(audience.Name) { // of a workshop it is the title, which was told to nobody by SMS
		note(askText, "diffusion.lieu-mot", braceArgs().with("titre", audience.Name))
	}
	audience.Of, audience.Typed, audience.Pass = values[askAudience], values[askWhose], c.Audience.Pass
	with, _ := load[Person](t, values[askWith])
	c.Audience, c.With, c.WithName, c.Where, c.Place = audience, values[askWith], with.Name, audience.Name, audience.Place
	c.Basis, c.Notice, c.Texts = bases[values[askBasis]], values[askNotice], []string{t.withStop(text, true)}
	note(askNotice, checkNotice(c.Notice), nil)
	c.Title = t.say("diffusion.titre", Args{"lieu": c.Where})
	return wrong
}

// asksSigns finds, in plain words, a text that asks for a number, a yes or a no.
var asksSigns = regexp.MustCompile(`\b(repond\w*|tape[zr]|envoye[zr]|dites|dire|ecrivez|confirmez)[^\pL\d.!?]*([ -](par|avec|juste|simplement|nous|moi|un|le|chiffre|mot)[^\pL\d.!?]*)*[^\pL\d]*((oui|non|ok)\b|[1-9]\b\W*($|[.,;:!?=]|(ou|et|pour|si)\b))|\b(oui|non)\W+((ou|et|\d+)\W+)*(oui|non)\b|\b\d\s*[=:]\s*(oui|non)\b|\b(oui|non)\s*[=:]\s*\d\b`)

// checkBroadcast says what the text of a broadcast must not be, beside what none must: numbers would answer nothing, a greeting must read well
// without a name, and what says how to stop counts.
func (t *Turn) checkBroadcast(text string) (problem string, args Args) {
	if asksSigns.MatchString(plain(text)) {
		return "diffusion.chiffre", nil
	}
	if strings.Contains(strings.ReplaceAll(text, " "+braces[0], ""), braces[0]) {
		return "diffusion.prenom", braceArgs()
	}
	return t.checkText(t.withStop(text, true), false)
}

// The answers.

// broadcastLife is how long what somebody writes is taken for an answer to a broadcast rather than for words about an appointment of which
// she was not asked anything.
const broadcastLife = 3 * day

// broadcastTo is the place of somebody at this address among those of the last broadcast that wrote to her, and when it did or heard from her.
func (t *Turn) broadcastTo() (inv invitation, ok bool) {
	for _, person := range t.People {
		if p, _ := load[Person](t, person); p.Broadcast != "" {
			if inv, ok = t.invitationIn(invitee{"", &Invitee{Person: person}}.about(campaign{p.Broadcast, nil})); ok {
				return inv, true
			}
		}
	}
	return inv, false
}

// noteBroadcast notes that a broadcast writes to somebody. Being written to prolongs nothing of what is kept of her.
func (t *Turn) noteBroadcast(c campaign, person string, p *Person) {
	p.Broadcast = c.id
	t.save("person", person, func(*Record) {})
}

// broadcastMeant is the broadcast that words without an act answer; ok is false when they are about something else: an appointment of which she
// was asked, or one that she has, once the broadcast is days old.
func (t *Turn) broadcastMeant() (inv invitation, ok bool) {
	inv, ok = t.broadcastTo()
	if !ok || inv.With == "" {
		return inv, false
	}
	m, has := t.meant()
	return inv, t.toSigner || !has || !t.asks(m) && t.At.Sub(t.docs["invitee/"+inv.invitee.id].at) <= broadcastLife
}

// toBroadcast tells that a bare yes or no answers the broadcast that wrote to her last, and nothing that she was asked before. A broadcast asks for no
// number: one answers what told her of a number, if anything did; words that name a day or an appointment are about that.
func (t *Turn) toBroadcast() bool {
	if t.Role != Usager || t.topic() != "" || t.talking() || t.Chat.Broadcast == "" {
		return false
	}
	inv, ok := t.broadcastTo()
	if !ok || t.Chat.Broadcast != inv.invitee.about(inv.campaign) || t.At.Sub(t.docs["invitee/"+inv.invitee.id].at) > broadcastLife {
		return false
	}
	if _, number := bareNumber(t.Text); number {
		_, talked := t.talkedOccasion()
		return !talked && t.Chat.Last == "" && len(t.askedRdvs()) == 0 && len(t.askedOccasions()) == 0 && !t.asksInvited()
	}
	if words := strings.Fields(plain(t.Text)); namesRdv(words) || namesWorkshop(words) || len(dates.Mentioned(t.Text, t.At.In(t.bot.Zone(inv.campaign.Place)))) > 0 {
		return false
	}
	return slices.Contains([]intents.Intent{intents.Oui, intents.Confirmer, intents.Non, intents.Annuler}, t.Read.Intent)
}

// answersBroadcast has the counsellor who signed a broadcast read what answers it.
func (t *Turn) answersBroadcast() (ok bool) {
	inv, ok := t.broadcastMeant()
	if !ok {
		return false
	}
	t.be(inv.Person)
	t.handOn(inv.With, inv.Person, Args{"prenom": t.name()}, "transmis", Args{"conseiller": t.signer(inv.campaign)})
	t.passed = false // for who invited her, she is still to be heard
	return true
}

// heardBroadcast counts whoever writes after a broadcast among those who answered it, unless an invitation was what she answered.
func (t *Turn) heardBroadcast() {
	if t.Role != Usager || t.Text == "" || t.Chat == nil {
		return
	}
	inv, ok := t.broadcastTo()
	if !ok || inv.invitee.State != inviteeWritten && inv.invitee.State != inviteeAnswered {
		return
	}
	if other, is := t.invited(); is && t.docs["invitee/"+other.invitee.id].dirty {
		return
	}
	state := inviteeAnswered
	if o, _ := load[Objection](t, string(t.line)); !o.listens() {
		state = inviteeOpposed
	}
	if state != inv.invitee.State {
		t.mark(inv, state)
	}
}
