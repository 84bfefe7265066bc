package bot

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"passeur/intents"
)

// Partners: whoever meets people and refers them to a counsellor has a code for SMS and the link of a form, given by a coordinator.

// Partner is a structure that refers people. It has no account and no address: whoever has its code or its link speaks for it.
type Partner struct {
	V        int       `json:"v"`
	Name     string    `json:"name"`  // "CCAS de Périers"
	Owner    string    `json:"owner"` // the coordinator who named it
	With     string    `json:"with"`  // the counsellor who decides, and who signs
	WithName string    `json:"with_name"`
	Where    string    `json:"where"`              // where people meet her: "mairie de Périers"
	Place    string    `json:"place"`              // "50/50394"
	Code     string    `json:"code"`               // what stands in an SMS
	Campaign string    `json:"campaign,omitempty"` // the standing campaign that invites who was accepted
	State    string    `json:"state"`
	Noted    time.Time `json:"noted"`
}

// PartnerCode is whose a code is. It stays when the partner is revoked: no code is given twice.
type PartnerCode struct {
	V       int    `json:"v"`
	Partner string `json:"partner"`
}

// States of a partner.
const (
	partnerLive    = "active"
	partnerRevoked = "retiree" // its code and its link are dead
)

// The figures of partners: Owner is the partner's id. They live on when those whom it referred are erased.
const (
	partnerTally     = "partner"
	byOutcome        = "suite"
	referralTaken    = "recue"
	referralAccepted = "invitee"
	referralRefused  = "refusee"
)

// partner is a Partner as rules handle it.
type partner struct {
	id string
	*Partner
}

func (t *Turn) partner(id string) (partner, bool) {
	p, ok := load[Partner](t, id)
	return partner{id, p}, ok
}

// savePartner renews its retention, and that of its code.
func (t *Turn) savePartner(p partner) {
	p.V = 1
	t.save("partner", p.id, func(r *Record) { r.Owner, r.Place, r.State, r.At = p.Owner, p.Place, p.State, t.At })
	code, _ := load[PartnerCode](t, p.Code)
	*code = PartnerCode{V: 1, Partner: p.id}
	t.save("code", p.Code, func(r *Record) { r.Owner, r.At = p.Owner, t.At })
}

func (p partner) record() Record {
	return Record{Kind: "partner", ID: p.id, Owner: p.Owner, Place: p.Place}
}

func (t *Turn) countReferral(partner, outcome string) {
	t.change.Tally = append(t.change.Tally, Count{Kind: partnerTally, Owner: partner, Dimension: byOutcome, Value: outcome, N: 1})
}

// mostPartnerName is how long the name of a structure is, at most: it stands on the form's page and in news.
const mostPartnerName = 60

// newPartner gives a structure a code and a link.
func newPartner(t *Turn) {
	t.known()
	order, _ := intents.ReadPartner(t.Text)
	name := clean(order.Name)
	switch {
	case name == "" || order.With == "":
		t.Reply("prescripteur.comment", nil)
		return
	case utf8.RuneCountInString(name) > mostPartnerName:
		t.Reply("prescripteur.nom-long", Args{"n": number(mostPartnerName)})
		return
	case shames(name):
		t.Reply("probleme.mot", nil)
		return
	}
	with, problem, args := t.readColleague(Field{}, order.With)
	if problem != "" {
		t.Reply(problem, args)
		return
	}
	counsellor, _ := load[Person](t, with)
	where, place, problem, args := t.placeOfPartner(with, order.Where)
	if problem != "" {
		t.Reply(problem, args.with("structure", name))
		return
	}
	p, _ := t.partner(t.newID("o"))
	*p.Partner = Partner{Name: name, Owner: t.MeID, With: with, WithName: counsellor.Name, Where: where, Place: place, State: partnerLive, Noted: t.At}
	p.Code = t.freeCode(p.id)
	t.savePartner(p)
	t.Chat.close()
	t.Reply("prescripteur.note", t.partnerArgs(p))
}

