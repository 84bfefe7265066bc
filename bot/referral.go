package bot

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"passeur/intents"
)

// Referral: a partner sends one line, by SMS with its code or by its form. Who was referred waits for a counsellor's yes; nothing of what
// she has with us is told to the partner, and nothing is sent to her before.

// Referral is somebody whom a partner refers and nobody has answered for. Her number stands nowhere else, and no person is made of it.
type Referral struct {
	V       int       `json:"v"`
	Ref     string    `json:"ref"` // names it where her number may not stand
	Partner string    `json:"partner"`
	From    string    `json:"from"` // the structure's name
	With    string    `json:"with"` // the counsellor who decides
	Name    string    `json:"name"`
	Phone   string    `json:"phone"` // E.164
	Place   string    `json:"place"` // her commune, "50/50394"
	Noted   time.Time `json:"noted"`
}

// about is the group of what waits for an answer.
func (r *Referral) about() string { return "referral/" + r.Ref }

// ReferralIntent is that a partner's form was sent: About is PartnerPage's, Values the fields of ReferralFields. What is wrong comes back
// in Response.Errors, by field; under "" what is wrong with no field.
const ReferralIntent intents.Intent = "prescription-formulaire"

// The fields of a partner's form.
const (
	ReferPhone   = "telephone"
	ReferName    = "prenom"
	ReferCommune = "commune"
	ReferTold    = "informee" // yes or no
)

// ReferralFields are the fields of a partner's form, in the order in which they are asked and their faults are told.
var ReferralFields = []string{ReferTold, ReferPhone, ReferName, ReferCommune}

// PartnerAbout is what the events of a partner's form are about.
func PartnerAbout(partner string) string { return partnerPrefix + partner }

const partnerPrefix = "partner/"

// PartnerPage is what the page of a partner's form says; false when there is no such partner, or no more. Errors are the store's.
func (b *Bot) PartnerPage(ctx context.Context, id string) (page PartnerPage, ok bool, err error) {
	t := b.looking(ctx, time.Time{})
	p, ok := t.partner(id)
	return PartnerPage{b.Settings.Service, p.Name, p.WithName}, ok && p.State == partnerLive, t.err
}

// wrongCodes is how many codes that are no partner's a number may send in a day; then it is answered no more that day.
const wrongCodes = 5

// refer takes the line of a partner, by SMS. Who sends it is a number like another: the code alone speaks for the partner.
func refer(t *Turn) {
	if t.Chat.wrongToday(t.At) >= wrongCodes {
		return
	}
	line := t.bot.Gazetteer.ReadReferral(t.Text)
	p, ok := t.partnerOf(line.Code)
	if !ok {
		key := "prescription.code"
		if t.Chat.WrongCodes++; t.Chat.WrongCodes == wrongCodes {
			key = "prescription.code-fini"
		}
		t.Reply(key, nil)
		return
	}
	told := map[intents.Intent]string{intents.Oui: yes, intents.Non: no}[line.Told]
	who, wrong := t.checkReferral(p, map[string]string{ReferPhone: line.Phone, ReferName: line.Name, ReferCommune: line.Commune, ReferTold: told})
	for _, field := range ReferralFields {
		if wrong[field] != "" {
			t.replyFault(wrong[field], p)
			return
		}
	}
	t.keepReferral(p, who)
	t.Reply("prescription.recue", Args{"prenom": who.name, "conseiller": p.WithName})
}

// replyFault says what is wrong with a line, and that nothing of it is kept where that does not go without saying.
func (t *Turn) replyFault(key string, p partner) {
	args := Args{"code": p.Code}
	switch key {
	case "prescription.informee", "prescription.deja":
		t.Reply(key, args)
	default:
		t.Reply("prescription.a-corriger", Args{"quoi": t.say(key, args)})
	}
}

// wrongToday is how many wrong codes came from here today (UTC).
func (c *Chat) wrongToday(now time.Time) int {
	c.newDay(now)
	return c.WrongCodes
}

// partnerOf is the partner of a code; false when nobody has it, or no more.
func (t *Turn) partnerOf(code string) (partner, bool) {
	if len(code) != intents.CodeLength {
		return partner{}, false
	}
	of, ok := load[PartnerCode](t, code)
	if !ok {
		return partner{}, false
	}
	p, ok := t.partner(of.Partner)
	return p, ok && p.State == partnerLive
}

// referByForm takes a partner's form.
func referByForm(t *Turn) {
	p, ok := t.partner(strings.TrimPrefix(t.About, partnerPrefix))
	if !ok || p.State != partnerLive {
		t.response.Errors = map[string]string{"": t.say("prescription.lien-mort", nil)}
		return
	}
	who, wrong := t.checkReferral(p, t.Values)
	if len(wrong) > 0 {
		t.response.Errors = map[string]string{}
		for field, key := range wrong {
			if key == "prescription.informee" {
				key = "prescription.informee-page"
			}
			t.response.Errors[field] = t.say(key, nil)
		}
		return
	}
	t.keepReferral(p, who)
}

// checkReferral reads what a partner says of somebody, with the checks of a list. wrong are the keys of what is wrong, by field.
func (t *Turn) checkReferral(p partner, values map[string]string) (who listed, wrong map[string]string) {
	wrong = map[string]string{}
	note := func(field string, kind FaultKind) {
		if kind != "" {
			wrong[field] = cmp.Or(referralFaults[kind], "prescription.faute.numero")
		}
	}
	l := t.bot.listReaderFor(t.referralTerritories(p))
	var kind FaultKind
	who.phone, kind = readListPhone(values[ReferPhone])
	note(ReferPhone, kind)
	who.name, kind = readListName(values[ReferName])
	note(ReferName, kind)
	commune := l.commune(values[ReferCommune])
	who.place = commune.place
	if note(ReferCommune, commune.fault); commune == (communeFound{}) {
		wrong[ReferCommune] = "prescription.faute.commune-vide"
	}
	switch values[ReferTold] {
	case yes:
	case no:
		wrong[ReferTold] = "prescription.non-informee"
	default:
		wrong[ReferTold] = "prescription.informee"
	}
	if len(wrong) == 0 {
		if key := t.hindrance(smsAddress(who.phone)); key != "" {
			wrong[ReferPhone] = key
		}
	}
	return who, wrong
}

// referralFaults are the texts of what is wrong with a line.
var referralFaults = map[FaultKind]string{
	FaultFixed:     "prescription.faute.fixe",
	FaultPhones:    "prescription.faute.plusieurs",
	FaultNoName:    "prescription.faute.prenom",
	FaultName:      "prescription.faute.prenom",
	FaultNames:     "prescription.faute.prenoms",
	FaultCommune:   "prescription.faute.commune",
	FaultAmbiguous: "prescription.faute.commune-double",
	FaultElsewhere: "prescription.faute.territoire",
	FaultNoted:     "prescription.faute.annote",
}

// referralTerritories are those whose people a partner may refer: all of its coordinator's while she coordinates where people meet the
// counsellor, else that one.
func (t *Turn) referralTerritories(p partner) []string {
	home := territory(p.Place)
	if owner, _ := load[Person](t, p.Owner); owner.Role == Coordinateur && slices.Contains(owner.Territories, home) {
		return owner.Territories
	}
	return []string{home}
}

// hindrance is the key of why somebody cannot be referred; "" nothing is in the way. It says no more of her than must be said.
func (t *Turn) hindrance(a Address) string {
	if !t.takesInvitations(a) {
		return "prescription.sans-sms"
	}
	if r, waits := load[Referral](t, string(a)); waits && r.Ref != t.newID("w") || t.onList(a) { // a form that comes again is no other
		return "prescription.deja"
	}
	return ""
}

// onList tells whether an address is on the list of a campaign.
func (t *Turn) onList(a Address) bool {
	return slices.ContainsFunc(t.inviting(), func(id string) bool {
		_, ok := load[Invitee](t, inviteeID(id, a))
		return ok
	})
}

// keepReferral notes who was referred, and tells the counsellor who decides.
func (t *Turn) keepReferral(p partner, who listed) {
	id := string(smsAddress(who.phone))
	r, _ := load[Referral](t, id)
	*r = Referral{V: 1, Ref: t.newID("w"), Partner: p.id, From: p.Name, With: p.With, Name: who.name, Phone: who.phone, Place: who.place, Noted: t.At}
	t.save("referral", id, func(rec *Record) { rec.Owner, rec.Place, rec.State, rec.At = r.With, r.Place, r.Ref, t.At })
	t.savePartner(p)
	t.countReferral(p.id, referralTaken)
	t.tellReferral(t.decider(r), "nouvelle.prescription", r)
	t.remindReferral(r, 1)
}

// wholeReferral tells whether a text is the line of a partner and nothing else: a name or a commune in it is no sign of distress.
func (t *Turn) wholeReferral() bool {
	if t.Read.Intent != intents.Prescription {
		return false
	}
	line := t.bot.Gazetteer.ReadReferral(t.Text)
	_, name := readListName(line.Name)
	return line.Phone != "" && name == "" && len(t.bot.Gazetteer.ReadCommune(line.Commune)) > 0
}

// forgetsSender tells whether who wrote is only the number of a partner's line, which is kept no longer than the answer needs.
func (t *Turn) forgetsSender() bool {
	d := t.docs["person/"+t.MeID]
	return t.Read.Intent == intents.Prescription && t.Role == Usager && d != nil && t.Me.Name == "" && t.Me.Told == "" && len(t.Me.Rdvs) == 0 &&
		(d.rec.Version == 0 || t.At.Sub(d.rec.At) >= Kinds["person"].Retention)
}

// waitingFor are those who wait for a yes that who asks may give, the oldest first.
func (t *Turn) waitingFor() (all []Record) {
	queries := []Query{{Kind: "referral", Owner: t.MeID}}
	for _, id := range t.Me.Covers {
		queries = append(queries, Query{Kind: "referral", Owner: id})
	}
	if t.Role.Above(Conseiller) {
		for _, place := range t.Me.Territories {
			queries = append(queries, Query{Kind: "referral", Place: place})
		}
	}
	for _, q := range queries {
		for _, rec := range t.findAll(q) {
			if t.may(toChange, rec) && !slices.ContainsFunc(all, func(r Record) bool { return r.ID == rec.ID }) {
				all = append(all, rec)
			}
		}
	}
	slices.SortFunc(all, func(a, b Record) int { return a.At.Compare(b.At) })
	return all
}