// placeOfPartner is where people meet the counsellor: as it was said, else where her first permanence in the territories is.
func (t *Turn) placeOfPartner(with, said string) (where, place, problem string, args Args) {
	if said != "" {
		d := &Draft{}
		problem, args = t.takePlace(d, t.readPlace(said))
		switch {
		case problem != "":
			return "", "", problem, args
		case shames(said):
			return "", "", "probleme.mot", Args{}
		case !slices.Contains(t.Me.Territories, territory(d.Place)):
			return "", "", "campagne.pas-son-territoire", Args{}
		}
		return d.Where, d.Place, "", nil
	}
	counsellor, _ := load[Person](t, with)
	for _, p := range t.ownPermanences(with) {
		if slices.Contains(t.Me.Territories, territory(p.Place)) {
			return p.Where, p.Place, "", nil
		}
	}
	return "", "", "prescripteur.quel-lieu", Args{"conseiller": counsellor.Name}
}

// freeCode is a code that no partner ever had.
func (t *Turn) freeCode(id string) string {
	for n := 0; ; n++ {
		code := t.bot.PartnerCode(id, n)
		if _, taken := load[PartnerCode](t, code); !taken {
			return code
		}
	}
}

// partnerArgs are what all texts about a partner may use; the link stands on a line of its own, if there is one.
func (t *Turn) partnerArgs(p partner) Args {
	args := Args{"structure": p.Name, "conseiller": p.WithName, "lieu": p.Where, "code": p.Code, "lien": ""}
	if t.bot.PartnerLink != nil {
		args["lien"] = "\n" + t.say("prescripteur.lien", Args{"lien": t.bot.PartnerLink(p.id)})
	}
	return args
}

// listPartners lists the partners of her territories, with what became of those whom they referred.
func listPartners(t *Turn) {
	t.known()
	t.Chat.close()
	t.Chat.Partners = nil
	var lines []string
	for _, p := range t.partnersOf(t.Me.Territories) {
		t.Chat.Partners = append(t.Chat.Partners, p.id)
		figures := t.partnerFigures(p.id)
		lines = append(lines, t.say("prescripteurs.ligne", t.partnerArgs(p).with("numero", number(len(lines)+1), "recues", number(figures[referralTaken]),
			"invitees", number(figures[referralAccepted]), "refusees", number(figures[referralRefused]))))
	}
	if len(lines) == 0 {
		t.Reply("prescripteurs.aucun", nil)
		return
	}
	t.Reply("prescripteurs", Args{"liste": strings.Join(lines, "\n")})
}

// partnersOf are the partners of some territories, the oldest first.
func (t *Turn) partnersOf(territories []string) (all []partner) {
	for _, place := range territories {
		for _, rec := range t.findAll(Query{Kind: "partner", Place: place, State: partnerLive}) {
			if p, ok := t.partner(rec.ID); ok {
				all = append(all, p)
			}
		}
	}
	slices.SortFunc(all, func(a, b partner) int { return a.Noted.Compare(b.Noted) })
	return all
}

// partnerFigures are how many people a partner referred, and what became of them.
func (t *Turn) partnerFigures(id string) map[string]int {
	out := map[string]int{}
	if t.err != nil {
		return out
	}
	cells, err := t.bot.Store.Tally(t.ctx, TallyQuery{Kind: partnerTally, Owner: id})
	if err != nil {
		t.err = storeFault{err}
	}
	for _, cell := range cells {
		out[cell.Value] = int(cell.N)
	}
	return out
}

// revokePartner ends a partner: its code and its link are dead at once. Who was referred already still waits for a yes.
func revokePartner(t *Turn) {
	t.known()
	order, _ := intents.ReadPartner(t.Text)
	n := order.Number
	if n == 0 && len(t.Chat.Partners) == 1 {
		n = 1
	}
	if n < 1 || n > len(t.Chat.Partners) {
		t.Reply("prescripteur.lequel", nil)
		return
	}
	p, ok := t.partner(t.Chat.Partners[n-1])
	if !ok || p.State != partnerLive || !t.may(toChange, p.record()) {
		t.Reply("prescripteur.lequel", nil)
		return
	}
	p.State = partnerRevoked
	t.savePartner(p)
	t.Reply("prescripteur.retire", t.partnerArgs(p))
}

// PartnerPage is what the page of a partner's form says.
type PartnerPage struct {
	Service   string
	Structure string
	With      string // the counsellor
}
